// Keeps the DOM in step with what mirror_frame.hpp tells, touching only what changed, and sends back what readers do.

mergeInto(LibraryManager.library, {
  $WebMirror__deps: ['$Web', '$WebInput'],
  // Emscripten copies the object below as JSON would: what is more than data is made here.
  $WebMirror__postset: 'WebMirror.nodes = new Map();',
  $WebMirror: {
    nodes: null, // id -> { element, record, attributes, leaf }
    live: null,
    canvasFocus: '',

    start: function () {
      WebMirror.live = document.getElementById('live');
      Web.layer.addEventListener('click', WebMirror.click);
      Web.layer.addEventListener('input', function (event) {
        var id = WebMirror.idOf(event.target);
        if (!id) return;
        WebMirror.nodes.get(event.target.id.slice(1)).record = ''; // what the app makes of it is shown in any case
        Web.withText(event.target.value, function (text) { _platform_mirror_value(id, text); });
      });
      Web.layer.addEventListener('focusin', function (event) {
        var id = WebMirror.idOf(event.target);
        if (id && event.target.id !== WebMirror.canvasFocus) _platform_mirror_focus(id);
      });
      Web.layer.addEventListener('submit', function (event) { event.preventDefault(); });
    },

    idOf: function (target) {
      var node = target && target.closest && target.closest('#mirror [id]');
      return node ? parseInt(node.id.slice(1), 16) : 0;
    },

    // A click by mouse has reached the canvas' listeners already; one without a pointer comes from a reader.
    click: function (event) {
      var link = event.target.closest('a');
      if (event.detail === 0) {
        event.preventDefault();
        var id = WebMirror.idOf(event.target);
        if (id) _platform_mirror_click(id);
      } else if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
      }
    },

    tagOf: function (role, attributes) {
      if (role === 'link') return 'A';
      if (role !== 'textbox' && role !== 'combobox' && role !== 'search') return 'DIV';
      return role === 'search' ? 'DIV' : attributes.has('aria-multiline') ? 'TEXTAREA' : 'INPUT';
    },

    // Roles whose name is the text in them, so that find-by-text works as on any page.
    isNamedByContent: function (role) {
      return /^(button|cell|columnheader|gridcell|heading|link|listitem|menuitem|menuitemcheckbox|menuitemradio|option|row|rowheader|status|tab|treeitem|tooltip|alert|log|generic|paragraph|code|note|blockquote)$/.test(role);
    },
    isOperable: function (role) {
      return /^(button|checkbox|combobox|gridcell|link|menuitem|menuitemcheckbox|menuitemradio|option|radio|row|slider|switch|tab|textbox|treeitem|columnheader)$/.test(role);
    },

    create: function (id, tag, role) {
      var element = document.createElement(tag);
      element.id = 'n' + id;
      if (tag === 'DIV' || (tag === 'INPUT' && role !== 'textbox')) {
        if (role !== 'generic') element.setAttribute('role', role);
      }
      if (tag === 'INPUT') element.autocomplete = 'off';
      if (WebMirror.isOperable(role) && !WebMirror.isWrapper(id)) {
        element.tabIndex = -1;
        element.classList.add('operable');
      }
      if (/dialog|menu|listbox/.test(role)) element.classList.add('operable');
      return element;
    },

    // Sets what changed of ARIA attributes and properties.
    apply: function (node, attributes) {
      var element = node.element;
      node.attributes.forEach(function (value, name) {
        if (attributes.has(name)) return;
        if (name === 'focused') return;
        element.removeAttribute(name);
      });
      attributes.forEach(function (value, name) {
        if (name === 'value') {
          if (element.value !== value && element.type !== 'password') element.value = value;
        } else if (name === 'focused') {
          return;
        } else if (name === 'aria-disabled' && (element.tagName === 'INPUT' || element.tagName === 'TEXTAREA')) {
          element.setAttribute('aria-disabled', value);
        } else if (node.attributes.get(name) !== value) {
          element.setAttribute(name, value);
          if (name === 'type' && value === 'password') element.autocomplete = 'current-password';
        }
      });
      // Without an address the tag alone is no link to readers.
      if (element.tagName === 'A') {
        if (attributes.has('href')) element.removeAttribute('role');
        else element.setAttribute('role', 'link');
      }
      node.attributes = attributes;
    },

    rename: function (node, role, name, hasChildren) {
      var element = node.element;
      if (element.tagName !== 'INPUT' && element.tagName !== 'TEXTAREA' && WebMirror.isNamedByContent(role) && !hasChildren) {
        element.removeAttribute('aria-label');
        if (element.textContent !== name) element.textContent = name;
        return;
      }
      if (element.firstChild && element.firstChild.nodeType === Node.TEXT_NODE) element.firstChild.remove();
      if (name) element.setAttribute('aria-label', name);
      else element.removeAttribute('aria-label');
    },

    // Some parents may have children of some roles only. What stands in them by itself, such as the header of a group in a
    // grid or a button in a row, gets a wrapper of the role that readers look for; its id ends in a letter that is no digit.
    wrap: function (records) {
      var roles = new Map();
      var wrapped = [];
      records.forEach(function (record) {
        var field = record.split('\x1f');
        var role = field[2];
        var outer = roles.get(field[1]);
        var add = function (mark, wrapper) {
          var id = field[0] + mark;
          wrapped.push([id, field[1], wrapper].concat(field.slice(3, 7), '').join('\x1f'));
          field[1] = id;
          outer = wrapper;
        };
        roles.set(field[0], role);
        if ((outer === 'grid' || outer === 'table') && !/^(row|rowgroup)$/.test(role)) add('y', 'row');
        if (outer === 'row' && !/^(cell|columnheader|gridcell|rowheader)$/.test(role)) add('x', 'gridcell');
        if (outer === 'list' && role !== 'listitem') add('x', 'listitem');
        wrapped.push(field.join('\x1f'));
      });
      return wrapped;
    },
    isWrapper: function (id) { return /[xy]$/.test(id); },

    removeOthers: function (kept) {
      WebMirror.nodes.forEach(function (node, id) {
        if (kept.has(id)) return;
        var hadKeyboard = Web.isForeignField(document.activeElement) && node.element.contains(document.activeElement);
        node.element.remove();
        WebMirror.nodes.delete(id);
        if (hadKeyboard) WebInput.takeBack();
      });
    },

    update: function (text) {
      var records = text.split('\x1e');
      records.pop();
      records = WebMirror.wrap(records);
      var fields = records.map(function (record) { return record.split('\x1f'); });
      var parents = new Set(fields.map(function (field) { return field[1]; }));
      // First, so that what stays finds its neighbours beside it: a row that scrolled away would have all others move past it.
      WebMirror.removeOthers(new Set(fields.map(function (field) { return field[0]; })));
      var seen = new Set();
      var lastChild = new Map();
      var focused = '';
      fields.forEach(function (field, index) {
        var id = field[0], role = field[2];
        if (seen.has(id)) return; // two widgets of one id: the first is kept
        seen.add(id);
        var record = records[index] + (parents.has(id) ? '\x1e' : '');
        var node = WebMirror.nodes.get(id);
        var attributes = null;
        if (!node || node.record !== record) {
          attributes = new Map(field.slice(8).map(function (entry) {
            var split = entry.indexOf('=');
            return [entry.slice(0, split), entry.slice(split + 1)];
          }));
          var tag = WebMirror.tagOf(role, attributes);
          if (/^(INPUT|TEXTAREA)$/.test(tag) && attributes.has('aria-placeholder')) {
            attributes.set('placeholder', attributes.get('aria-placeholder'));
            attributes.delete('aria-placeholder');
          }
          if (!node || node.role !== role || node.element.tagName !== tag) {
            if (node) node.element.remove();
            node = { element: WebMirror.create(id, tag, role), role: role, record: '', attributes: new Map() };
            WebMirror.nodes.set(id, node);
          }
        }
        var parentNode = field[1] === '0' || !seen.has(field[1]) ? null : WebMirror.nodes.get(field[1]);
        var parent = parentNode ? parentNode.element : Web.layer;
        var previous = lastChild.get(parent);
        var wanted = previous ? previous.nextSibling : parent.firstElementChild;
        if (node.element.parentNode !== parent || (wanted !== node.element && node.element !== previous)) {
          parent.insertBefore(node.element, wanted);
        }
        lastChild.set(parent, node.element);
        if (attributes) {
          node.record = record;
          WebMirror.apply(node, attributes);
          WebMirror.rename(node, role, field[7], parents.has(id));
          var style = node.element.style;
          style.left = field[3] + 'px';
          style.top = field[4] + 'px';
          style.width = field[5] + 'px';
          style.height = field[6] + 'px';
        }
        if (node.attributes.has('focused')) focused = id;
      });
      WebMirror.follow(focused);
    },

    // Readers follow the focus of the DOM, so it goes where the keyboard of the canvas is; text fields have the caret's own area.
    follow: function (id) {
      var name = id ? 'n' + id : '';
      if (name === WebMirror.canvasFocus) return;
      WebMirror.canvasFocus = name;
      var active = document.activeElement;
      if (active && (active === Web.textarea || active.closest('#areas'))) return;
      var element = name && document.getElementById(name);
      if (element && !/^(INPUT|TEXTAREA)$/.test(element.tagName)) element.focus({ preventScroll: true });
    },
  },

  web_mirror__deps: ['$WebMirror'],
  web_mirror: function (pointer, size) { WebMirror.update(UTF8ToString(pointer, size)); },

  web_announce__deps: ['$WebMirror'],
  web_announce: function (text) {
    // A repeated sentence is read again only when the node changes.
    var sentence = UTF8ToString(text);
    WebMirror.live.textContent = WebMirror.live.textContent === sentence ? sentence + '\u00a0' : sentence;
  },

  // Enter or Space on a node that a reader moved to: the id of the node, or 0 when the canvas has the focus itself.
  web_mirror_focus_of_reader__deps: ['$WebMirror'],
  web_mirror_focus_of_reader: function () {
    var active = document.activeElement;
    if (!active || !active.closest('#mirror') || active.id === WebMirror.canvasFocus || Web.isForeignField(active)) return 0;
    return WebMirror.idOf(active);
  },
});
