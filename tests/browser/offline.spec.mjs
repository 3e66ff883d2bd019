// The page without its server: what the worker keeps, and what it does not; versions that come later.
import http from 'node:http';

import {
  check, checkEqual, closeLater, createByKeys, drawn, eventually, makeAccount, openPage, openWindow, photograph, send, settled, signIn, startServer, test, visit,
} from './support.mjs';

const file = import.meta.url;
let server, context, page, relay;

const row = (name, on = page) => on.getByRole('row', { name });
const named = async (title) => (await send(context, server, 'GET', '/api/v1/issues?limit=200')).items.filter((issue) => issue.title === title).length;
const isOffline = (on = page) => on.getByRole('status', { name: /^Offline/ });
const offer = (on, words = 'A new version is here') => on.getByRole('listitem', { name: words });

// ---- a way to the server that writes down what is asked, falls silent, and has the program look like another version of it

async function relayTo(upstream) {
  const way = { url: '', asked: [], version: '', isSilent: false, unanswered: [], stranger: '', streams: new Set() };
  // As a server that hung and was started again: what was asked meanwhile gets no answer, and is told so.
  way.speak = () => {
    way.isSilent = false;
    for (const answer of way.unanswered.splice(0)) answer.destroy();
  };
  const own = http.createServer((request, answer) => {
    way.asked.push({ address: request.url, at: Date.now() });
    if (way.isSilent) return way.unanswered.push(answer);
    if (way.stranger) return answer.writeHead(200, { 'content-type': 'text/html' }).end(way.stranger);
    const isProgram = request.url === '/sw.js' || /text\/html/.test(request.headers.accept ?? '') || request.url === '/index.html';
    const headers = { ...request.headers };
    if (isProgram) {
      delete headers['accept-encoding'];
      delete headers['if-none-match'];
    }
    const onward = http.request(upstream.url + request.url, { method: request.method, headers }, (from) => {
      if (/event-stream/.test(from.headers['content-type'] ?? '')) {
        way.streams.add(answer);
        answer.on('close', () => { way.streams.delete(answer); onward.destroy(); });
      }
      if (!isProgram || !way.version) {
        answer.writeHead(from.statusCode, from.headers);
        return from.pipe(answer);
      }
      let text = '';
      from.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => {
        text = text.replace(/(name="version" content="|const version = ')[0-9a-f]{12}/, `$1${way.version}`);
        const { 'content-length': length, etag, ...rest } = from.headers;
        answer.writeHead(from.statusCode, rest);
        answer.end(text);
      });
    });
    onward.on('error', () => { answer.destroy(); });
    request.pipe(onward);
  });
  await new Promise((resolve) => { own.listen(0, '127.0.0.1', resolve); });
  way.url = `http://127.0.0.1:${own.address().port}`;
  closeLater(() => new Promise((resolve) => {
    own.close(resolve);
    own.closeAllConnections();
  }));
  return way;
}

// ---- what the browser keeps

// The program and the copy of the issues: from then on a start needs no server.
async function allKept(on) {
  await eventually('the worker', () => on.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state), 'activated', 30_000);
  await eventually('the copy', () => on.evaluate(() => new Promise((resolve) => {
    const request = indexedDB.open('dits', 1);
    request.onsuccess = () => {
      const asked = request.result.transaction('values').objectStore('values').get('cache:meta');
      asked.onsuccess = () => { request.result.close(); resolve(Boolean(asked.result)); };
    };
  })), true);
}

const storedBytes = (on) => on.evaluate(() => new Promise((resolve) => {
  const request = indexedDB.open('dits', 1);
  request.onsuccess = () => {
    const asked = request.result.transaction('values').objectStore('values').getAll();
    asked.onsuccess = () => {
      request.result.close();
      resolve(asked.result.map((value) => new TextDecoder('latin1').decode(value)).join('\n'));
    };
  };
}));

const caches = (on) => on.evaluate(async () => {
  const found = {};
  for (const name of await window.caches.keys()) {
    found[name] = (await (await window.caches.open(name)).keys()).map((request) => new URL(request.url).pathname).sort();
  }
  return found;
});
const versionOf = (on) => on.evaluate(() => document.querySelector('meta[name=version]').content);

