// The whole way of a user: first run, create by keyboard, edit, drag on the board, a second tab, undo, reload.
import { account, check, checkEqual, drawn, eventually, openPage, openWindow, photograph, send, settled, signIn, startServer, test, visit } from './support.mjs';

const file = import.meta.url;
let server, context, page;

const row = (name, on = page) => on.getByRole('row', { name });
const card = (name, on = page) => on.getByRole('option', { name });
const column = (name, on = page) => on.getByRole('listbox', { name });
const button = (name, on = page) => on.getByRole('button', { name, exact: true });
const textbox = (name, on = page) => on.getByRole('textbox', { name, exact: true });
const issues = async () => (await send(context, server, 'GET', '/api/v1/issues?limit=200')).items;
const issueNamed = async (title) => (await issues()).find((issue) => issue.title === title);
const statusNames = async () => {
  const { items } = await send(context, server, 'GET', '/api/v1/workflows');
  return new Map(items.flatMap((workflow) => workflow.statuses.map((status) => [status.id, status.name])));
};
const statusOf = async (title) => (await statusNames()).get((await issueNamed(title))?.statusId);

test(file, 'the first-run link makes the first account and leads into the app', async () => {
  server = await startServer();
  check(server.setupLink, 'the server printed its link');
  context = await openWindow();
  page = await openPage(context, server.setupLink);
  await textbox('Name').fill(account.name);
  await textbox('Email').fill(account.email);
  await textbox('Password').fill(account.password);
  await textbox('Password again').fill(account.password);
  await page.getByRole('button', { name: /account|continue/i }).click();
  await eventually('the account', () => send(context, server, 'GET', '/api/v1/auth/me').then((me) => me.email), account.email);
  await eventually('the sidebar', () => page.getByRole('navigation').count().then((n) => n > 0));
});

