// What a browser asks for when it begins, and what it keeps of that.
import { check, checkEqual, eventually, frames, makeAccount, openPage, openWindow, send, settled, signIn, startServer, test, visit } from './support.mjs';

const file = import.meta.url;
const count = 1100;
let server, context, page;

// The addresses that are asked for, and the bytes of their answers as they came over the wire.
async function listen(to) {
  const client = await to.context().newCDPSession(to);
  const asked = [], addresses = new Map();
  await client.send('Network.enable');
  client.on('Network.responseReceived', ({ requestId, response }) => {
    const encoding = Object.entries(response.headers).find(([name]) => name.toLowerCase() === 'content-encoding');
    addresses.set(requestId, { address: response.url.slice(server.url.length), encoding: encoding?.[1] ?? '' });
  });
  client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (addresses.has(requestId)) asked.push({ ...addresses.get(requestId), bytes: encodedDataLength });
  });
  return asked;
}

const snapshots = (asked) => asked.filter(({ address }) => address.startsWith('/api/v1/sync/snapshot'));
const rows = () => page.getByRole('row', { name: /waits for a token/ }).count();

test(file, 'the first load is pages of few bytes, shown from the first one on', async () => {
  server = await startServer();
  context = await openWindow();
  await makeAccount(context, server);
  let table = 'title,labels\n';
  for (let number = 1; number <= count; number++) table += `Issue ${number} of the reader that waits for a token,${number % 3 ? 'bug' : 'docs'}\n`;
  const answer = await context.request.fetch(`${server.url}/api/v1/import?format=csv`,
    { method: 'POST', headers: { origin: server.url, 'content-type': 'application/octet-stream' }, data: table });
  check(answer.ok(), `the import: ${answer.status()} ${(await answer.text()).slice(0, 300)}`);
  page = await openPage(context);
  const asked = await listen(page);
  await visit(page, `${server.url}/issues`);
  await eventually('rows', async () => await rows() > 5);
  await eventually('pages', () => snapshots(asked).length, 2);
  const bytes = snapshots(asked).reduce((sum, one) => sum + one.bytes, 0);
  check(bytes < count * 40, `${bytes} bytes for ${count} issues`);
  for (const { encoding } of snapshots(asked)) checkEqual(encoding, 'zstd', 'encoding');
  checkEqual(page.complaints, [], 'complaints');
});

test(file, 'the next start shows the copy and asks for changes alone', async () => {
  await eventually('the copy', () => page.evaluate(() => new Promise((resolve) => {
    const request = indexedDB.open('dits', 1);
    request.onsuccess = () => {
      const asked = request.result.transaction('values').objectStore('values').get('cache:meta');
      asked.onsuccess = () => { request.result.close(); resolve(Boolean(asked.result)); };
    };
  })), true);
  await send(context, server, 'PATCH', '/api/v1/issues/7', { title: 'Changed while nobody looked' });
  await page.close();
  page = await openPage(context);
  const asked = await listen(page);
  await visit(page, `${server.url}/issues?q=looked`);
  await eventually('the change', () => page.getByRole('row', { name: /Changed while nobody looked/ }).count(), 1);
  checkEqual(snapshots(asked).length, 0, 'snapshots');
  checkEqual(page.complaints, [], 'complaints');
});

test(file, 'the first picture does not wait for the fonts, and they are taken when they come', async () => {
  // As on a first visit: a worker would have them already.
  const window = await openWindow({ serviceWorkers: 'block' });
  await signIn(window, server);
  const tab = await openPage(window);
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await tab.route('**/fonts.*.bin', async (route) => {
    await held;
    await route.continue();
  });
  await visit(tab, `${server.url}/issues`);
  await eventually('rows', async () => await tab.getByRole('row', { name: /waits for a token/ }).count() > 5);
  await settled(tab);
  const before = await frames(tab);
  release();
  await eventually('a picture with the fonts', async () => await frames(tab) > before);
  checkEqual(tab.complaints, [], 'complaints');
  await window.close();
});

test(file, 'an opened issue is one request', async () => {
  const asked = await listen(page);
  await visit(page, `${server.url}/issues/9`);
  await settled(page);
  await eventually('its details', () => asked.filter(({ address }) => /\/details/.test(address)).length, 1);
  await settled(page);
  checkEqual(asked.filter(({ address }) => /^\/api\/v1\/issues\/[^?]*/.test(address)).length, 1, 'requests about it');
});
