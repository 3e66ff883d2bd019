// The hidden text area through which characters come: it sits at the caret, so that input methods show themselves there, and
// holds the keyboard of phones open. Keys, mouse, wheel and touch are read in emscripten_input.cpp.

mergeInto(LibraryManager.library, {
  // A zero-width character keeps the area from being empty: phones send a deletion only when there is something to delete.
  $WebInput__deps: ['$Web'],
  $WebInput: {
    filler: '\u200b',
    composing: false,

    start: function () {
      var area = Web.textarea;
      WebInput.reset();
      area.addEventListener('compositionstart', function () {
        WebInput.composing = true;
        area.value = '';
        area.classList.add('composing');
      });
      area.addEventListener('compositionend', function (event) {
        WebInput.composing = false;
        area.classList.remove('composing');
        if (event.data) Web.withText(event.data, _platform_text);
        WebInput.reset();
      });
      area.addEventListener('beforeinput', WebInput.beforeInput);
      area.addEventListener('input', WebInput.input);
      var app = document.getElementById('app');
      app.addEventListener('contextmenu', function (event) {
        if (!Web.isForeignField(event.target)) event.preventDefault();
      });
      // Passive: false, or the page would scroll beneath. On the app, because listeners of the window are passive.
      ['touchstart', 'touchmove', 'touchend', 'touchcancel'].forEach(function (name, kind) {
        app.addEventListener(name, function (event) { WebInput.touch(kind, event); }, { passive: false });
      });
    },

    wanted: false, // a text field on the canvas has the caret

    // A field of the browser that had the keyboard is gone: the field on the canvas has it now, when there is one.
    takeBack: function () {
      if (WebInput.wanted && document.activeElement !== Web.textarea) Web.textarea.focus({ preventScroll: true });
    },

    reset: function () {
      Web.textarea.value = WebInput.filler;
      Web.textarea.setSelectionRange(1, 1);
    },

    // Phones tell some keys only in this way.
    beforeInput: function (event) {
      if (WebInput.composing || event.isComposing) return;
      var keys = { deleteContentBackward: 'Backspace', deleteContentForward: 'Delete', insertLineBreak: 'Enter', insertParagraph: 'Enter' };
      var key = keys[event.inputType];
      if (!key) return;
      event.preventDefault();
      Web.withText(key, _platform_key_tap);
    },

    input: function (event) {
      var area = Web.textarea;
      if (WebInput.composing || event.isComposing) {
        area.style.width = Math.max(20, area.scrollWidth) + 'px';
        return;
      }
      var text = area.value.split(WebInput.filler).join('');
      if (text) Web.withText(text, _platform_text);
      WebInput.reset();
    },

    touch: function (kind, event) {
      if (Web.isForeignField(event.target) && !event.target.closest('#mirror')) return;
      var finger = event.touches[0] || event.changedTouches[0];
      if (event.touches.length > 1) {
        _platform_touch(3, 0, 0);
        return;
      }
      event.preventDefault();
      _platform_touch(kind, finger.clientX, finger.clientY);
    },
  },

  // Places the text area at the caret and gives it the keyboard, or takes it away.
  web_caret__deps: ['$Web', '$WebInput'],
  web_caret: function (wanted, x, y, height) {
    var area = Web.textarea;
    var active = document.activeElement;
    WebInput.wanted = !!wanted;
    if (!wanted) {
      if (active === area && !WebInput.composing) area.blur();
      return;
    }
    area.style.transform = 'translate(' + x + 'px,' + y + 'px)';
    area.style.height = area.style.lineHeight = height + 'px';
    area.style.fontSize = height * 0.8 + 'px';
    // A field that a reader or a text area holds keeps the keyboard.
    if (active !== area && !Web.isForeignField(active)) area.focus({ preventScroll: true });
  },

  // 1: a text area over the canvas has the keyboard, 2: a field of the mirror, 0: the canvas.
  web_is_foreign_field_focused__deps: ['$Web'],
  web_is_foreign_field_focused: function () {
    var active = document.activeElement;
    return Web.isForeignField(active) ? (active.closest('#areas') ? 1 : 2) : 0;
  },

  web_leave_foreign_field__deps: ['$Web', '$WebInput'],
  web_leave_foreign_field: function () {
    if (!Web.isForeignField(document.activeElement)) return;
    document.activeElement.blur();
    WebInput.takeBack();
  },

  // What lies under the pointer, above the canvas: 1 a text area, 2 a link of the mirror, 0 nothing of note.
  web_kind_under_pointer: function (x, y) {
    var element = document.elementFromPoint(x, y);
    if (!element) return 0;
    if (element.closest('#areas')) return 1;
    if (element.closest('a[href]')) return 2;
    return 0;
  },
});
