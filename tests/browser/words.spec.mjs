// Words that wait in the browser: one stream for all its pages, a store that is taken away, a session that ends.
import { account, check, checkEqual, crash, eventually, makeAccount, openPage, openWindow, send, settled, signIn, startServer, test } from './support.mjs';

const file = import.meta.url;
let server, context, pages;

const row = (name, on) => on.getByRole('row', { name });
const create = (title) => send(context, server, 'POST', '/api/v1/issues', { title });
const streamsOf = (page) => page.streams ?? 0;

async function openCounted(address) {
  const page = await openPage(context);
  page.streams = 0;
  const isStream = (request) => new URL(request.url()).pathname === '/api/v1/events';
  page.on('request', (request) => { if (isStream(request)) page.streams++; });
  for (const end of ['requestfailed', 'requestfinished']) page.on(end, (request) => { if (isStream(request)) page.streams--; });
  await page.goto(address, { waitUntil: 'commit' });
  await page.waitForFunction(() => window.ditsStats?.frames > 0, null, { timeout: 60_000 });
  return page;
}

// What the browser's store holds, by key.
const stored = (page) => page.evaluate(() => new Promise((resolve, reject) => {
  const request = indexedDB.open('dits', 1);
  request.onerror = () => reject(request.error);
  request.onupgradeneeded = () => request.transaction.abort();
  request.onsuccess = () => {
    const keys = request.result.transaction('values').objectStore('values').getAllKeys();
    keys.onsuccess = () => { request.result.close(); resolve(keys.result); };
  };
}));

test(file, 'seven pages share one stream, and each can write', async () => {
  server = await startServer();
  context = await openWindow();
  await makeAccount(context, server);
  await create('Seen by all');
  pages = [];
  for (let number = 0; number < 7; number++) {
    const page = await openCounted(`${server.url}/issues`);
    await row(/Seen by all/, page).waitFor();
    pages.push(page);
  }
  await eventually('open streams', () => pages.reduce((sum, page) => sum + streamsOf(page), 0), 1);
  const last = pages[6];
  await last.bringToFront();
  await settled(last);
  await last.keyboard.press('c');
  await last.getByRole('dialog', { name: 'New issue' }).waitFor();
  await last.keyboard.type('From the seventh');
  await last.keyboard.press('Control+Enter');
  for (const page of pages) await row(/From the seventh/, page).waitFor();
  await eventually('sent', async () => (await send(context, server, 'GET', '/api/v1/issues?limit=50')).items.length, 2);
}, { limitMs: 300_000 });

test(file, 'the page that holds the stream is closed: another one holds it at once, and no change is lost', async () => {
  for (let round = 0; round < 3; round++) {
    const leader = pages.find((page) => streamsOf(page) === 1);
    check(leader, 'a page holds the stream');
    pages = pages.filter((page) => page !== leader);
    const changes = (async () => {
      for (let number = 0; number < 6; number++) await create(`Change ${round}.${number}`);
    })();
    await leader.close();
    await changes;
    for (const page of pages) {
      for (let number = 0; number < 6; number++) await row(new RegExp(`Change ${round}\\.${number}`), page).waitFor({ timeout: 5_000 });
    }
    await eventually('open streams', () => pages.reduce((sum, page) => sum + streamsOf(page), 0), 1);
  }
}, { limitMs: 300_000 });

