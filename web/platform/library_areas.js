// Real text areas over the canvas for long texts; see long_text.hpp.

mergeInto(LibraryManager.library, {
  $WebAreas__deps: ['$Web', '$WebFiles'],
  // Emscripten copies the object below as JSON would: what is more than data is made here.
  $WebAreas__postset: 'WebAreas.areas = new Map();',
  $WebAreas: {
    layer: null,
    areas: null, // id -> { element, revision, seen }
    last: null, // the element that has the caret, or had it last

    start: function () { WebAreas.layer = document.getElementById('areas'); },

    create: function (id) {
      var element = document.createElement('textarea');
      element.spellcheck = true;
      var area = { element: element, revision: 0, height: 0, wanted: false };
      var tell = function () {
        var before = element.value.slice(0, element.selectionStart);
        Web.withText(element.value, function (text) { _platform_area_changed(id, text, lengthBytesUTF8(before)); });
        WebAreas.measure(id, area);
      };
      element.addEventListener('input', tell);
      element.addEventListener('paste', function (event) { WebFiles.pasted(event, element); });
      element.addEventListener('focus', function () {
        WebAreas.last = element;
        _platform_area_focus(id, 1);
      });
      element.addEventListener('blur', function () { _platform_area_focus(id, 0); });
      WebAreas.layer.appendChild(element);
      WebAreas.areas.set(id, area);
      return area;
    },

    // The caret stays where it is in the text, also when something before it grows or shrinks.
    replace: function (element, value) {
      var old = element.value, caret = element.selectionStart, same = 0;
      while (same < caret && same < value.length && old[same] === value[same]) ++same;
      element.value = value;
      if (document.activeElement !== element) return;
      caret = same === caret ? caret : Math.max(same, caret + value.length - old.length);
      element.setSelectionRange(caret, caret);
    },

    // The height that the text needs, were the area as low as can be.
    measure: function (id, area) {
      var style = area.element.style, height = style.height;
      style.height = '0';
      var needed = area.element.scrollHeight;
      style.height = height;
      if (needed === area.height) return;
      area.height = needed;
      _platform_area_height(id, needed);
    },
  },

  web_area__deps: ['$WebAreas'],
  // The numbers of the area, in this order: left, top, width, height, clip left, top, right, bottom, font, line height,
  // padding x, padding y.
  web_area: function (id, numbers, name, placeholder, colors, flags, revision, text) {
    var area = WebAreas.areas.get(id) || WebAreas.create(id);
    var element = area.element, style = element.style;
    area.seen = true;
    var n = HEAPF32.subarray(numbers >> 2, (numbers >> 2) + 12);
    var c = HEAPU32.subarray(colors >> 2, (colors >> 2) + 4);
    var color = function (value) {
      return 'rgba(' + (value & 255) + ',' + ((value >> 8) & 255) + ',' + ((value >> 16) & 255) + ',' + (value >>> 24) / 255 + ')';
    };
    var layout = Array.from(n).join() + ',' + Array.from(c).join() + ',' + flags;
    if (layout !== area.layout) {
      area.layout = layout;
      style.left = n[0] + 'px';
      style.top = n[1] + 'px';
      style.width = n[2] + 'px';
      style.height = n[3] + 'px';
      style.clipPath = 'inset(' + Math.max(0, n[5] - n[1]) + 'px ' + Math.max(0, n[0] + n[2] - n[6]) + 'px ' +
        Math.max(0, n[1] + n[3] - n[7]) + 'px ' + Math.max(0, n[4] - n[0]) + 'px)';
      style.fontSize = n[8] + 'px';
      style.lineHeight = n[9] + 'px';
      style.padding = n[11] + 'px ' + n[10] + 'px';
      style.color = color(c[0]);
      style.setProperty('--placeholder', color(c[1]));
      style.caretColor = color(c[2]);
      style.setProperty('--selection', color(c[3]));
      style.visibility = flags & 8 ? 'hidden' : 'visible';
      element.classList.toggle('mono', !!(flags & 1));
      element.readOnly = !!(flags & 4);
      area.remeasure = true;
    }
    element.setAttribute('aria-label', UTF8ToString(name));
    element.placeholder = UTF8ToString(placeholder);
    if (revision !== area.revision) {
      area.revision = revision;
      var value = UTF8ToString(text);
      if (element.value !== value) WebAreas.replace(element, value);
      area.remeasure = true;
    }
    if (area.remeasure) {
      area.remeasure = false;
      WebAreas.measure(id, area);
    }
    if (flags & 2 && !area.wanted && document.activeElement !== element) {
      element.focus({ preventScroll: true });
      element.setSelectionRange(element.value.length, element.value.length);
    }
    area.wanted = !!(flags & 2);
    if (flags & 16) element.blur();
  },

  // execCommand is the one way of writing that the area's own undo knows of.
  web_area_write_around__deps: ['$WebAreas'],
  web_area_write_around: function (before, after) {
    var element = WebAreas.last;
    if (!element || !element.isConnected) return;
    element.style.visibility = 'visible';  // what lay over it closes with this
    element.focus({ preventScroll: true });
    var start = element.selectionStart;
    var chosen = element.value.slice(start, element.selectionEnd);
    var head = UTF8ToString(before);
    document.execCommand('insertText', false, head + chosen + UTF8ToString(after));
    element.setSelectionRange(start + head.length, start + head.length + chosen.length);
  },

  // Removes the areas that were not shown since the last call.
  web_areas_shown__deps: ['$WebAreas', '$WebInput'],
  web_areas_shown: function () {
    WebAreas.areas.forEach(function (area, id) {
      if (!area.seen) {
        WebAreas.areas.delete(id);
        var hadKeyboard = document.activeElement === area.element;
        area.element.remove();
        if (hadKeyboard) WebInput.takeBack();
      }
      area.seen = false;
    });
  },
});
