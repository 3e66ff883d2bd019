// Files that the user pastes, drops or chooses. A text area shows at once where the file will stand; the bytes follow.

mergeInto(LibraryManager.library, {
  $WebFiles__deps: ['$Web'],
  $WebFiles: {
    largest: 256 * 1024 * 1024, // what is read into memory at all; the server has a limit of its own
    given: 0,
    chooser: null,

    start: function () {
      var brings = function (event) {
        return event.dataTransfer && Array.from(event.dataTransfer.types).indexOf('Files') >= 0;
      };
      // Without this a browser leaves the page for the file.
      document.addEventListener('dragover', function (event) {
        if (!brings(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      });
      document.addEventListener('drop', function (event) {
        if (!brings(event)) return;
        event.preventDefault();
        WebFiles.take(event.dataTransfer.files, WebFiles.areaOf(event.target));
      });
    },

    // The text area that is meant: the one under the pointer or with the caret, else the only one.
    areaOf: function (target) {
      var areas = document.querySelectorAll('#areas textarea');
      if (target && target.closest && target.closest('#areas textarea')) return target;
      return areas.length === 1 ? areas[0] : null;
    },

    // Whether a paste was one of files. A text that comes with its picture (from a word processor) is a text.
    pasted: function (event, area) {
      var data = event.clipboardData;
      if (!data || data.files.length === 0 || data.getData('text/plain')) return false;
      event.preventDefault();
      WebFiles.take(data.files, area);
      return true;
    },

    take: function (files, area) {
      Array.from(files).forEach(function (file) {
        var name = file.name || 'image.png';
        var mark = area ? '![Uploading ' + name.replace(/[\[\]\\]/g, '_') + ' ' + ++WebFiles.given + '\u2026]()' : '';
        if (area) WebFiles.insert(area, mark);
        if (file.size > WebFiles.largest) {
          WebFiles.hand(name, mark, 'is too large to be sent', new Uint8Array(0));
          return;
        }
        file.arrayBuffer().then(function (buffer) {
          WebFiles.hand(name, mark, '', new Uint8Array(buffer));
        }).catch(function () {
          WebFiles.hand(name, mark, 'cannot be read', new Uint8Array(0));
        });
      });
    },

    insert: function (area, text) {
      area.focus({ preventScroll: true });
      // As if it were typed, so that the browser's own undo knows it.
      if (document.execCommand('insertText', false, text)) return;
      area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
      area.dispatchEvent(new Event('input'));
    },

    hand: function (name, mark, problem, bytes) {
      Web.withText(name, function (namePointer) {
        Web.withText(mark, function (markPointer) {
          Web.withText(problem, function (problemPointer) {
            Web.withBytes(bytes, function (pointer, size) {
              _platform_file(namePointer, markPointer, problemPointer, pointer, size);
            });
          });
        });
      });
    },
  },

  web_pick_files__deps: ['$WebFiles'],
  web_pick_files: function () {
    if (WebFiles.chooser) WebFiles.chooser.remove();
    var chooser = WebFiles.chooser = document.createElement('input');
    chooser.type = 'file';
    chooser.multiple = true;
    chooser.hidden = true;
    chooser.addEventListener('change', function () {
      WebFiles.take(chooser.files, WebFiles.areaOf(null));
      chooser.remove();
      WebFiles.chooser = null;
    });
    document.body.appendChild(chooser);
    chooser.click();
  },

  // Saves what lies at an address of our own server.
  web_save_url: function (url, name) {
    var link = document.createElement('a');
    link.href = UTF8ToString(url);
    link.download = UTF8ToString(name);
    link.click();
  },
});
