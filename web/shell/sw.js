// Keeps the program of one version in the browser, so that it starts without the server. Nothing of an account comes through here:
// what is asked of the API, event streams included, is the page's own affair.

const version = '{{VERSION}}';
const files = {{FILES}};
const shell = '/index.html';
const prefix = 'dits-program-';
const name = prefix + version;
// So long a page waits for the server before it is the kept one.
const patienceMs = 3000;

async function keep() {
  const cache = await caches.open(name);
  const page = await fetch(shell, { cache: 'no-store' });
  // From a server that was replaced since it sent this file, or from a page for signing in at a proxy: the browser tries again.
  const text = page.ok && !page.redirected ? await page.clone().text() : '';
  if (!text.includes(`content="${version}"`)) throw new Error(`${shell} is not of version ${version}`);
  await cache.put(shell, page);
  await cache.addAll(files);
}

async function forget(isMeant) {
  const names = (await caches.keys()).filter((key) => key.startsWith(prefix) && isMeant(key));
  await Promise.all(names.map((key) => caches.delete(key)));
}

async function begin() {
  await self.registration.navigationPreload?.enable();
  await forget((key) => key !== name);
}

// Another program has the address now (a port of this machine changes hands), or a version that knows no worker: ours goes.
async function giveWay(answer) {
  const isPage = answer.ok && /^text\/html/.test(answer.headers.get('content-type') ?? '');
  if (!isPage || (await answer.text()).includes('<meta name="version" content="')) return;
  await self.registration.unregister();
  await forget(() => true);
}

const kept = (address) => caches.match(address, { cacheName: name, ignoreVary: true });

// The server's, if it answers soon: then every reload is of its version.
async function page(event) {
  const asked = Promise.resolve(event.preloadResponse).then((early) => early ?? fetch(event.request));
  event.waitUntil(asked.then((answer) => giveWay(answer.clone())).catch(() => {}));
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(resolve, patienceMs); });
  const answer = await Promise.race([asked, late]).catch(() => undefined);
  clearTimeout(timer);
  // Of 5xx: a proxy whose server is away.
  if (answer && answer.status < 500) return answer;
  return await kept(shell) ?? answer ?? asked;
}

// As server/http/static_files.cpp has it.
function isPage(path) {
  const isServers = path === '/api' || path.startsWith('/api/') || ['/healthz', '/readyz', '/metrics'].includes(path);
  return !isServers && !path.slice(path.lastIndexOf('/') + 1).includes('.');
}

self.addEventListener('install', (event) => {
  // Where a browser knows such routes, this file is not even woken for the API.
  event.addRoutes?.({ condition: { urlPattern: '/api/*' }, source: 'network' });
  event.waitUntil(keep());
});
self.addEventListener('activate', (event) => event.waitUntil(begin()));
self.addEventListener('message', (event) => {
  if (event.data === 'version') event.ports[0].postMessage(version);
  if (event.data === 'take over') self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') {
    if (isPage(pathname)) event.respondWith(page(event));
  } else if (files.includes(pathname)) {
    event.respondWith(kept(pathname).then((file) => file ?? fetch(request)));
  }
});