async function reload(on) {
  await on.reload({ waitUntil: 'commit' });
  await drawn(on);
}

async function runByPalette(on, words) {
  await on.bringToFront();
  await settled(on);
  await on.keyboard.press('Control+k');
  await on.getByRole('dialog', { name: 'Command palette' }).waitFor();
  await on.keyboard.type(words);
  await settled(on);
  await on.keyboard.press('Enter');
}

// ---- the tests

test(file, 'the worker comes behind the first picture, and what it keeps is fetched once', async () => {
  server = await startServer();
  relay = await relayTo(server);
  context = await openWindow();
  await makeAccount(context, server);
  await send(context, server, 'POST', '/api/v1/issues', { title: 'There before the server went' });
  page = await openPage(context, `${relay.url}/issues`);
  await row(/There before/).waitFor();
  await allKept(page);
  const firstFrame = await page.evaluate(() => performance.timeOrigin + performance.getEntriesByName('first-frame')[0].startTime);
  const worker = relay.asked.find(({ address }) => address === '/sw.js');
  check(worker.at >= firstFrame, `asked for ${firstFrame - worker.at} ms before the first picture`);
  const kept = Object.entries(await caches(page));
  checkEqual(kept.length, 1, 'caches');
  const named = await page.evaluate(() => [...document.querySelectorAll('[href^="/assets/"], [src^="/assets/"]')]
    .map((element) => element.getAttribute('href') ?? element.getAttribute('src')).sort());
  checkEqual(kept[0], [`dits-program-${await versionOf(page)}`, [...named, '/index.html']], 'what is kept');
  const twice = named.filter((address) => relay.asked.filter((one) => one.address === address).length > 1);
  checkEqual(twice, [], 'asked for twice');
  checkEqual(page.complaints, [], 'complaints');
});

test(file, 'the worker answers for the files of the program, and for nothing of the API or the event stream', async () => {
  const by = new Map();
  page.on('response', (response) => by.set(new URL(response.url()).pathname, response.fromServiceWorker()));
  await reload(page);
  await row(/There before/).waitFor();
  await eventually('the stream', () => by.has('/api/v1/events'), true);
  const ofWorker = [...by].filter(([, isWorkers]) => isWorkers).map(([address]) => address);
  check(ofWorker.some((address) => address.endsWith('.wasm')), `the worker answered ${ofWorker}`);
  checkEqual(ofWorker.filter((address) => address.startsWith('/api')), [], 'of the API');
  checkEqual(await page.evaluate(async () => (await fetch('/healthz')).status), 200, 'health');
});

test(file, 'a reload while the server is stopped starts from the local copy; what is written then is sent once', async () => {
  const tab = await openPage(context, `${server.url}/issues`);
  await row(/There before/, tab).waitFor();
  await allKept(tab);
  await server.stop();
  await reload(tab);
  await row(/There before/, tab).waitFor();
  await isOffline(tab).waitFor();
  await createByKeys(tab, 'Written without the server');
  await photograph(tab, 'offline-light');
  await reload(tab);
  await row(/Written without the server/, tab).waitFor();
  await server.start();
  await eventually('sent', () => named('Written without the server'), 1, 90_000);
  await eventually('synced', () => isOffline(tab).count(), 0, 30_000);
  await reload(tab);
  await row(/Written without the server/, tab).waitFor();
  checkEqual(await row(/Written without the server/, tab).count(), 1, 'rows');
  checkEqual(await named('Written without the server'), 1, 'issues');
  await tab.close();
}, { limitMs: 240_000 });

test(file, 'a reload while the browser is offline does the same', async () => {
  const tab = await openPage(context, `${server.url}/today`);
  await settled(tab);
  await allKept(tab);
  await context.setOffline(true);
  await tab.goto(`${server.url}/issues`, { waitUntil: 'commit' });
  await drawn(tab);
  await row(/There before/, tab).waitFor();
  await createByKeys(tab, 'Written offline');
  await context.setOffline(false);
  await eventually('sent', () => named('Written offline'), 1, 60_000);
  checkEqual(await row(/Written offline/, tab).count(), 1, 'rows');
  await tab.close();
});

