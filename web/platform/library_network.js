// Requests and event streams to our own server.

mergeInto(LibraryManager.library, {
  $WebNetwork__deps: ['$Web', '$WebLocks'],
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

    // ---- one connection for the tabs that want the same stream: a browser has six of HTTP/1.1 for all of them. Who has the lock
    // holds the connection and passes on what comes; when that tab goes, the lock is the next one's at once.
    join: function (stream) {
      if (!window.BroadcastChannel) return WebNetwork.connect(stream);
      stream.name = 'dits-stream:' + stream.url;
      stream.me = Math.random();
      stream.channel = new BroadcastChannel(stream.name);
      stream.channel.onmessage = function (event) { WebNetwork.heard(stream, event.data); };
      WebNetwork.stand(stream, false);
      WebNetwork.say(stream, { kind: 'hello' });
      WebNetwork.watch(stream);
    },

    say: function (stream, message) {
      if (!stream.channel) return;
      message.from = stream.me;
      stream.channel.postMessage(message);
    },

    // Waits for the lock, or takes it from a tab that says nothing any more.
    stand: function (stream, steals) {
      if (stream.waiting) stream.waiting.abort();
      stream.waiting = steals ? null : new AbortController();
      WebLocks.request(stream.name, steals ? { steal: true } : { signal: stream.waiting.signal }, function () {
        if (stream.closed) return;
        stream.waiting = null;
        stream.leads = true;
        WebNetwork.connect(stream);
        return new Promise(function (resolve) { stream.resign = resolve; });
      }).catch(function (error) {
        // Given up to lead, or taken away: then this tab listens again.
        if (stream.closed || !stream.leads) return;
        stream.leads = false;
        clearTimeout(stream.timer);
        stream.timer = 0;
        if (stream.controller) stream.controller.abort();
        WebNetwork.stand(stream, false);
      });
    },

    // From the tab that holds the connection, or from one that asks whether somebody does.
    heard: function (stream, message) {
      if (stream.closed) return;
      if (stream.leads) {
        if (message.kind === 'hello' && stream.isOpen) WebNetwork.say(stream, { kind: 'opened', to: message.from });
        return;
      }
      if (message.kind === 'hello' || (message.to !== undefined && message.to !== stream.me)) return;
      WebNetwork.watch(stream);
      if (message.kind === 'opened') _platform_stream_joined(stream.handle);
      else if (message.kind === 'lost') _platform_stream_lost(stream.handle, message.status);
      else if (message.kind === 'event') {
        stream.lastId = message.id;
        WebNetwork.hand(stream, message);
      }
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
          stream.isOpen = true;
          WebNetwork.say(stream, { kind: 'opened' });
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

    // The server sends a heartbeat every 15 s; three missed ones mean that the line is dead, or the tab that should pass them on,
    // which not all tabs must notice at once.
    watch: function (stream) {
      clearTimeout(stream.watchdog);
      stream.watchdog = setTimeout(function () {
        if (stream.closed) return;
        if (stream.leads || !stream.channel) stream.controller.abort();
        else WebNetwork.stand(stream, true);
      }, 45000 + (stream.leads ? 0 : Math.random() * 5000));
    },

    dispatch: function (stream, event) {
      if (stream.closed) return;
      // A heartbeat has done its work by arriving: it must not wake a page that is idle.
      if (event.name === 'heartbeat') return WebNetwork.say(stream, { kind: 'beat' });
      var message = { kind: 'event', id: stream.lastId, name: event.name || 'message', data: event.data.join('\n') };
      WebNetwork.say(stream, message);
      WebNetwork.hand(stream, message);
    },

    hand: function (stream, message) {
      Web.withText(message.id, function (id) {
        Web.withText(message.name, function (name) {
          Web.withText(message.data, function (data) { _platform_stream_event(stream.handle, id, name, data); });
        });
      });
    },

    lost: function (stream, status) {
      clearTimeout(stream.watchdog);
      stream.isOpen = false;
      if (stream.closed || (stream.channel && !stream.leads)) return;
      WebNetwork.say(stream, { kind: 'lost', status: status });
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
    var stream = { handle: handle, url: UTF8ToString(url), lastId: UTF8ToString(lastId), failures: 0, closed: false, timer: 0, leads: false, isOpen: false, channel: null };
    WebNetwork.streams.set(handle, stream);
    WebNetwork.join(stream);
  },

  web_close_stream__deps: ['$WebNetwork'],
  web_close_stream: function (handle) {
    var stream = WebNetwork.streams.get(handle);
    if (!stream) return;
    stream.closed = true;
    clearTimeout(stream.timer);
    clearTimeout(stream.watchdog);
    if (stream.controller) stream.controller.abort();
    if (stream.waiting) stream.waiting.abort();
    if (stream.channel) stream.channel.close();
    if (stream.resign) stream.resign();
    WebNetwork.streams.delete(handle);
    if (WebNetwork.streams.size === 0) window.removeEventListener('online', WebNetwork.hurry);
  },
});
