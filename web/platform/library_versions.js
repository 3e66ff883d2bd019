// The program in the browser's keeping (web/shell/sw.js): it starts without the server, and a version that comes later is offered.
// Where a browser does not do that (plain http to another machine, a certificate that it does not trust, a private window), all goes
// on as before.

mergeInto(LibraryManager.library, {
  $WebVersions: {
    registration: null,
    own: '', // the version that runs
    told: '', // the last one that was said to be here
    lookedAt: 0,
    timer: 0,

    // Behind the first picture and the fonts, which it would hold up: what it fetches is in the browser's cache by then.
    begin: function () {
      if (!navigator.serviceWorker || !isSecureContext) return;
      var later = window.requestIdleCallback || setTimeout;
      Module['fonts'].then(function () { later(WebVersions.register); });
    },

    register: function () {
      WebVersions.own = document.querySelector('meta[name=version]').content;
      navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).then(function (registration) {
        WebVersions.registration = registration;
        registration.addEventListener('updatefound', function () { WebVersions.follow(registration.installing); });
        if (registration.installing) WebVersions.follow(registration.installing);
        // What waits may be older than the page, which is the server's: first it is seen whether there is a newer one.
        if (registration.active) WebVersions.ask();
      }).catch(function () {});
    },

    follow: function (worker) {
      worker.addEventListener('statechange', function () {
        if (worker.state === 'installed') WebVersions.consider();
      });
    },

    // A page of the version that waits needs no other: it takes over from the one that the page has left behind. A page of another
    // version offers it, and goes on as it is.
    consider: function () {
      var worker = WebVersions.registration.waiting;
      if (!worker || !WebVersions.registration.active) return;
      var channel = new MessageChannel();
      channel.port1.onmessage = function (event) {
        if (event.data === WebVersions.own) return worker.postMessage('take over');
        if (event.data === WebVersions.told) return;
        WebVersions.told = event.data;
        _platform_version_found();
      };
      worker.postMessage('version', [channel.port2]);
    },

    ask: function () {
      WebVersions.lookedAt = Date.now();
      WebVersions.registration.update().catch(function () {}).then(function () {
        if (!WebVersions.registration.installing) WebVersions.consider();
      });
    },

    // Not more often than every ten seconds: a server that comes and goes is asked for more than this.
    look: function () {
      if (!WebVersions.registration || WebVersions.timer) return;
      WebVersions.timer = setTimeout(function () {
        WebVersions.timer = 0;
        WebVersions.ask();
      }, Math.max(0, WebVersions.lookedAt + 10000 - Date.now()));
    },
  },

  web_look_for_version__deps: ['$WebVersions'],
  web_look_for_version: function () { WebVersions.look(); },

  web_load_version__deps: ['$WebVersions'],
  web_load_version: function () {
    var again = function () { location.reload(); };
    var worker = WebVersions.registration && WebVersions.registration.waiting;
    if (!worker) return again();
    worker.addEventListener('statechange', function () {
      if (worker.state === 'activated' || worker.state === 'redundant') again();
    });
    worker.postMessage('take over');
    setTimeout(again, 3000);
  },
});