test(file, 'a server that takes requests and answers none does not hold the page up', async () => {
  relay.isSilent = true;
  await reload(page);
  await row(/There before/).waitFor();
  await isOffline().waitFor();
  relay.speak();
});

test(file, 'an address that the server alone has is not answered by the kept page', async () => {
  relay.speak();
  const tab = await openPage(context);
  await tab.goto(`${relay.url}/healthz`);
  check(!(await tab.content()).includes('id="canvas"'), 'health');
  await context.setOffline(true);
  for (const address of ['/healthz', '/api/docs', '/licenses.txt']) {
    const failed = await tab.goto(relay.url + address).then(() => '', (error) => error.message);
    check(/ERR_INTERNET_DISCONNECTED/.test(failed), `${address}: ${failed || 'answered'}`);
  }
  await context.setOffline(false);
  await tab.close();
});

test(file, 'a new version is offered in every window, forced on none, and never loaded over unsaved words', async () => {
  await visit(page, `${relay.url}/issues`);
  await row(/There before/).waitFor();
  const other = await openPage(context, `${relay.url}/issues`);
  await row(/There before/, other).waitFor();
  await eventually('nothing new', () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).waiting === null), true);
  const before = await versionOf(page);
  for (const tab of [page, other]) await tab.evaluate(() => { window.isSame = true; });
  relay.version = 'feedfeedfeed';
  for (const stream of relay.streams) stream.destroy();
  for (const tab of [page, other]) {
    await tab.bringToFront();
    await offer(tab).waitFor({ timeout: 60_000 });
  }
  await page.bringToFront();
  await photograph(page, 'version-light');
  checkEqual([await versionOf(page), await page.evaluate(() => window.isSame)], [before, true], 'the page');
  // Words that nobody saved.
  await settled(page);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/issues\/\d+/);
  await settled(page);
  await page.keyboard.press('m');
  await page.locator('#areas textarea').waitFor();
  await page.keyboard.type('Half a comment');
  await offer(page).getByRole('button', { name: 'Reload' }).click();
  await offer(page, /^Save or discard what you write/).waitFor();
  checkEqual(await page.evaluate(() => window.isSame), true, 'the page with the words');
  check((await page.locator('#areas textarea').inputValue()).includes('Half a comment'), 'the words');
  await page.locator('#areas textarea').press('Escape');
  await settled(page);
  await runByPalette(page, 'Reload into the new version');
  await eventually('the version', () => versionOf(page), 'feedfeedfeed', 30_000);
  await drawn(page);
  await page.getByRole('heading', { name: 'There before the server went' }).first().waitFor();
  await eventually('caches', async () => Object.keys(await caches(page)), ['dits-program-feedfeedfeed']);
  checkEqual([await versionOf(other), await other.evaluate(() => window.isSame)], [before, true], 'the other window');
  await settled(page);
  checkEqual(await offer(page).count(), 0, 'offers after the reload');
  await other.close();
}, { limitMs: 240_000 });

test(file, 'a page that is of the new version by itself lets it take over and says nothing', async () => {
  relay.version = 'c0ffeec0ffee';
  await reload(page);
  await eventually('the version', () => versionOf(page), 'c0ffeec0ffee');
  await eventually('caches', async () => Object.keys(await caches(page)), ['dits-program-c0ffeec0ffee'], 30_000);
  await settled(page);
  checkEqual(await offer(page).count(), 0, 'offers');
});

test(file, 'another program at the same address finds no worker in its way', async () => {
  relay.stranger = '<title>Somebody else</title>';
  const tab = await openPage(context);
  await tab.goto(`${relay.url}/issues`);
  await eventually('the worker', () => tab.evaluate(async () => (await navigator.serviceWorker.getRegistration()) === undefined), true);
  await tab.close();
  relay.stranger = '';
  await reload(page);
  await allKept(page);
});

