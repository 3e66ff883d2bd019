// Keys and values in IndexedDB, or in memory where the browser denies it (private windows, blocked storage).

mergeInto(LibraryManager.library, {
  $WebStorage__deps: ['$Web'],
  // Emscripten copies the object below as JSON would: what is more than data is made here.
  $WebStorage__postset: 'WebStorage.memory = new Map();',
  $WebStorage: {
    opened: null, // promise of the database, or of null
    memory: null,
    durable: true,
    wasThere: false, // a store was opened before
    isLost: false, // and has been deleted or taken away since

    open: function () {
      if (WebStorage.opened) return WebStorage.opened;
      var opened = new Promise(function (resolve) {
        var isNew = false;
        var fail = function () {
          WebStorage.durable = false;
          resolve(null);
          // What was there once may be there again: private windows stay as they are.
          if (WebStorage.wasThere) setTimeout(function () { WebStorage.letGo(opened); }, 5000);
        };
        try {
          var request = indexedDB.open('dits', 1);
          request.onupgradeneeded = function () {
            isNew = true;
            request.result.createObjectStore('values');
          };
          request.onsuccess = function () {
            var database = request.result;
            // Another page deletes or upgrades the database: let go, or it would wait for us.
            database.onversionchange = function (event) {
              if (event.newVersion === null) WebStorage.isLost = true;
              database.close();
              WebStorage.letGo(opened);
            };
            // The browser takes it away: site data are cleared, or evicted.
            database.onclose = function () {
              WebStorage.isLost = true;
              WebStorage.letGo(opened);
            };
            WebStorage.durable = true;
            resolve(database);
            // Every page writes its own again, also when another one was first to make the store.
            if (WebStorage.wasThere && (isNew || WebStorage.isLost)) _platform_storage_taken_away();
            WebStorage.wasThere = true;
            WebStorage.isLost = false;
          };
          request.onerror = fail;
        } catch (denied) {
          fail();
        }
      });
      WebStorage.opened = opened;
      return opened;
    },

    // The next use opens it anew, and so does a moment.
    letGo: function (opened) {
      if (WebStorage.opened !== opened) return;
      WebStorage.opened = null;
      setTimeout(WebStorage.open, 50);
    },

    // Runs `work(store)`, which returns a request or nothing, and tells the outcome when the transaction is complete. Where the
    // connection turns out to be closed, once more on a new one: all that is done here can be done twice.
    transact: function (mode, inMemory, work, isSecond) {
      var opened = WebStorage.open();
      return opened.then(function (database) {
        if (!database) return inMemory(WebStorage.memory);
        return new Promise(function (resolve, reject) {
          var transaction = database.transaction('values', mode);
          var request = work(transaction.objectStore('values'));
          transaction.oncomplete = function () { resolve(request ? request.result : undefined); };
          transaction.onerror = transaction.onabort = function () { reject(transaction.error || new Error('storage')); };
        }).catch(function (error) {
          var isClosed = error && (error.name === 'InvalidStateError' || error.name === 'AbortError' || error.name === 'NotFoundError');
          if (!isClosed || isSecond) throw error;
          database.close();
          WebStorage.letGo(opened);
          return WebStorage.transact(mode, inMemory, work, true);
        });
      });
    },

    // Said at once, for a page that is about to go would not live to see the transaction end by itself.
    commit: function (store) {
      if (store.transaction.commit) store.transaction.commit();
    },

    done: function (handle, promise) {
      promise.then(function () { Web.withText('', function (text) { _platform_stored(handle, text); }); },
        function (error) { Web.withText((error && error.message) || 'storage failed', function (text) { _platform_stored(handle, text); }); });
    },

    range: function (prefix) { return IDBKeyRange.bound(prefix, prefix + '\uffff'); },
  },

  web_storage_get__deps: ['$WebStorage'],
  web_storage_get: function (handle, keyPointer) {
    var key = UTF8ToString(keyPointer);
    WebStorage.transact('readonly', function (memory) { return memory.get(key); }, function (store) { return store.get(key); })
      .catch(function () {})
      .then(function (value) {
        Web.withBytes(value || new Uint8Array(0), function (pointer, size) { _platform_storage_value(handle, value ? 1 : 0, pointer, size); });
      });
  },

  web_storage_list__deps: ['$WebStorage'],
  web_storage_list: function (handle, prefixPointer) {
    var prefix = UTF8ToString(prefixPointer);
    var entries = [];
    var keys = null;
    // Both answers are in the order of the keys; one by one, a hundred values would be a hundred waits.
    WebStorage.transact('readonly', function (memory) {
      entries = Array.from(memory).filter(function (entry) { return entry[0].startsWith(prefix); }).sort();
    }, function (store) {
      keys = store.getAllKeys(WebStorage.range(prefix));
      return store.getAll(WebStorage.range(prefix));
    }).then(function (values) {
      if (keys) entries = keys.result.map(function (key, at) { return [key, values[at]]; });
    }).catch(function () {}).then(function () {
      entries.forEach(function (entry) {
        Web.withText(entry[0], function (key) {
          Web.withBytes(entry[1], function (pointer, size) { _platform_storage_entry(handle, key, pointer, size); });
        });
      });
      _platform_storage_listed(handle);
    });
  },

  web_storage_put__deps: ['$WebStorage'],
  web_storage_put: function (handle, keyPointer, pointer, size) {
    var key = UTF8ToString(keyPointer), value = Web.copyOfBytes(pointer, size);
    WebStorage.done(handle, WebStorage.transact('readwrite', function (memory) { memory.set(key, value); },
      function (store) {
        store.put(value, key);
        WebStorage.commit(store);
      }));
  },

  web_storage_remove__deps: ['$WebStorage'],
  web_storage_remove: function (handle, keyPointer) {
    var key = UTF8ToString(keyPointer);
    WebStorage.done(handle, WebStorage.transact('readwrite', function (memory) { memory.delete(key); },
      function (store) {
        store.delete(key);
        WebStorage.commit(store);
      }));
  },

  web_storage_clear__deps: ['$WebStorage'],
  web_storage_clear: function (handle, prefixPointer) {
    var prefix = UTF8ToString(prefixPointer);
    WebStorage.done(handle, WebStorage.transact('readwrite', function (memory) {
      Array.from(memory.keys()).forEach(function (key) { if (key.startsWith(prefix)) memory.delete(key); });
    }, function (store) { store.delete(WebStorage.range(prefix)); }));
  },

  // ---- what the tabs of this origin say to each other
  $WebTalk__deps: ['$Web'],
  $WebTalk: { channel: null },

  web_hear_tabs__deps: ['$WebTalk'],
  web_hear_tabs: function () {
    if (!window.BroadcastChannel || WebTalk.channel) return;
    WebTalk.channel = new BroadcastChannel('dits-tabs');
    WebTalk.channel.onmessage = function (event) { Web.withText(String(event.data), _platform_told); };
  },

  web_tell_tabs__deps: ['$WebTalk'],
  web_tell_tabs: function (text) {
    if (WebTalk.channel) WebTalk.channel.postMessage(UTF8ToString(text));
  },

  // ---- tabs: each holds the lock of its name as long as it lives. One that was frozen for long may have lost it where browsers do
  // not lock (library_locks.js): it takes another name before it writes on. Two tabs may send the same writes then, which the server
  // takes once.
  $WebTabs__deps: ['$Web', '$WebLocks'],
  $WebTabs: {
    // Hears whether the lock is ours. `how`: { ms } waits that long for a page that is just being left; { steal: true } for a name that is
    // nobody's; { ifAvailable: true } asks once, and the answer is sure however busy this page or the machine is. `lose` is called when
    // it is ours no more.
    claim: function (name, how, hear, lose) {
      var controller = new AbortController();
      var patience = {};
      if (how.ms) WebLocks.wait(patience, how.ms, function () { controller.abort(); });
      var isOurs = false;
      WebLocks.request('dits-tab-' + name, how.ms ? { signal: controller.signal } : how, function (lock) {
        clearTimeout(patience.timer);
        isOurs = lock !== null;
        hear(isOurs);
        return isOurs ? new Promise(function () {}) : undefined;
      }).catch(function () {
        if (!isOurs) hear(false);
        else if (lose) lose();
      });
    },

    kept: function () {
      try {
        return sessionStorage.getItem('dits-tab') || '';
      } catch (denied) {
        return '';
      }
    },

    keep: function (name) {
      try {
        sessionStorage.setItem('dits-tab', name);
      } catch (denied) {
        return; // then a reload is a new tab
      }
    },

    fresh: function () {
      var bytes = crypto.getRandomValues(new Uint8Array(8));
      return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, '0'); }).join('');
    },

    tell: function (handle, name) {
      Web.withText(name, function (text) { _platform_claimed(handle, text); });
    },
  },

  web_claim_tab__deps: ['$WebTabs'],
  web_claim_tab: function (handle) {
    var name = WebTabs.kept();
    var take = function (wanted, isFresh) {
      WebTabs.claim(wanted, isFresh ? { steal: true } : { ms: 400 }, function (isOurs) {
        // A tab that was duplicated brought the name of the one it was made from.
        if (!isOurs && !isFresh) return take(WebTabs.fresh(), true);
        WebTabs.keep(wanted);
        WebTabs.tell(handle, wanted);
      }, function () { take(WebTabs.fresh(), true); });
    };
    // Callbacks come later, never within the call.
    Promise.resolve().then(function () { take(name || WebTabs.fresh(), !name); });
  },

  web_claim_ended_tab__deps: ['$WebTabs'],
  web_claim_ended_tab: function (handle, namePointer) {
    var name = UTF8ToString(namePointer);
    Promise.resolve().then(function () {
      WebTabs.claim(name, { ifAvailable: true }, function (isOurs) { WebTabs.tell(handle, isOurs ? name : ''); });
    });
  },

  web_storage_is_durable__deps: ['$WebStorage'],
  web_storage_is_durable: function () { return WebStorage.durable; },
});
