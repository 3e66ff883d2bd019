// The browser's side of the platform: set-up, address bar, clipboard, clock and surroundings. C++ calls the functions named
// web_…; they call the exported platform_… back. Input, mirror, text areas, glyphs, network, locks and storage are in library_*.js.
// Everything shared between these files hangs on Web.

mergeInto(LibraryManager.library, {
  $Web: {
    canvas: null,
    textarea: null,
    layer: null,
    nextHandle: 1,

    // Calls `callee` with `text` as a C string that lives as long as the call.
    withText: function (text, callee) {
      var size = lengthBytesUTF8(text) + 1;
      var pointer = _malloc(size);
      stringToUTF8(text, pointer, size);
      callee(pointer, size - 1);
      _free(pointer);
    },

    // Calls `callee(pointer, size)` with a copy of `bytes` that lives as long as the call.
    withBytes: function (bytes, callee) {
      var pointer = _malloc(bytes.length || 1);
      HEAPU8.set(bytes, pointer);
      callee(pointer, bytes.length);
      _free(pointer);
    },

    copyOfBytes: function (pointer, size) {
      return HEAPU8.slice(pointer, pointer + size);
    },

    location: function () {
      return location.pathname + location.search;
    },

    observeSize: function () {
      var canvas = Web.canvas;
      var apply = function (width, height) {
        var rectangle = canvas.getBoundingClientRect();
        if (canvas.width !== width) canvas.width = width;
        if (canvas.height !== height) canvas.height = height;
        _platform_resized(rectangle.width, rectangle.height, width, height);
      };
      var observer = new ResizeObserver(function (entries) {
        var box = entries[entries.length - 1].devicePixelContentBoxSize;
        // An emulated pixel ratio does not reach the device-pixel box; then CSS pixels times the ratio are right.
        var width = canvas.clientWidth * devicePixelRatio;
        var height = canvas.clientHeight * devicePixelRatio;
        if (box && Math.abs(box[0].inlineSize - width) < 2) apply(box[0].inlineSize, box[0].blockSize);
        else apply(Math.round(width), Math.round(height));
      });
      try {
        observer.observe(canvas, { box: 'device-pixel-content-box' });
      } catch (unsupported) {
        observer.observe(canvas);
      }
      if (window.visualViewport) {
        // The on-screen keyboard makes the visible part smaller.
        visualViewport.addEventListener('resize', function () {
          if (visualViewport.scale === 1) canvas.style.height = visualViewport.height + 'px';
        });
      }
    },

    observeSurroundings: function () {
      var queries = ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)', '(pointer: coarse)'].map(function (query) {
        return matchMedia(query);
      });
      var tell = function () {
        Web.withText(navigator.language || 'en', function (language) {
          Web.withText(location.origin, function (origin) {
            Web.withText(Intl.DateTimeFormat().resolvedOptions().timeZone || '', function (zone) {
              _platform_environment(language, queries[0].matches, queries[1].matches, queries[2].matches,
                navigator.onLine, !document.hidden, Web.isMac(), origin, zone);
            });
          });
        });
      };
      queries.forEach(function (query) { query.addEventListener('change', tell); });
      window.addEventListener('online', tell);
      window.addEventListener('offline', tell);
      window.addEventListener('languagechange', tell);
      document.addEventListener('visibilitychange', function () {
        tell();
        if (document.hidden) _platform_leaving();
      });
      window.addEventListener('pagehide', function () { _platform_leaving(); });
      tell();
    },

    isMac: function () {
      return /Mac|iPhone|iPad/.test(navigator.platform);
    },

    observeClipboard: function () {
      var hand = function (event) {
        var text = Web.copied;
        if (text === null || Web.isForeignField(event.target)) return;
        Web.copied = null;
        event.clipboardData.setData('text/plain', text);
        event.preventDefault();
      };
      document.addEventListener('copy', hand);
      document.addEventListener('cut', hand);
      document.addEventListener('paste', function (event) {
        if (Web.isForeignField(event.target) || WebFiles.pasted(event, null)) return;
        event.preventDefault();
        Web.withText(event.clipboardData.getData('text/plain').replace(/\r\n?/g, '\n'), _platform_pasted);
      });
    },
    copied: null,

    // A field that the browser edits by itself: a text area over the canvas, or one of the mirror.
    isForeignField: function (element) {
      return !!element && element !== Web.textarea && /^(INPUT|TEXTAREA)$/.test(element.tagName || '');
    },
  },

  web_start__deps: ['$Web', '$WebDrawing', '$JSEvents', '$WebInput', '$WebMirror', '$WebAreas', '$WebFiles', 'malloc', 'free'],
  web_start: function () {
    Module['endProgram'] = WebDrawing.end;
    Web.canvas = document.getElementById('canvas');
    Web.textarea = document.getElementById('caret');
    Web.layer = document.getElementById('mirror');
    Web.canvas.addEventListener('webglcontextlost', function (event) {
      event.preventDefault();
      _platform_context_lost();
    });
    Web.canvas.addEventListener('webglcontextrestored', function () { _platform_context_restored(); });
    window.addEventListener('popstate', function () { Web.withText(Web.location(), _platform_route); });
    WebInput.start();
    WebMirror.start();
    WebAreas.start();
    WebFiles.start();
    Web.observeClipboard();
    Web.observeSurroundings();
    Web.withText(Web.location(), _platform_route);
    Web.observeSize();
  },

  // Promised by boot.js.
  web_fonts__deps: ['$Web'],
  web_fonts: function () {
    Module['fonts'].then(function (bytes) { Web.withBytes(bytes, _platform_fonts); });
  },

  // The first picture is there: the page behind the canvas may go.
  web_first_frame__deps: ['$WebVersions'],
  web_first_frame: function () {
    performance.mark('first-frame');
    var boot = document.getElementById('boot');
    if (boot) boot.remove();
    WebVersions.begin();
  },

  web_stats: function (frames, skipped, logicMs, renderMs, keyMs, drawnPixels) {
    var stats = window.ditsStats || (window.ditsStats = { maxLogicMs: 0 });
    stats.frames = frames;
    stats.skipped = skipped;
    stats.logicMs = logicMs;
    stats.renderMs = renderMs;
    stats.keyToFrameMs = keyMs;
    stats.drawnPixels = drawnPixels;
    stats.maxLogicMs = Math.max(stats.maxLogicMs, logicMs);
  },

  web_call_after: function (handle, ms) {
    setTimeout(function () { _platform_timer(handle); }, ms);
  },

  // One wake-up at a time: the earliest.
  web_wake_after__deps: ['$Web'],
  web_wake_after: function (ms) {
    var due = performance.now() + ms;
    if (Web.wakeTimer && Web.wakeDue <= due) return;
    clearTimeout(Web.wakeTimer);
    Web.wakeDue = due;
    Web.wakeTimer = setTimeout(function () {
      Web.wakeTimer = 0;
      if (!document.hidden) _platform_wake();
    }, ms);
  },

  web_navigate: function (path, replace) {
    var address = UTF8ToString(path);
    if (replace) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
  },

  web_go_back: function () { history.back(); },

  web_set_title: function (title) { document.title = UTF8ToString(title); },

  web_set_cursor__deps: ['$Web'],
  web_set_cursor: function (cursor) {
    var names = ['default', 'text', 'move', 'ns-resize', 'ew-resize', 'nesw-resize', 'nwse-resize', 'pointer', 'wait', 'progress', 'not-allowed'];
    var name = names[cursor] || 'default';
    if (Web.cursor === name) return;
    Web.cursor = name;
    document.documentElement.style.cursor = name;
  },

  // Remembers what the next copy event of the browser shall take.
  web_offer_copy__deps: ['$Web'],
  web_offer_copy: function (text) { Web.copied = UTF8ToString(text); },

  web_copy__deps: ['$Web'],
  web_copy: function (pointer) {
    var text = UTF8ToString(pointer);
    if (navigator.clipboard && isSecureContext) {
      navigator.clipboard.writeText(text).catch(function () {});
      return;
    }
    Web.copied = text;
    document.execCommand('copy');
    Web.copied = null;
  },

  web_is_mac__deps: ['$Web'],
  web_is_mac: function () { return Web.isMac(); },

  web_now: function () { return Date.now(); },

  web_utc_offset: function (unixMs) { return -new Date(unixMs).getTimezoneOffset(); },

  web_random: function (pointer, size) { crypto.getRandomValues(HEAPU8.subarray(pointer, pointer + size)); },

  web_download__deps: ['$Web'],
  web_download: function (name, type, pointer, size) {
    var address = URL.createObjectURL(new Blob([Web.copyOfBytes(pointer, size)], { type: UTF8ToString(type) }));
    var link = document.createElement('a');
    link.href = address;
    link.download = UTF8ToString(name);
    link.click();
    setTimeout(function () { URL.revokeObjectURL(address); }, 60000);
  },

  web_open_external: function (address) { window.open(UTF8ToString(address), '_blank', 'noopener,noreferrer'); },
});
