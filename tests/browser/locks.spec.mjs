// The locks of web/platform/library_locks.js, by the browser where it gives them to the page and by agreement where it does not:
// the same for whoever asks. Then the program over plain http, as another machine sees it: one event stream for all its windows.
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { account, check, checkEqual, createByKeys, eventually, makeAccount, openPage, openWindow, root, send, settled, startServer, test } from './support.mjs';

const file = import.meta.url;
let server, context;

// ---- the locks alone

// A page of that address with them and nothing else.
async function lockPage(address) {
  const source = readFileSync(path.join(root, 'web/platform/library_locks.js'), 'utf8');
  const page = await context.newPage();
  await page.goto(`${address}/healthz`);
  const later = await page.evaluate(`(() => {
    const library = {}, LibraryManager = { library }, mergeInto = Object.assign;
    ${source}
    window.WebLocks = library.$WebLocks;
    window.locks = {};
    return library.$WebLocks__postset;
  })()`);
  await page.evaluate(later);
  return page;
}

const ask = (page, name, steal = false) => page.evaluate(([wanted, steals]) => {
  const lock = { is: 'waiting', ending: new AbortController() };
  window.locks[wanted] = lock;
  window.WebLocks.request(wanted, steals ? { steal: true } : { signal: lock.ending.signal }, () => {
    lock.is = 'held';
    return new Promise((resolve) => { lock.leave = resolve; });
  }).then(() => { lock.is = 'left'; }, (error) => { lock.is = error.name; });
}, [name, steal]);
// Asks once: what is held or not is sure at the first answer.
const askOnce = (page, name) => page.evaluate((wanted) => new Promise((resolve) => {
  window.WebLocks.request(wanted, { ifAvailable: true }, (lock) => { resolve(lock !== null); });
}), name);
const state = (page, name) => page.evaluate((wanted) => window.locks[wanted].is, name);
const leave = (page, name) => page.evaluate((wanted) => window.locks[wanted].leave(), name);
const stop = (page, name) => page.evaluate((wanted) => window.locks[wanted].ending.abort(), name);
// Long enough for all that is agreed upon.
const moment = () => new Promise((resolve) => setTimeout(resolve, 1000));

async function checkLocks(address, isSecure) {
  const [a, b, c, d] = await Promise.all([1, 2, 3, 4].map(() => lockPage(address)));
  checkEqual(await a.evaluate(() => [isSecureContext, 'locks' in navigator]), [isSecure, isSecure], 'what the browser gives');

  for (const page of [a, b, c, d]) await ask(page, 'at once');
  await moment();
  const held = async () => (await Promise.all([a, b, c, d].map((page) => state(page, 'at once')))).filter((is) => is === 'held').length;
  checkEqual(await held(), 1, 'of four that ask at once');

  await ask(a, 'one');
  await eventually('a free one', () => state(a, 'one'), 'held');
  await ask(b, 'one');
  await ask(c, 'one');
  await ask(b, 'another');
  await eventually('another one', () => state(b, 'another'), 'held');
  await moment();
  checkEqual([await state(a, 'one'), await state(b, 'one'), await state(c, 'one')], ['held', 'waiting', 'waiting'], 'while one has it');
  checkEqual([await askOnce(d, 'one'), await askOnce(d, 'nobody has')], [false, true], 'who asks once');
  await stop(c, 'one');
  await eventually('who waits no more', () => state(c, 'one'), 'AbortError');
  await leave(a, 'one');
  await eventually('who left it', () => state(a, 'one'), 'left');
  await eventually('the next one', () => state(b, 'one'), 'held');

  await ask(c, 'one');
  await b.close();
  await eventually('after the page that had it', () => state(c, 'one'), 'held');

  await ask(d, 'one', true);
  await eventually('who takes it away', () => state(d, 'one'), 'held');
  await eventually('from whom it is taken', () => state(c, 'one'), 'AbortError');
  await ask(c, 'one');
  await moment();
  checkEqual([await state(c, 'one'), await state(d, 'one')], ['waiting', 'held'], 'who asks again');
  for (const page of [a, c, d]) await page.close();
}

test(file, 'one page at a time has a lock that the browser gives', async () => {
  server = await startServer();
  context = await openWindow();
  await checkLocks(server.url, true);
});

test(file, 'one page at a time has a lock that pages agree upon', async () => {
  await checkLocks(server.plainUrl, false);
});

test(file, 'a page that is frozen loses its lock to one that asks, and hears of it when it wakes', async () => {
  const frozen = await lockPage(server.plainUrl);
  const other = await lockPage(server.plainUrl);
  await ask(frozen, 'one');
  await eventually('a free one', () => state(frozen, 'one'), 'held');
  const wakes = frozen.evaluate(() => {
    const end = Date.now() + 3000;
    while (Date.now() < end);
  });
  await ask(other, 'one');
  await eventually('of one that is frozen', () => state(other, 'one'), 'held', 2500);
  await wakes;
  await eventually('when it wakes', () => state(frozen, 'one'), 'AbortError');
  checkEqual(await state(other, 'one'), 'held', 'the later one keeps it');
  await frozen.close();
  await other.close();
});

