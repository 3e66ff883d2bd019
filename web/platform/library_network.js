// Requests and event streams to our own server.

mergeInto(LibraryManager.library, {
  $WebNetwork__deps: ['$Web'],
  // Emscripten copies the object below as JSON would: what is more than data is made here.
  $WebNetwork__postset: 'WebNetwork.requests = new Map(); WebNetwork.streams = new Map();',
  $WebNetwork: {
    requests: null, // handle -> AbortController
    streams: null, // handle -> stream

    headersFrom: function (text) {
      var headers = {};
      text.split('\x1e').forEach(function (entry) {
        var split = entry.indexOf('\x1f');
        if (split > 0) headers[entry.slice(0, split)] = entry.slice(split + 1);
      });
      return headers;
    },

    headersText: function (headers) {
      var text = '';
      headers.forEach(function (value, name) { text += name + '\x1f' + value + '\x1e'; });
      return text;
    },

    answer: function (handle, failure, status, headers, bytes) {
      if (!WebNetwork.requests.delete(handle)) return;
      Web.withText(headers, function (headersPointer) {
        Web.withBytes(bytes, function (pointer, size) {
          _platform_fetched(handle, failure, status, headersPointer, pointer, size);
        });
      });
    },

    // ---- event streams: fetch and not EventSource, which hides the status and cannot begin after a known event.
    connect: function (stream) {
      stream.timer = 0;
      stream.controller = new AbortController();
      var headers = { accept: 'text/event-stream' };
      if (stream.lastId) headers['last-event-id'] = stream.lastId;
      var status = 0;
      fetch(stream.url, { headers: headers, credentials: 'same-origin', cache: 'no-store', signal: stream.controller.signal })
        .then(function (response) {
          status = response.status;
          if (!response.ok || !response.body) throw new Error('no stream');
          if (stream.closed) return;
          stream.failures = 0;
          _platform_stream_opened(stream.handle);
          return WebNetwork.read(stream, response.body.getReader());
        })
        .catch(function () {})
        .then(function () { WebNetwork.lost(stream, status === 200 ? 0 : status); });
    },

    read: function (stream, reader) {
      var decoder = new TextDecoder();
      var pending = '';
      var event = { name: '', data: [] };
      var line = function (text) {
        if (text === '') {
          if (event.data.length > 0) WebNetwork.dispatch(stream, event);
          event = { name: '', data: [] };
          return;
        }
        var split = text.indexOf(':');
        if (split === 0) return;
        var field = split < 0 ? text : text.slice(0, split);
        var value = split < 0 ? '' : text.slice(split + 1).replace(/^ /, '');
        if (field === 'event') event.name = value;
        else if (field === 'data') event.data.push(value);
        else if (field === 'id') stream.lastId = value;
      };
      var next = function () {
        WebNetwork.watch(stream);
        return reader.read().then(function (part) {
          if (part.done || stream.closed) return;
          pending += decoder.decode(part.value, { stream: true });
          var lines = pending.split(/\r\n|\n|\r/);
          pending = lines.pop();
          lines.forEach(line);
          return next();
        });
      };
      return next();
    },

    // The server sends a heartbeat every 15 s; three missed ones mean that the line is dead.
    watch: function (stream) {
      clearTimeout(stream.watchdog);
      stream.watchdog = setTimeout(function () { stream.controller.abort(); }, 45000);
    },

    dispatch: function (stream, event) {
      // A heartbeat has done its work by arriving: it must not wake a page that is idle.
      if (stream.closed || event.name === 'heartbeat') return;
      Web.withText(stream.lastId, function (id) {
        Web.withText(event.name || 'message', function (name) {
          Web.withText(event.data.join('\n'), function (data) { _platform_stream_event(stream.handle, id, name, data); });
        });
      });
    },

    lost: function (stream, status) {
      clearTimeout(stream.watchdog);
      if (stream.closed) return;
      _platform_stream_lost(stream.handle, status);
      if (stream.closed) return;
      var pause = Math.min(30000, 500 * Math.pow(2, stream.failures++)) * (0.75 + Math.random() / 2);
      stream.timer = setTimeout(function () { WebNetwork.connect(stream); }, pause);
    },

    // Back online: no reason to wait.
    hurry: function () {
      WebNetwork.streams.forEach(function (stream) {
        if (!stream.timer) return;
        clearTimeout(stream.timer);
        stream.failures = 0;
        WebNetwork.connect(stream);
      });
    },
  },

  web_fetch__deps: ['$Web', '$WebNetwork'],
  web_fetch: function (handle, method, url, headers, body, bodySize, timeoutMs) {
    var controller = new AbortController();
    var failure = 1; // network
    var options = {
      method: UTF8ToString(method),
      headers: WebNetwork.headersFrom(UTF8ToString(headers)),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: controller.signal,
    };
    if (bodySize > 0) options.body = Web.copyOfBytes(body, bodySize);
    var timer = setTimeout(function () {
      failure = 2; // timeout
      controller.abort();
    }, timeoutMs);
    WebNetwork.requests.set(handle, { abort: function () {
      failure = 3; // aborted
      controller.abort();
    } });
    fetch(UTF8ToString(url), options)
      .then(function (response) {
        return response.arrayBuffer().then(function (buffer) {
          WebNetwork.answer(handle, 0, response.status, WebNetwork.headersText(response.headers), new Uint8Array(buffer));
        });
      })
      .catch(function () { WebNetwork.answer(handle, failure, 0, '', new Uint8Array(0)); })
      .then(function () { clearTimeout(timer); });
  },

  web_abort__deps: ['$WebNetwork'],
  web_abort: function (handle) {
    var request = WebNetwork.requests.get(handle);
    if (request) request.abort();
  },

  web_open_stream__deps: ['$WebNetwork'],
  web_open_stream: function (handle, url, lastId) {
    if (WebNetwork.streams.size === 0) window.addEventListener('online', WebNetwork.hurry);
    var stream = { handle: handle, url: UTF8ToString(url), lastId: UTF8ToString(lastId), failures: 0, closed: false, timer: 0 };
    WebNetwork.streams.set(handle, stream);
    WebNetwork.connect(stream);
  },

  web_close_stream__deps: ['$WebNetwork'],
  web_close_stream: function (handle) {
    var stream = WebNetwork.streams.get(handle);
    if (!stream) return;
    stream.closed = true;
    clearTimeout(stream.timer);
    clearTimeout(stream.watchdog);
    stream.controller.abort();
    WebNetwork.streams.delete(handle);
    if (WebNetwork.streams.size === 0) window.removeEventListener('online', WebNetwork.hurry);
  },
});
