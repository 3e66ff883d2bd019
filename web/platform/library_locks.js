// Locks that one page of this origin has at a time, by name. Browsers give them to secure pages only; elsewhere (plain http to
// another machine) the pages agree over a BroadcastChannel: who wants a lock asks, who has it answers.

mergeInto(LibraryManager.library, {
  // Emscripten copies the object below as JSON would: what is more than data is made here.
  $WebLocks__postset: 'WebLocks.requests = new Set();',
  $WebLocks: {
    requests: null, // of this page: those that wait, and those that have their lock
    channel: null,
    answerMs: 300, // a page that takes longer to answer (it is frozen) loses what it has, and hears of it when it wakes
    waitMs: 4000, // who waits asks again after that long: a page that was killed does not say that it goes

    // As navigator.locks.request does: calls `callback` once the lock is ours, which it is until what that promises is there. Rejects
    // when `options.signal` ends the wait for who has it, and when another page took it away: by `options.steal`, or for lack of an
    // answer. With `options.ifAvailable` the callback gets null where another page has it.
    request: function (name, options, callback) {
      if (navigator.locks) return navigator.locks.request(name, options, callback);
      WebLocks.open();
      return new Promise(function (resolve, reject) {
        // `since`: when it got the lock, else 0; `timer`: while it asks for it; `again`: while it waits to ask; `signal`: asks no more than
        // once when that is aborted.
        var request = { name: name, id: Math.random(), since: 0, timer: 0, again: 0, signal: options.signal, isAskedOnce: options.ifAvailable, callback: callback, resolve: resolve, reject: reject };
        WebLocks.requests.add(request);
        if (options.signal) options.signal.addEventListener('abort', function () { if (!request.since && !request.timer) WebLocks.lose(request); });
        if (options.steal) WebLocks.take(request);
        else WebLocks.ask(request);
      });
    },

    open: function () {
      if (WebLocks.channel || !window.BroadcastChannel) return;
      WebLocks.channel = new BroadcastChannel('dits-locks');
      WebLocks.channel.onmessage = function (event) { WebLocks.hear(event.data); };
      window.addEventListener('pagehide', function () {
        WebLocks.requests.forEach(function (request) { if (request.since) WebLocks.say('free', request); });
      });
      // Taken out of the browser's memory again: what was ours is, unless somebody says otherwise.
      window.addEventListener('pageshow', function (event) {
        if (!event.persisted) return;
        WebLocks.requests.forEach(function (request) {
          if (request.since) WebLocks.say('held', request);
          else WebLocks.ask(request);
        });
      });
    },

    // To all other requests, this page's too.
    say: function (kind, request) {
      var message = { kind: kind, name: request.name, id: request.id, since: request.since };
      WebLocks.hear(message);
      if (WebLocks.channel) WebLocks.channel.postMessage(message);
    },

    // In short pieces: a page that is busy itself must not take that for the silence of others.
    wait: function (request, ms, next) {
      clearTimeout(request.timer);
      request.timer = setTimeout(function () {
        if (ms > 50) WebLocks.wait(request, ms - 50, next);
        else next(request);
      }, 50);
    },

    // Another one has it. Who asks first of those that wait is answered for all of them, so that one question in `waitMs` is all; it
    // gives a page that is busy more time than one that nobody was seen to have.
    rest: function (request) {
      clearTimeout(request.timer);
      clearTimeout(request.again);
      request.timer = 0;
      if (request.isAskedOnce) WebLocks.refuse(request);
      else if (request.signal && request.signal.aborted) WebLocks.lose(request);
      else request.again = setTimeout(WebLocks.ask, WebLocks.waitMs * (1 + Math.random() / 2), request, 5 * WebLocks.answerMs);
    },

    ask: function (request, answerMs) {
      clearTimeout(request.again);
      WebLocks.wait(request, answerMs || WebLocks.answerMs, WebLocks.take);
      WebLocks.say('ask', request);
    },

    take: function (request) {
      clearTimeout(request.again);
      request.since = Date.now();
      request.timer = 0;
      WebLocks.say('held', request);
      var leave = function () { if (WebLocks.requests.delete(request)) WebLocks.say('free', request); };
      Promise.resolve({ name: request.name }).then(request.callback).finally(leave).then(request.resolve, request.reject);
    },

    refuse: function (request) {
      WebLocks.requests.delete(request);
      Promise.resolve(null).then(request.callback).then(request.resolve, request.reject);
    },

    lose: function (request) {
      clearTimeout(request.again);
      WebLocks.requests.delete(request);
      request.reject(new DOMException('The lock is not ours', 'AbortError'));
    },

    // Of two that have a lock, the later one keeps it; of two that ask, the smaller id goes first. Whoever must know better is told.
    hear: function (message) {
      WebLocks.requests.forEach(function (request) {
        if (request.name !== message.name || request.id === message.id) return;
        var isHeld = message.kind === 'held';
        if (request.since) {
          var isOlder = message.since < request.since || (message.since === request.since && message.id < request.id);
          if (isHeld && !isOlder) WebLocks.lose(request);
          else if (message.kind !== 'free') WebLocks.say('held', request);
        } else if (message.kind === 'free') WebLocks.ask(request);
        else if (isHeld) WebLocks.rest(request);
        else if (request.timer) {
          if (message.id > request.id) WebLocks.say('ask', request);
          else WebLocks.wait(request, 2 * WebLocks.answerMs, WebLocks.ask);
        }
      });
    },
  },
});