test(file, 'signing out and in again works with the keyboard alone', async () => {
  await send(context, server, 'POST', '/api/v1/auth/logout');
  await visit(page, `${server.url}/issues`);
  await textbox('Email').waitFor();
  await settled(page);
  await page.keyboard.type(account.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type('wrong password');
  await page.keyboard.press('Enter');
  await eventually('refusal', () => textbox('Password').getAttribute('aria-invalid'), 'true');
  await textbox('Password').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(account.password);
  await page.keyboard.press('Enter');
  await eventually('the sidebar', () => page.getByRole('navigation').count().then((n) => n > 0));
});

test(file, 'an issue is made by keyboard: c, a title, Ctrl+Enter', async () => {
  await signIn(context, server); // whatever became of the test before
  await visit(page, `${server.url}/issues`);
  await settled(page);
  await page.keyboard.press('c');
  await page.getByRole('dialog', { name: 'New issue' }).waitFor();
  await page.keyboard.type('Websocket drops after suspend');
  await page.keyboard.press('Control+Enter');
  await eventually('saved', async () => (await issueNamed('Websocket drops after suspend'))?.number, 1);
  await row(/Websocket drops after suspend/).waitFor();
  for (const title of ['Write the release notes', '日本語のタイトル 🚀']) {
    await page.keyboard.press('c');
    await page.getByRole('dialog', { name: 'New issue' }).waitFor();
    await page.keyboard.insertText(title);
    await page.keyboard.press('Control+Enter');
    await row(new RegExp(title)).waitFor();
  }
  await eventually('three are saved', async () => (await issues()).length, 3);
});

test(file, 'a title typed with an input method is saved as typed', async () => {
  await page.keyboard.press('c');
  await page.getByRole('dialog', { name: 'New issue' }).waitFor();
  await settled(page);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Input.imeSetComposition', { text: 'かんじ', selectionStart: 3, selectionEnd: 3 });
  await devtools.send('Input.insertText', { text: '漢字の課題' });
  await eventually('title', () => textbox('Title').inputValue(), '漢字の課題');
  await page.keyboard.press('Control+Enter');
  await eventually('saved', async () => Boolean(await issueNamed('漢字の課題')));
});

test(file, 'status, priority and due date change by key sequences', async () => {
  await row(/Websocket drops/).click();
  await settled(page);
  for (const key of ['s', 'p']) await page.keyboard.press(key);
  await eventually('status', () => statusOf('Websocket drops after suspend'), 'In Progress');
  for (const key of ['p', 'h']) await page.keyboard.press(key);
  await eventually('priority', async () => (await issueNamed('Websocket drops after suspend')).priority, 'HIGH');
  for (const key of ['d', 't']) await page.keyboard.press(key);
  await eventually('due', async () => Boolean((await issueNamed('Websocket drops after suspend')).dueDate));
});

test(file, 'the description is written in a real text area, pasted into and saved', async () => {
  const { number } = await issueNamed('Websocket drops after suspend');
  await visit(page, `${server.url}/issues/${number}`);
  await page.getByRole('heading', { name: 'Websocket drops after suspend' }).first().waitFor();
  await settled(page);
  await page.keyboard.press('e');
  const area = page.locator('#areas textarea');
  await area.waitFor();
  await page.evaluate(() => navigator.clipboard.writeText('## Steps\n\n- [ ] suspend\n- [ ] wake up\n'));
  await area.click();
  await page.keyboard.press('Control+v');
  await page.keyboard.type('Then **look**.');
  await page.keyboard.press('Control+Enter');
  await eventually('saved', async () => {
    const issue = await send(context, server, 'GET', `/api/v1/issues/${number}`);
    return issue.description?.trim();
  }, '## Steps\n\n- [ ] suspend\n- [ ] wake up\nThen **look**.');
  await page.getByRole('heading', { name: 'Steps' }).waitFor();
});

test(file, 'ticking a box of the description saves at once', async () => {
  const { number } = await issueNamed('Websocket drops after suspend');
  await visit(page, `${server.url}/issues/${number}`);
  await page.getByRole('checkbox', { name: 'suspend' }).waitFor();
  await settled(page);
  await page.getByRole('checkbox', { name: 'suspend' }).click();
  await eventually('ticked', async () => (await send(context, server, 'GET', `/api/v1/issues/${number}`)).description.includes('- [x] suspend'));
});

test(file, 'a card dragged on the board changes its status, and a second tab sees it', async () => {
  const second = await openPage(context, `${server.url}/issues?layout=board`);
  await visit(page, `${server.url}/issues?layout=board`);
  await card(/Write the release notes/).waitFor();
  await card(/Write the release notes/, second).waitFor();
  await page.bringToFront();
  const from = await card(/Write the release notes/).boundingBox();
  const to = await column(/^Done/).boundingBox();
  await page.mouse.move(from.x + 40, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 24, { steps: 3 });
  await page.mouse.move(to.x + to.width / 2, to.y + 120, { steps: 8 });
  await settled(page);
  await photograph(page, 'board-dragging');
  await page.mouse.up();
  await eventually('saved', () => statusOf('Write the release notes'), 'Done');
  await eventually('the other tab', () => column(/^Done/, second).getByRole('option', { name: /Write the release notes/ }).count(), 1);
  checkEqual(second.complaints, [], 'complaints of the second tab');
  await second.close();
});

test(file, 'undo takes the drag back, and a reload keeps everything', async () => {
  await page.bringToFront();
  await page.keyboard.press('Control+z');
  await eventually('undone', async () => (await statusOf('Write the release notes')) !== 'Done');
  await page.reload();
  await drawn(page);
  await card(/Write the release notes/).waitFor();
  await eventually('not in Done', () => column(/^Done/).getByRole('option', { name: /Write the release notes/ }).count(), 0);
});

test(file, 'cards move by keyboard', async () => {
  await card(/Write the release notes/).click();
  await settled(page);
  const before = await statusOf('Write the release notes');
  await page.keyboard.press('L');
  await eventually('moved', async () => (await statusOf('Write the release notes')) !== before);
});

test(file, 'the query bar filters as one types, and tells what it does not understand', async () => {
  await visit(page, `${server.url}/issues`);
  await row(/Websocket/).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('priority:high');
  await eventually('one row', () => page.getByRole('row', { name: /^#/ }).count(), 1);
  await row(/Websocket/).waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('is:openc');
  await page.getByRole('alert').first().waitFor();
  await page.keyboard.press('Escape');
  await visit(page, `${server.url}/issues`);
});

test(file, 'the palette finds an issue and a command', async () => {
  await visit(page, `${server.url}/issues`);
  await row(/Websocket/).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
  await page.keyboard.type('release notes');
  await page.getByRole('option', { name: /Write the release notes/ }).first().waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('go to settings');
  await page.getByRole('option', { name: /settings/i }).first().waitFor();
  await page.keyboard.press('Enter');
  await eventually('address', () => new URL(page.url()).pathname.startsWith('/settings'));
  await page.goBack();
  await eventually('back', () => new URL(page.url()).pathname, '/issues');
});

test(file, 'changes made offline are kept and sent when the connection is back', async () => {
  await visit(page, `${server.url}/issues`);
  await settled(page);
  await context.setOffline(true);
  await page.keyboard.press('c');
  await page.getByRole('dialog', { name: 'New issue' }).waitFor();
  await page.keyboard.type('Written offline');
  await page.keyboard.press('Control+Enter');
  await row(/Written offline/).waitFor();
  await context.setOffline(false);
  await eventually('sent', async () => Boolean(await issueNamed('Written offline')), true, 20_000);
});

test(file, 'nothing complained on the way', async () => {
  checkEqual(page.complaints, [], 'complaints');
});