test(file, 'after signing out a reload without the server shows nothing of the account', async () => {
  await runByPalette(page, 'Sign out');
  const confirm = page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' });
  await eventually('signed out, or asked', async () => new URL(page.url()).pathname === '/login' || await confirm.count() > 0);
  if (await confirm.count() > 0) await confirm.click();
  await eventually('the address', () => new URL(page.url()).pathname, '/login');
  await settled(page);
  await context.setOffline(true);
  await page.goto(`${relay.url}/issues`, { waitUntil: 'commit' });
  await drawn(page);
  await page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
  await settled(page);
  checkEqual(await page.getByRole('row').count(), 0, 'rows');
  checkEqual(await page.title(), 'dits', 'title');
  check(!(await page.content()).includes('There before'), 'a title in the page');
  check(!(await storedBytes(page)).includes('There before'), 'a title in the storage');
  for (const addresses of Object.values(await caches(page))) {
    checkEqual(addresses.filter((address) => address !== '/index.html' && !address.startsWith('/assets/')), [], 'what is kept');
  }
  await photograph(page, 'offline-signed-out');
  await context.setOffline(false);
});

test(file, 'a session that the server ended shows nothing without the server either', async () => {
  await signIn(context, server);
  const tab = await openPage(context, `${server.url}/issues`);
  await row(/There before/, tab).waitFor();
  await allKept(tab);
  await context.clearCookies();
  await reload(tab);
  await tab.getByRole('form', { name: 'Sign in' }).waitFor();
  await server.stop();
  await tab.goto(`${server.url}/issues`, { waitUntil: 'commit' });
  await drawn(tab);
  await tab.getByRole('heading', { name: 'The server does not answer' }).waitFor();
  await settled(tab);
  checkEqual(await tab.getByRole('row').count(), 0, 'rows');
  await server.start();
  await signIn(context, server);
  await row(/There before/, tab).waitFor({ timeout: 60_000 });
  checkEqual(tab.complaints, [], 'complaints');
  await tab.close();
}, { limitMs: 240_000 });

test(file, 'it can be installed, and its shortcuts lead where they say', async () => {
  const tab = await openPage(context, `${server.url}/issues/new`);
  await tab.getByRole('dialog', { name: 'New issue' }).waitFor();
  checkEqual(new URL(tab.url()).pathname, '/inbox', 'address');
  const client = await tab.context().newCDPSession(tab);
  const manifest = await client.send('Page.getAppManifest');
  checkEqual(manifest.errors, [], 'errors of the manifest');
  checkEqual(JSON.parse(manifest.data).shortcuts.map(({ url }) => url), ['/issues/new', '/today'], 'shortcuts');
  await allKept(tab);
  // A window of a test counts as a private one, which installs nothing; all else must be right.
  const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
  checkEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'), [], 'what keeps it from being installed');
  await tab.close();
});

test(file, 'over plain http to another machine nothing is kept, and nothing is said', async () => {
  const tab = await openPage(context, `${server.plainUrl}/login`);
  await tab.getByRole('form', { name: 'Sign in' }).waitFor();
  checkEqual(await tab.evaluate(() => [isSecureContext, 'serviceWorker' in navigator]), [false, false], 'what the browser gives');
  // Chromium says itself that such a page has no isolation.
  checkEqual(tab.complaints.filter((words) => !words.includes('Cross-Origin-Opener-Policy')), [], 'complaints');
  await tab.close();
});

test(file, 'the offer and the offline list as they look in the dark and on a phone', async () => {
  for (const [name, look] of [['dark', { dark: true }], ['phone', { width: 390, height: 844, hasTouch: true, isMobile: true }]]) {
    const window = await openWindow(look);
    await signIn(window, server);
    relay.version = '';
    const tab = await openPage(window, `${relay.url}/issues`);
    await row(/There before/, tab).waitFor();
    await allKept(tab);
    relay.version = 'feedfeedfeed';
    for (const stream of relay.streams) stream.destroy();
    await offer(tab).waitFor({ timeout: 60_000 });
    await photograph(tab, `version-${name}`);
    await window.setOffline(true);
    await reload(tab);
    await row(/There before/, tab).waitFor();
    await photograph(tab, `offline-${name}`);
    await window.close();
  }
}, { limitMs: 240_000 });
