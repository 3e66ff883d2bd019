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

async function begin() {
  await self.registration.navigationPreload?.enable();
  const others = (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== name);
  await Promise.all(others.map((key) => caches.delete(key)));
}

// Another program has the address now (a port of this machine changes hands), or a version that knows no worker: ours goes.
async function giveWay(answer) {
  const isPage = answer.ok && /^text\/html/.test(answer.headers.get('content-type') ?? '');
  if (isPage && !(await answer.text()).includes('<meta name="version" content="')) await self.registration.unregister();
}

const kept = (address) => caches.match(address, { cacheName: name, ignoreVary: true });

// The server's, if it answers soon: then every reload is of its version. What comes too late is not waited for any more: a request
// without an end would hold up the next one for the same page, and the version that is to take over.
async function page(event) {
  const ending = new AbortController();
  const ask = async () => await event.preloadResponse ?? fetch(event.request, { signal: ending.signal });
  const late = new Promise((resolve) => { setTimeout(resolve, patienceMs); });
  const answer = await Promise.race([ask(), late]).catch(() => undefined);
  if (answer) event.waitUntil(giveWay(answer.clone()));
  else ending.abort();
  // Of 5xx: a proxy whose server is away.
  if (answer && answer.status < 500) return answer;
  return await kept(shell) ?? answer ?? fetch(event.request);
}

// As server/http/static_files.cpp has it.
function isPage(path) {
  const isServers = path === '/api' || path.startsWith('/api/') || ['/healthz', '/livez', '/readyz', '/metrics'].includes(path);
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
