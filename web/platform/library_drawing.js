// What is being drawn, so that the end of the program can be put down to it. Names are those of drawing.hpp; in localStorage,
// "dits-drawing-…" holds what a page draws for the first time, for as long as that frame takes, and "dits-plain" what ended it.

mergeInto(LibraryManager.library, {
  $WebDrawing: {
    current: '',
    first: [],
    mark: 'dits-drawing-' + Math.random().toString(36).slice(2),

    // Storage may be denied or full; then an end is not remembered.
    withStorage: function (use) {
      try {
        return use(localStorage);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        return null;
      }
    },

    plain: function (storage) {
      return (storage.getItem('dits-plain') || '').split('\n').filter(Boolean);
    },

    // What a page drew when it, or the browser, ended before the frame did.
    takeMarks: function (storage) {
      var names = [];
      for (var i = storage.length - 1; i >= 0; --i) {
        var key = storage.key(i);
        if (!key.startsWith('dits-drawing-')) continue;
        names = names.concat(storage.getItem(key).split('\n'));
        storage.removeItem(key);
      }
      return names;
    },

    // Called by boot.js when the program has ended: nothing calls it any more. Tells what it was drawing.
    end: function () {
      ABORT = true;
      JSEvents.removeAllEventListeners();
      var names = WebDrawing.current ? [WebDrawing.current] : WebDrawing.first;
      WebDrawing.withStorage(function (storage) {
        storage.removeItem(WebDrawing.mark);
        if (!names.length) return;
        var all = WebDrawing.plain(storage).filter(function (name) { return names.indexOf(name) < 0; }).concat(names);
        storage.setItem('dits-plain', all.slice(-100).join('\n'));
      });
      return names;
    },
  },

  web_drawing__deps: ['$WebDrawing'],
  web_drawing: function (pointer, isFirst) {
    WebDrawing.current = UTF8ToString(pointer);
    if (!isFirst) return;
    WebDrawing.first.push(WebDrawing.current);
    WebDrawing.withStorage(function (storage) { storage.setItem(WebDrawing.mark, WebDrawing.first.join('\n')); });
  },

  web_drawn__deps: ['$WebDrawing'],
  web_drawn: function () {
    if (!WebDrawing.first.length) return;
    WebDrawing.first = [];
    WebDrawing.withStorage(function (storage) { storage.removeItem(WebDrawing.mark); });
  },

  web_forgive_drawing__deps: ['$WebDrawing'],
  web_forgive_drawing: function (pointer) {
    var name = UTF8ToString(pointer);
    WebDrawing.withStorage(function (storage) {
      storage.setItem('dits-plain', WebDrawing.plain(storage).filter(function (each) { return each !== name; }).join('\n'));
    });
  },

  web_ended_drawings__deps: ['$WebDrawing', 'malloc'],
  web_ended_drawings: function () {
    var text = WebDrawing.withStorage(function (storage) {
      var names = WebDrawing.plain(storage).concat(WebDrawing.takeMarks(storage));
      names = names.filter(function (name, at) { return names.indexOf(name) === at; }).slice(-100);
      storage.setItem('dits-plain', names.join('\n'));
      return names.join('\n');
    }) || '';
    var size = lengthBytesUTF8(text) + 1;
    var pointer = _malloc(size);
    stringToUTF8(text, pointer, size);
    return pointer;
  },
});
