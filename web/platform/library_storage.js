// Keys and values in IndexedDB, or in memory where the browser denies it (private windows, blocked storage).

mergeInto(LibraryManager.library, {
  $WebStorage__deps: ['$Web'],
  // Emscripten copies the object below as JSON would: what is more than data is made here.
  $WebStorage__postset: 'WebStorage.memory = new Map();',
  $WebStorage: {
    opened: null, // promise of the database, or of null
    memory: null,
    durable: true,

    open: function () {
      if (WebStorage.opened) return WebStorage.opened;
      WebStorage.opened = new Promise(function (resolve) {
        var fail = function () {
          WebStorage.durable = false;
          resolve(null);
        };
        try {
          var request = indexedDB.open('dits', 1);
          request.onupgradeneeded = function () { request.result.createObjectStore('values'); };
          request.onsuccess = function () {
            // Another tab deletes or upgrades the database: let go, or it would wait for us.
            request.result.onversionchange = function () { request.result.close(); };
            resolve(request.result);
          };
          request.onerror = request.onblocked = fail;
        } catch (denied) {
          fail();
        }
      });
      return WebStorage.opened;
    },

    // Runs `work(store)`, which returns a request or nothing, and tells the outcome when the transaction is complete.
    transact: function (mode, inMemory, work) {
      return WebStorage.open().then(function (database) {
        if (!database) return inMemory(WebStorage.memory);
        return new Promise(function (resolve, reject) {
          var transaction = database.transaction('values', mode);
          var request = work(transaction.objectStore('values'));
          transaction.oncomplete = function () { resolve(request ? request.result : undefined); };
          transaction.onerror = transaction.onabort = function () { reject(transaction.error || new Error('storage')); };
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
    WebStorage.transact('readonly', function (memory) {
      entries = Array.from(memory).filter(function (entry) { return entry[0].startsWith(prefix); }).sort();
    }, function (store) {
      store.openCursor(WebStorage.range(prefix)).onsuccess = function (event) {
        var cursor = event.target.result;
        if (!cursor) return;
        entries.push([cursor.key, cursor.value]);
        cursor.continue();
      };
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
  web_storage_clear: function (handle) {
    WebStorage.done(handle, WebStorage.transact('readwrite', function (memory) { memory.clear(); },
      function (store) { store.clear(); }));
  },

  // ---- tabs: each holds the lock of its name as long as it lives. Browsers lock on secure pages only; elsewhere every name
  // counts as free, and two tabs may send the same writes, which the server takes once.
  $WebTabs__deps: ['$Web'],
  $WebTabs: {
    // Hears whether the lock is ours, which it stays; waits `ms` for a page that is just being left.
    claim: function (name, ms, hear) {
      if (!navigator.locks) return hear(true);
      var controller = new AbortController();
      var timer = setTimeout(function () { controller.abort(); }, ms);
      navigator.locks.request('dits-tab-' + name, { signal: controller.signal }, function () {
        clearTimeout(timer);
        hear(true);
        return new Promise(function () {});
      }).catch(function () { hear(false); });
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
    var take = function (wanted) {
      WebTabs.claim(wanted, 400, function (is_ours) {
        // A tab that was duplicated brought the name of the one it was made from.
        if (!is_ours) return take(WebTabs.fresh());
        WebTabs.keep(wanted);
        WebTabs.tell(handle, wanted);
      });
    };
    // Callbacks come later, never within the call.
    Promise.resolve().then(function () { take(name || WebTabs.fresh()); });
  },

  web_claim_ended_tab__deps: ['$WebTabs'],
  web_claim_ended_tab: function (handle, namePointer) {
    var name = UTF8ToString(namePointer);
    Promise.resolve().then(function () {
      WebTabs.claim(name, 50, function (is_ours) { WebTabs.tell(handle, is_ours ? name : ''); });
    });
  },

  web_storage_is_durable__deps: ['$WebStorage'],
  web_storage_is_durable: function () { return WebStorage.durable; },
});