test(file, 'a page that ends without a word leaves its lock to one that waits', async () => {
  const [ended, other, third] = await Promise.all([1, 2, 3].map(() => lockPage(server.plainUrl)));
  await ask(ended, 'one');
  await eventually('a free one', () => state(ended, 'one'), 'held');
  await ask(other, 'one');
  await ask(third, 'one');
  await moment();
  checkEqual([await state(other, 'one'), await state(third, 'one')], ['waiting', 'waiting'], 'while one has it');
  await ended.evaluate(() => window.WebLocks.channel.close()); // as with a crash: it neither answers nor says that it goes
  await ended.close();
  const holders = async () => (await Promise.all([other, third].map((page) => state(page, 'one')))).filter((is) => is === 'held').length;
  await eventually('who have it then', holders, 1);
  await moment();
  checkEqual(await holders(), 1, 'who have it a second later');
  await other.close();
  await third.close();
});

// ---- the program

const row = (name, on) => on.getByRole('row', { name });
const streamsOfServer = async () => Number(/^dits_http_streams (\d+)/m.exec(await (await context.request.get(`${server.url}/metrics`)).text())[1]);
const tabName = (page) => page.evaluate(() => sessionStorage.getItem('dits-tab'));
const windows = [];

async function openOne(address) {
  const page = await openPage(context);
  page.streams = new Set();
  page.on('request', (request) => { if (new URL(request.url()).pathname === '/api/v1/events') page.streams.add(request); });
  for (const end of ['requestfailed', 'requestfinished']) page.on(end, (request) => page.streams.delete(request));
  await page.goto(address, { waitUntil: 'commit' });
  return page;
}

const titlesAtServer = async () => (await send(context, server, 'GET', '/api/v1/issues?limit=200')).items.map((issue) => issue.title).sort();

test(file, 'seven windows over plain http have one event stream, and a write in each is seen in all', async () => {
  await makeAccount(context, server);
  const first = await openOne(`${server.plainUrl}/healthz`);
  checkEqual(await first.evaluate(() => [isSecureContext, 'locks' in navigator]), [false, false], 'what the browser gives');
  await first.evaluate(({ email, password }) => fetch('/api/v1/auth/login', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password }),
  }), account);
  await first.close();
  for (let number = 1; number <= 7; ++number) {
    const page = await openOne(`${server.plainUrl}/issues`);
    windows.push(page);
    await page.getByRole('navigation').first().waitFor({ timeout: 60_000 });
  }
  await eventually('streams', streamsOfServer, 1, 30_000);
  const titles = windows.map((page, at) => `Written in window ${at + 1}`);
  for (const [at, page] of windows.entries()) await createByKeys(page, titles[at]);
  await eventually('what the server has', titlesAtServer, titles, 20_000);
  for (const page of windows) {
    await page.bringToFront();
    for (const title of titles) await row(new RegExp(title), page).waitFor();
  }
  checkEqual(windows.map((page) => page.streams.size).sort(), [0, 0, 0, 0, 0, 0, 1], 'streams of the windows');
  checkEqual(new Set(await Promise.all(windows.map(tabName))).size, 7, 'names of the windows');
}, { limitMs: 300_000 });

test(file, 'when the window that has the stream is closed, another one has it', async () => {
  const leads = windows.findIndex((page) => page.streams.size === 1);
  await windows.splice(leads, 1)[0].close();
  await eventually('the windows that have a stream', () => windows.filter((page) => page.streams.size === 1).length, 1, 20_000);
  const { items } = await send(context, server, 'GET', '/api/v1/issues?limit=200');
  await send(context, server, 'PATCH', `/api/v1/issues/${items[0].id}`, { title: 'Renamed meanwhile' });
  for (const page of windows) {
    await page.bringToFront();
    await row(/Renamed meanwhile/, page).waitFor();
  }
});

test(file, 'a tab that was frozen until its name was taken away goes on under another one', async () => {
  const frozen = windows[0];
  const other = await lockPage(server.plainUrl);
  const name = await tabName(frozen);
  await ask(other, `dits-tab-${name}`, true);
  await eventually('the name that it has then', async () => (await tabName(frozen)) !== name, true, 20_000);
  checkEqual(await state(other, `dits-tab-${name}`), 'held', 'the lock of its name');
  await frozen.bringToFront();
  await createByKeys(frozen, 'Written under the new name');
  await eventually('what the server has', async () => (await titlesAtServer()).includes('Written under the new name'), true, 20_000);
  await other.close();
});

test(file, 'a tab that was duplicated has a name of its own, and one that is reloaded keeps its name', async () => {
  const original = windows[0];
  const name = await tabName(original);
  check(name !== null && name !== '', 'the name of a tab');
  await original.bringToFront();
  await settled(original);
  const opened = context.waitForEvent('page');
  await original.evaluate(() => { window.open(location.href); });
  const copy = await opened;
  await copy.getByRole('navigation').first().waitFor({ timeout: 60_000 });
  await eventually('whether they differ', async () => (await tabName(copy)) !== name, true, 20_000);
  checkEqual(await tabName(original), name, 'the name of the original');
  await copy.close();
  await original.reload({ waitUntil: 'commit' });
  await original.getByRole('navigation').first().waitFor({ timeout: 60_000 });
  await settled(original);
  checkEqual(await tabName(original), name, 'the name after a reload');
});