test(file, 'a store that is deleted under the page is written again from memory', async () => {
  const page = pages[0];
  for (const other of pages.slice(1)) await other.close();
  pages = [page];
  await page.bringToFront();
  await settled(page);
  await context.setOffline(true);
  const write = async (title) => {
    await page.keyboard.press('c');
    await page.getByRole('dialog', { name: 'New issue' }).waitFor();
    await page.keyboard.type(title);
    await page.keyboard.press('Control+Enter');
    await row(new RegExp(title), page).waitFor();
  };
  const queued = async () => (await stored(page)).filter((key) => key.startsWith('of:') && key.includes(':queue:')).length;
  await write('Before');
  await eventually('kept', queued, 1);
  await page.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('dits');
    request.onsuccess = resolve;
    request.onerror = request.onblocked = () => reject(new Error('not deleted'));
  }));
  await eventually('kept again', queued, 1);
  await write('After');
  await eventually('both kept', queued, 2);
  await context.setOffline(false);
  await eventually('sent', async () => {
    const { items } = await send(context, server, 'GET', '/api/v1/issues?limit=200');
    return ['Before', 'After'].every((title) => items.some((issue) => issue.title === title));
  }, true, 20_000);
});

// Whose lock it is was once told by a timer of this page, which is late itself when it is busy: words of an ended page stayed unseen.
test(file, 'a page that is busy while it asks takes over the words of one that crashed', async () => {
  const crashed = await openPage(context, `${server.url}/issues`);
  await row(/Seen by all/, crashed).waitFor();
  await settled(crashed);
  await crashed.keyboard.press('c');
  await crashed.getByRole('dialog', { name: 'New issue' }).waitFor();
  await crashed.keyboard.type('Half an issue');
  await settled(crashed, 800);
  await crash(crashed);
  const busy = await context.newPage();
  await busy.addInitScript(() => {
    const request = navigator.locks.request.bind(navigator.locks);
    navigator.locks.request = (name, ...more) => {
      const answer = request(name, ...more);
      const end = performance.now() + (name.startsWith('dits-tab-') ? 600 : 0);
      while (performance.now() < end);
      return answer;
    };
  });
  await busy.goto(`${server.url}/issues`);
  await busy.getByRole('button', { name: 'New issue, a draft waits' }).first().waitFor();
  await settled(busy);
  await busy.keyboard.press('c');
  await eventually('the title', () => busy.getByRole('textbox', { name: 'Title' }).inputValue(), 'Half an issue');
  await busy.keyboard.press('Control+a');
  await busy.keyboard.press('Delete');
  await busy.keyboard.press('Escape');
  await settled(busy);
  await busy.close();
  await pages[0].bringToFront();
});

test(file, 'the session ends while a text area has the keyboard: the sign-in form takes the keys', async () => {
  const page = pages[0];
  await settled(page);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/issues\/\d+/);
  await settled(page);
  await page.keyboard.press('e');
  await page.locator('#areas textarea').waitFor();
  await page.keyboard.type('Half a sentence');
  await settled(page);
  await send(context, server, 'POST', '/api/v1/auth/logout');
  await page.getByRole('textbox', { name: 'Email' }).waitFor();
  await settled(page);
  await page.keyboard.type(account.email);
  await eventually('the e-mail address', () => page.getByRole('textbox', { name: 'Email' }).inputValue(), account.email);
  await page.keyboard.press('Tab');
  await settled(page);
  await page.keyboard.type(account.password);
  await page.keyboard.press('Enter');
  await page.locator('#areas textarea').waitFor();
  await eventually('the sentence', () => page.locator('#areas textarea').inputValue(), 'Half a sentence');
  await page.keyboard.press('Escape');
});

test(file, 'signing out in one page signs out the other; unsent words are told of, kept, and nothing else is', async () => {
  const page = pages[0];
  const second = await openPage(context, `${server.url}/issues`);
  await settled(second);
  await page.bringToFront();
  await settled(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Sign out');
  await settled(page);
  await page.keyboard.press('Enter');
  await page.getByRole('alertdialog', { name: /Sign out with 1 draft not sent/ }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).last().click();
  await page.getByRole('textbox', { name: 'Email' }).waitFor();
  await second.getByRole('textbox', { name: 'Email' }).waitFor();
  await eventually('what is left', async () => (await stored(page)).map((key) => key.replace(/^of:[^:]*:/, '').split(':')[0]).sort(), ['draft', 'look', 'name']);
  await signIn(context, server);
  checkEqual(page.complaints, [], 'complaints');
});
