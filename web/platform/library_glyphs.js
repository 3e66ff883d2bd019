// Draws single characters and runs of text with the fonts of the machine, for emscripten_glyphs.cpp.

mergeInto(LibraryManager.library, {
  $WebGlyphs: {
    context: null,
    size: 256,
    widest: 2048,

    // `width`: of the picture to come.
    prepare: function (pixels, weight, mono, text, width) {
      if (!WebGlyphs.context) {
        WebGlyphs.context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      }
      var context = WebGlyphs.context;
      var wanted = Math.min(Math.max(WebGlyphs.size, width), WebGlyphs.widest);
      if (context.canvas.width < wanted) context.canvas.width = wanted;
      if (context.canvas.height !== WebGlyphs.size) context.canvas.height = WebGlyphs.size;
      context.font = weight + ' ' + pixels + 'px ' + (mono ? 'ui-monospace, monospace' : 'system-ui, sans-serif');
      // As the first letter goes, all goes; where the text stands is not to hang on it.
      context.direction = /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]/u.test(text) ? 'rtl' : 'ltr';
      context.textAlign = 'left';
      return context;
    },

    // Whether the drawing, made in white, came out in colours of its own: an emoji.
    isColored: function (pixels) {
      for (var i = 0; i < pixels.length; i += 4) {
        if (pixels[i + 3] > 200 && (pixels[i] < 250 || pixels[i + 1] < 250 || pixels[i + 2] < 250)) return true;
      }
      return false;
    },
  },

  web_glyph_advance__deps: ['$WebGlyphs'],
  web_glyph_advance: function (address, pixels, weight, mono) {
    var text = UTF8ToString(address);
    return WebGlyphs.prepare(pixels, weight, mono, text, 0).measureText(text).width;
  },

  // Writes width, height, left and top of the picture from the pen, and whether it is coloured, into the five numbers at
  // `out`, and the address of its RGBA (to be freed) into `rgba`. Returns 0 for what has no picture.
  web_glyph__deps: ['$WebGlyphs', 'malloc'],
  web_glyph: function (address, pixels, weight, mono, out, rgba) {
    var text = UTF8ToString(address);
    var metrics = WebGlyphs.prepare(pixels, weight, mono, text, 0).measureText(text);
    if (metrics.actualBoundingBoxRight + metrics.actualBoundingBoxLeft <= 0) return 0;
    var left = Math.ceil(metrics.actualBoundingBoxLeft) + 1;
    var ascent = Math.ceil(metrics.actualBoundingBoxAscent) + 1;
    var width = Math.min(left + Math.ceil(metrics.actualBoundingBoxRight) + 1, WebGlyphs.widest);
    var height = Math.min(ascent + Math.ceil(metrics.actualBoundingBoxDescent) + 1, WebGlyphs.size);
    if (width < 3 || height < 3) return 0;
    var context = WebGlyphs.prepare(pixels, weight, mono, text, width);
    context.clearRect(0, 0, width, height);
    context.fillStyle = '#fff';
    context.fillText(text, left, ascent);
    var picture = context.getImageData(0, 0, width, height).data;
    var colored = WebGlyphs.isColored(picture);
    if (!colored) {
      for (var i = 0; i < picture.length; i += 4) picture[i] = picture[i + 1] = picture[i + 2] = 255;
    }
    var pointer = _malloc(picture.length);
    HEAPU8.set(picture, pointer);
    HEAP32.set([width, height, -left, -ascent, colored ? 1 : 0], out >> 2);
    HEAPU32[rgba >> 2] = pointer;
    return 1;
  },
});
