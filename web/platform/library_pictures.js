// Pictures of our own server as textures; see pictures.hpp.

mergeInto(LibraryManager.library, {
  $WebPictures__postset: 'WebPictures.loaded = new Map();',
  $WebPictures: {
    loaded: null, // handle -> image or canvas
    longest: 2048, // pixels a side: more is never shown

    // What is too large for a texture is made smaller.
    fitted: function (image) {
      var scale = Math.min(1, WebPictures.longest / Math.max(image.naturalWidth, image.naturalHeight));
      if (scale === 1) return image;
      var canvas = document.createElement('canvas');
      canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
      canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      return canvas;
    },
  },

  web_picture__deps: ['$WebPictures'],
  web_picture: function (handle, url) {
    var image = new Image();
    image.onload = function () {
      var width = image.naturalWidth, height = image.naturalHeight;
      if (width > 0 && height > 0) WebPictures.loaded.set(handle, WebPictures.fitted(image));
      _platform_picture(handle, width, height);
    };
    image.onerror = function () { _platform_picture(handle, 0, 0); };
    image.src = UTF8ToString(url);
  },

  web_picture_to_texture__deps: ['$WebPictures', '$GL'],
  web_picture_to_texture: function (handle, texture) {
    var image = WebPictures.loaded.get(handle);
    WebPictures.loaded.delete(handle);
    if (!image) return;
    GLctx.bindTexture(GLctx.TEXTURE_2D, GL.textures[texture]);
    GLctx.pixelStorei(GLctx.UNPACK_ALIGNMENT, 4);
    GLctx.pixelStorei(GLctx.UNPACK_ROW_LENGTH, 0);
    GLctx.texImage2D(GLctx.TEXTURE_2D, 0, GLctx.RGBA, GLctx.RGBA, GLctx.UNSIGNED_BYTE, image);
    GLctx.generateMipmap(GLctx.TEXTURE_2D);
  },
});
