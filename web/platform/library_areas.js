// Real text areas over the canvas for long texts; see long_text.hpp.

mergeInto(LibraryManager.library, {
  $WebAreas__deps: ['$Web', '$WebFiles'],
  // Emscripten copies the object below as JSON would: what is more than data is made here.
  $WebAreas__postset: 'WebAreas.areas = new Map();',
  $WebAreas: {
    layer: null,
    areas: null, // id -> { element, revision, seen }
    last: null, // the element that has the caret, or had it last

    start: function () {
      WebAreas.layer = document.getElementById('areas');
      document.addEventListener('selectionchange', function () {
        var element = document.activeElement;
        WebAreas.areas.forEach(function (area, id) {
          if (area.element !== element || element.selectionStart === area.caret) return;
          area.caret = element.selectionStart;
          _platform_area_caret(id, WebAreas.bytes(element.value, area.caret));
        });
      });
    },

    lineBreak: 0, // of markdown::Stroke
    paste: 3,

    bytes: function (text, units) { return lengthBytesUTF8(text.slice(0, units)); },

    // A stroke of shared/markdown/writing where the caret is. Whether the text took it.
    stroke: function (area, stroke, pasted) {
      var element = area.element, text = element.value, taken = 0;
      if (!area.markdown || element.readOnly) return false;
      WebAreas.last = element;
      Web.withText(text, function (textPointer) {
        Web.withText(pasted, function (pastedPointer) {
          taken = _platform_area_stroke(stroke, textPointer, WebAreas.bytes(text, element.selectionStart),
            WebAreas.bytes(text, element.selectionEnd), pastedPointer);
        });
      });
      return !!taken;
    },

    // execCommand is the one way of writing that the area's own undo knows of.
    write: function (element, begin, end, text) {
      element.setSelectionRange(begin, end);
      if (text) document.execCommand('insertText', false, text);
      else if (begin < end) document.execCommand('delete');
    },

    create: function (id) {
      var element = document.createElement('textarea');
      element.spellcheck = true;
      var area = { element: element, revision: 0, height: 0, wanted: false };
      var tell = function () {
        var before = element.value.slice(0, element.selectionStart);
        area.caret = element.selectionStart;
        Web.withText(element.value, function (text) { _platform_area_changed(id, text, lengthBytesUTF8(before)); });
        WebAreas.measure(id, area);
      };
      element.addEventListener('input', tell);
      element.addEventListener('beforeinput', function (event) {
        var breaks = event.inputType === 'insertLineBreak' || event.inputType === 'insertParagraph';
        if (breaks && !event.isComposing && WebAreas.stroke(area, WebAreas.lineBreak, '')) event.preventDefault();
      });
      element.addEventListener('paste', function (event) {
        if (WebFiles.pasted(event, element) || !event.clipboardData) return;
        if (WebAreas.stroke(area, WebAreas.paste, event.clipboardData.getData('text/plain'))) event.preventDefault();
      });
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

    // Where the area is seen: within its clip, and not in the holes, as rectangles that do not overlap. All by its corner.
    clip: function (n, holes) {
      var parts = [[Math.max(n[0], n[4]), Math.max(n[1], n[5]), Math.min(n[0] + n[2], n[6]), Math.min(n[1] + n[3], n[7])]];
      for (var at = 0; at < holes.length; at += 4) {
        var rest = [], left = holes[at], top = holes[at + 1], right = holes[at + 2], bottom = holes[at + 3];
        parts.forEach(function (p) {
          var upper = Math.min(Math.max(p[1], top), p[3]), lower = Math.min(Math.max(p[1], bottom), p[3]);
          rest.push([p[0], p[1], p[2], upper], [p[0], lower, p[2], p[3]], [p[0], upper, Math.min(p[2], left), lower],
            [Math.max(p[0], right), upper, p[2], lower]);
        });
        parts = rest.filter(function (p) { return p[0] < p[2] && p[1] < p[3]; });
      }
      return 'path("' + (parts.map(function (p) {
        return 'M' + (p[0] - n[0]) + ' ' + (p[1] - n[1]) + 'H' + (p[2] - n[0]) + 'V' + (p[3] - n[1]) + 'H' + (p[0] - n[0]) + 'Z';
      }).join('') || 'M0 0') + '")';
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

  web_area__deps: ['$WebAreas', '$WebInput'],
  // The numbers of the area, in this order: left, top, width, height, clip left, top, right, bottom, font, line height,
  // padding x, padding y. The holes are what is drawn over it.
  web_area: function (id, numbers, name, placeholder, colors, holes, holeCount, flags, revision, text) {
    var area = WebAreas.areas.get(id) || WebAreas.create(id);
    var element = area.element, style = element.style;
    area.seen = true;
    var n = HEAPF32.subarray(numbers >> 2, (numbers >> 2) + 12);
    var c = HEAPU32.subarray(colors >> 2, (colors >> 2) + 4);
    var color = function (value) {
      return 'rgba(' + (value & 255) + ',' + ((value >> 8) & 255) + ',' + ((value >> 16) & 255) + ',' + (value >>> 24) / 255 + ')';
    };
    var h = HEAPF32.subarray(holes >> 2, (holes >> 2) + 4 * holeCount);
    var layout = Array.from(n).join() + ',' + Array.from(c).join() + ',' + flags + ',' + Array.from(h).join();
    if (layout !== area.layout) {
      area.layout = layout;
      style.left = n[0] + 'px';
      style.top = n[1] + 'px';
      style.width = n[2] + 'px';
      style.height = n[3] + 'px';
      style.clipPath = WebAreas.clip(n, h);
      style.fontSize = n[8] + 'px';
      style.lineHeight = n[9] + 'px';
      style.padding = n[11] + 'px ' + n[10] + 'px';
      style.color = color(c[0]);
      style.setProperty('--placeholder', color(c[1]));
      style.caretColor = color(c[2]);
      style.setProperty('--selection', color(c[3]));
      style.opacity = flags & 8 ? 0.5 : 1;
      element.classList.toggle('mono', !!(flags & 1));
      element.readOnly = !!(flags & 4);
      area.markdown = !!(flags & 32);
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
    if (element.inert !== !!(flags & 8)) {
      var hadKeyboard = document.activeElement === element;
      element.inert = !!(flags & 8);
      if (hadKeyboard) {
        element.blur();
        WebInput.takeBack();
      }
    }
    if (flags & 2 && !area.wanted && document.activeElement !== element) {
      element.focus({ preventScroll: true });
      // The first time at the end, later where the caret was.
      if (!area.had) element.setSelectionRange(element.value.length, element.value.length);
      area.had = true;
    }
    area.wanted = !!(flags & 2);
    if (flags & 16) element.blur();
  },

  web_area_write_in_place__deps: ['$WebAreas'],
  web_area_write_in_place: function (before, written, back) {
    var element = WebAreas.last, head = UTF8ToString(before), caret = element ? element.selectionStart : 0;
    if (!element || !element.isConnected || element.value.slice(caret - head.length, caret) !== head) return;
    element.focus({ preventScroll: true });
    WebAreas.write(element, caret - head.length, caret, UTF8ToString(written));
    element.setSelectionRange(element.selectionEnd - back, element.selectionEnd - back);
  },

  web_area_stroke__deps: ['$WebAreas'],
  web_area_stroke: function (stroke) {
    var taken = false;
    WebAreas.areas.forEach(function (area) {
      if (area.element !== WebAreas.last || !area.element.isConnected || area.element.inert) return;
      area.element.focus({ preventScroll: true });
      taken = WebAreas.stroke(area, stroke, '');
    });
    return taken;
  },

  web_area_edit__deps: ['$WebAreas'],
  web_area_edit: function (begin, end, text, afterBegin, afterEnd) {
    WebAreas.write(WebAreas.last, begin, end, UTF8ToString(text));
    WebAreas.last.setSelectionRange(afterBegin, afterEnd);
  },

  // Measured with a copy of the text up to the caret, set as the area sets it.
  web_area_caret__deps: ['$WebAreas'],
  web_area_caret: function (id, place) {
    var area = WebAreas.areas.get(id);
    if (!area) return;
    var element = area.element, look = getComputedStyle(element), copy = document.createElement('div'), mark = document.createElement('span');
    ['fontFamily', 'fontSize', 'lineHeight', 'padding', 'tabSize', 'letterSpacing'].forEach(function (name) { copy.style[name] = look[name]; });
    copy.style.cssText += ';position:absolute;visibility:hidden;box-sizing:border-box;white-space:pre-wrap;overflow-wrap:break-word;';
    copy.style.width = element.clientWidth + 'px';
    copy.textContent = element.value.slice(0, element.selectionStart);
    mark.textContent = '\u200b';
    copy.appendChild(mark);
    WebAreas.layer.appendChild(copy);
    var box = element.getBoundingClientRect();
    HEAPF32.set([box.left + mark.offsetLeft - element.scrollLeft, box.top + mark.offsetTop - element.scrollTop, parseFloat(look.lineHeight)], place >> 2);
    copy.remove();
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
