// What the browser still holds when an account without unsent words has signed out: every database, store and value is looked at.
import { account, check, checkEqual, eventually, makeAccount, openPage, openWindow, send, settled, signIn, startServer, test } from './support.mjs';

const file = import.meta.url;
const title = 'Heliotrope accounts';
const words = 'Nobody else is to read this heliotrope sentence.';
let server, context;

// All of IndexedDB, and whatever else a page may keep: [place, key, value as text].
const everything = (page) => page.evaluate(async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(new Error('IndexedDB'));
  });
  const asText = (value) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return new TextDecoder().decode(value);
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const storeName of database.objectStoreNames) {
      const store = database.transaction(storeName).objectStore(storeName);
      const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
      keys.forEach((key, at) => found.push([`${name}/${storeName}`, String(key), asText(values[at])]));
    }
    database.close();
  }
  for (const [place, storage] of [['localStorage', localStorage], ['sessionStorage', sessionStorage]]) {
    for (const key of Object.keys(storage)) found.push([place, key, storage.getItem(key)]);
  }
  for (const name of await caches.keys()) found.push(['caches', name, '']);
  return found;
});

// The look is the machine's: light or dark, before anybody signs in.
const ofAccounts = async (page) => (await everything(page)).filter(([place, key]) => place.startsWith('dits/') && key !== 'look').map(([, key]) => key);

async function work(page) {
  await page.bringToFront();
  await settled(page);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/issues\/\d+/);
  await settled(page);
  await page.goBack();
  await page.waitForURL(/\/issues$/);
  await settled(page);
}

async function signOut(page) {
  await page.bringToFront();
  await settled(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Sign out');
  await settled(page);
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Email' }).waitFor();
}

async function checkNothingIsLeft(page) {
  await page.bringToFront();
  await eventually('records of accounts', () => ofAccounts(page), []);
  await settled(page, 1000); // what was on its way to the store would have come by now
  checkEqual(await ofAccounts(page), [], 'records of accounts, a moment later');
  for (const [place, key, value] of await everything(page)) {
    for (const word of ['eliotrope', account.email, account.name]) check(!`${key} ${value}`.includes(word), `${place} still holds "${word}" in ${key}: ${value.slice(0, 200)}`);
  }
}

test(file, 'one tab: a signed-out account leaves nothing in the browser', async () => {
  server = await startServer();
  context = await openWindow();
  await makeAccount(context, server);
  await send(context, server, 'POST', '/api/v1/issues', { title, description: words });
  const page = await openPage(context, `${server.url}/issues`);
  await page.getByRole('row', { name: title }).waitFor();
  await work(page);
  await eventually('the browser keeps a copy while the account is signed in', async () => (await ofAccounts(page)).length > 0);
  await eventually('the look into the store finds what is kept', async () => (await everything(page)).some(([, , value]) => value.includes('eliotrope')));
  await signOut(page);
  await checkNothingIsLeft(page);
  checkEqual(page.complaints, [], 'complaints');
  await page.close();
});

test(file, 'two tabs: neither of them writes anything back after the other has signed out', async () => {
  await signIn(context, server);
  const [first, second] = [await openPage(context, `${server.url}/issues`), await openPage(context, `${server.url}/issues`)];
  for (const page of [first, second]) {
    await page.getByRole('row', { name: title }).waitFor();
    await work(page);
  }
  await signOut(first);
  await second.getByRole('textbox', { name: 'Email' }).waitFor();
  await checkNothingIsLeft(first);
  await checkNothingIsLeft(second);
  for (const page of [first, second]) checkEqual(page.complaints, [], 'complaints');
});
