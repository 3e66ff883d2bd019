// Pictures of the main screens in both themes, at the sizes of design/, into build/screenshots. Each is checked for what must
// be on it; the look is for people to compare.
import { checkEqual, eventually, makeAccount, openPage, openWindow, photograph, settled, startServer, test, visit } from './support.mjs';
import { fillDesk } from './desk_of_ada.mjs';

const file = import.meta.url;
let server, cookies;

async function windowOf(dark, phone) {
  const context = await openWindow({ dark, ...(phone ? { width: 390, height: 844, deviceScaleFactor: 2, hasTouch: true, isMobile: true } : {}) });
  if (cookies) await context.addCookies(cookies);
  return context;
}

test(file, 'login and first run', async () => {
  server = await startServer();
  for (const dark of [false, true]) {
    const context = await windowOf(dark);
    const theme = dark ? 'dark' : 'light';
    const page = await openPage(context, server.setupLink);
    await page.getByRole('textbox', { name: 'Email' }).waitFor();
    await photograph(page, `first-run-${theme}`);
    await visit(page, `${server.url}/login`);
    await page.getByRole('textbox', { name: 'Email' }).waitFor();
    await photograph(page, `login-${theme}`);
    await context.close();
  }
  const context = await openWindow();
  await makeAccount(context, server);
  await fillDesk(context, server);
  cookies = await context.cookies();
  await context.close();
});

for (const dark of [false, true]) {
  const theme = dark ? 'dark' : 'light';
  test(file, `the screens, ${theme}`, async () => {
    const context = await windowOf(dark);
    const page = await openPage(context, `${server.url}/issues`);
    await page.getByRole('row', { name: /Websocket drops/ }).first().click();
    await photograph(page, `list-${theme}`);
    await page.getByRole('combobox', { name: 'Filter issues' }).click();
    await page.keyboard.type('is:open label:net priority:>=high sort:-updat');
    await photograph(page, `query-${theme}`);
    for (const [address, name] of [['/issues?layout=board', 'board'], ['/issues/1', 'issue'], ['/today', 'today'], ['/inbox', 'inbox'],
      ['/settings/appearance', 'settings'], ['/settings/tokens', 'tokens'], ['/settings/labels', 'labels'], ['/settings/backups', 'backups'], ['/settings/transfer', 'transfer'], ['/trash', 'trash'], ['/nothing/here', 'not-found']]) {
      await visit(page, server.url + address);
      await photograph(page, `${name}-${theme}`);
    }
    await visit(page, `${server.url}/issues`);
    await page.getByRole('row', { name: /Websocket drops/ }).first().click();
    await settled(page);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
    await page.keyboard.type('prio');
    await photograph(page, `palette-${theme}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    await page.getByRole('dialog', { name: 'New issue' }).waitFor();
    await page.keyboard.type('Say it in a title');
    await photograph(page, `new-issue-${theme}`);
    await page.keyboard.press('Escape');
    await settled(page);
    await page.keyboard.press('p');
    await page.getByRole('menu').first().waitFor();
    await photograph(page, `which-key-${theme}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await photograph(page, `keyboard-${theme}`);
    checkEqual(page.complaints, [], 'complaints');
    await context.close();
  });

  test(file, `the phone, ${theme}`, async () => {
    const context = await windowOf(dark, true);
    const page = await openPage(context, `${server.url}/issues`);
    await eventually('rows', () => page.getByRole('row').count().then((n) => n > 3));
    for (const [address, name] of [['/issues', 'list'], ['/issues/1', 'issue'], ['/issues?layout=board', 'board'], ['/today', 'today']]) {
      await visit(page, server.url + address);
      await photograph(page, `phone-${name}-${theme}`);
    }
    checkEqual(page.complaints, [], 'complaints');
    await context.close();
  });
}
