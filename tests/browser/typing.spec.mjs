// What is typed faster than the app draws: each letter arrives, in its order, in fields of every kind.
import { account, checkEqual, eventually, makeAccount, openPage, openWindow, settled, signIn, startServer, test, visit } from './support.mjs';

const file = import.meta.url;
const words = 'The quick brown fox jumps over 13 lazy dogs, twice.';
let server, context, page;

const field = (name) => page.getByRole('textbox', { name, exact: true });
const reads = (name, text) => eventually(name, () => field(name).inputValue(), text);

// By the mouse the field of the canvas gets the caret, by focus the one that readers and password managers see.
const ways = {
  click: (name) => field(name).click(),
  focus: (name) => field(name).focus(),
};

async function typesInto(name) {
  for (const enter of Object.values(ways)) {
    await field(name).fill('');
    await settled(page);
    await enter(name);
    await page.keyboard.type(words);
    await reads(name, words);
  }
}

async function leave() {
  await context.clearCookies();
  await visit(page, `${server.url}/login`);
  await field('Email').waitFor();
  await settled(page);
}

const signedIn = () => eventually('signed in', () => new URL(page.url()).pathname !== '/login', true);

test(file, 'set-up takes all that is typed, in order', async () => {
  server = await startServer();
  context = await openWindow();
  page = await openPage(context, server.setupLink);
  await field('Name').waitFor();
  for (const name of ['Name', 'Email']) await typesInto(name);
});

test(file, 'so does the login, field after field', async () => {
  await makeAccount(context, server);
  await leave();
  await typesInto('Email');
  for (const enter of Object.values(ways)) {
    await field('Email').fill('');
    await enter('Email');
    await page.keyboard.type(account.email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(account.password);
    await page.keyboard.press('Enter');
    await signedIn();
    await leave();
  }
});

test(file, 'a refused password leaves the caret in its field, for more', async () => {
  for (const enter of Object.values(ways)) {
    await field('Email').fill(account.email);
    await enter('Password');
    await page.keyboard.type(account.password.slice(0, -3));
    await page.keyboard.press('Enter');
    await eventually('refused', () => field('Password').getAttribute('aria-invalid'), 'true');
    await settled(page);
    await page.keyboard.type(account.password.slice(-3));
    await page.keyboard.press('Enter');
    await signedIn();
    await leave();
  }
});

test(file, 'so do the fields of the settings', async () => {
  await signIn(context, server);
  await visit(page, `${server.url}/settings/profile`);
  await field('Name').waitFor();
  await typesInto('Name');
  checkEqual(page.complaints, [], 'complaints of the page');
});
