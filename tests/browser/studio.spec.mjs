// Studio by hand: a table is filtered, a cell is changed and saved, SQL is asked, explained and written with; pictures of it.
import { check, checkEqual, eventually, makeAccount, openPage, openWindow, photograph, settled, startServer, test, visit } from './support.mjs';
import { fillDesk } from './desk_of_ada.mjs';

const file = import.meta.url;
let server, cookies;

async function windowOf(options = {}) {
  const context = await openWindow(options);
  await context.addCookies(cookies);
  return context;
}

const sql = (page, text) => page.getByRole('textbox', { name: 'SQL' }).fill(text);
const ask = (context, table, filter) => context.request
  .get(`${server.url}/api/v1/admin/studio/tables/${table}/rows?filter=${encodeURIComponent(filter)}`).then((answer) => answer.json());

test(file, 'a cell is changed in place and saved', async () => {
  server = await startServer();
  const first = await openWindow();
  await makeAccount(first, server);
  await fillDesk(first, server);
  cookies = await first.cookies();
  await first.close();

  const context = await windowOf();
  const page = await openPage(context, `${server.url}/studio/labels`);
  await page.getByRole('grid', { name: 'labels' }).waitFor();
  await page.getByRole('gridcell', { name: 'net', exact: true }).dblclick();
  await page.getByRole('textbox', { name: 'Edit name' }).waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('network');
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: '1 cell changed' }).waitFor();
  await page.keyboard.press('Control+s');
  await eventually('saved', async () => (await ask(context, 'labels', 'name = network')).rows.length, 1);
  await eventually('nothing staged', () => page.getByRole('status').filter({ hasText: '1 cell changed' }).count(), 0);
  // The rest of the app has it too: the change went through the log.
  await visit(page, `${server.url}/settings/labels`);
  await eventually('the label elsewhere', () => page.getByText('network').count().then((n) => n > 0) || page.getByRole('button', { name: /network/ }).count().then((n) => n > 0));
  checkEqual(page.complaints, [], 'complaints');
  await context.close();
});

test(file, 'what the database refuses is marked and said, and taken back', async () => {
  const context = await windowOf();
  const page = await openPage(context, `${server.url}/studio/labels`);
  await page.getByRole('gridcell', { name: 'bug', exact: true }).dblclick();
  await page.getByRole('textbox', { name: 'Edit name' }).waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('network');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+s');
  await page.getByRole('alert').filter({ hasText: 'labels_user_id_name_key' }).waitFor();
  await photograph(page, 'studio-refused-light');
  await page.keyboard.press('Escape');
  await eventually('taken back', () => page.getByRole('gridcell', { name: 'bug', exact: true }).count(), 1);
  await page.getByRole('textbox', { name: 'Filter rows' }).fill('nosuch = 3');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'has no column "nosuch"' }).waitFor();
  await context.close();
});

test(file, 'rows are filtered, foreign keys followed, a table exported', async () => {
  const context = await windowOf();
  const page = await openPage(context, `${server.url}/studio/issues`);
  await page.getByRole('grid', { name: 'issues' }).waitFor();
  await page.getByRole('textbox', { name: 'Filter rows' }).fill('number = 1');
  await page.keyboard.press('Enter');
  await eventually('the address', () => new URL(page.url()).searchParams.get('q'), 'number = 1');
  await page.getByRole('link', { name: /^status_id/ }).click();
  await eventually('the table it points at', () => new URL(page.url()).pathname, '/studio/statuses');
  await page.goBack();
  await eventually('back', () => new URL(page.url()).pathname, '/studio/issues');
  const csv = await context.request.get(`${server.url}/api/v1/admin/studio/tables/issues/export?format=csv`);
  checkEqual(csv.status(), 200, 'export');
  const lines = (await csv.text()).trim().split('\r\n');
  check(lines.length > 3 && lines[0].startsWith('user_id,id,number,title'), `export begins with ${lines[0]}`);
  const json = await (await context.request.get(`${server.url}/api/v1/admin/studio/tables/issues/export?format=json`)).json();
  check(json.length > 3 && typeof json[0].number === 'number', 'the JSON has numbers');
  await context.close();
});

test(file, 'SQL is asked, explained, and writes only when it is allowed and confirmed', async () => {
  const context = await windowOf();
  const page = await openPage(context, `${server.url}/studio/issues`);
  await page.getByRole('grid', { name: 'issues' }).waitFor();
  await sql(page, 'select name from labels order by name');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('cell', { name: 'network' }).waitFor();
  await page.getByRole('button', { name: 'Explain' }).click();
  await page.getByRole('treeitem', { name: /Scan on labels/ }).waitFor();
  await sql(page, "update labels set name = 'wires' where name = 'network'");
  await page.getByRole('switch', { name: 'Allow writes from SQL' }).click();
  await page.getByRole('button', { name: /^Run/ }).click();
  await page.getByRole('button', { name: 'Write 1 row' }).waitFor();
  checkEqual((await ask(context, 'labels', 'name = wires')).rows.length, 0, 'written before it was confirmed');
  await page.getByRole('button', { name: 'Write 1 row' }).click();
  await eventually('written', async () => (await ask(context, 'labels', 'name = wires')).rows.length, 1);
  checkEqual((await ask(context, 'audit_logs', 'entity_type = studio')).rows.length, 1, 'rows of the log');
  await sql(page, 'select password_hash from users');
  await page.getByRole('button', { name: /^Run/ }).click();
  await eventually('refused', () => page.getByRole('alert').filter({ hasText: 'permission denied' }).count().then((n) => n > 0));
  await context.close();
});

for (const dark of [false, true]) {
  const theme = dark ? 'dark' : 'light';
  test(file, `pictures, ${theme}`, async () => {
    const context = await windowOf({ dark });
    const page = await openPage(context, `${server.url}/studio/issues`);
    await page.getByRole('grid', { name: 'issues' }).waitFor();
    await page.getByRole('row').nth(2).waitFor();
    await sql(page, "select l.name, count(*) as open\nfrom issues i join issue_labels il on il.issue_id = i.id\njoin labels l on l.id = il.label_id\nwhere i.completed_at is null -- open ones\ngroup by l.name order by open desc;");
    await page.keyboard.press('Control+Enter');
    await page.getByRole('table', { name: 'Result' }).waitFor();
    await settled(page);
    await photograph(page, `studio-${theme}`);
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('tree', { name: 'Plan' }).waitFor();
    await photograph(page, `studio-plan-${theme}`);
    await context.close();
    const phone = await windowOf({ dark, width: 390, height: 844, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
    const small = await openPage(phone, `${server.url}/studio`);
    await small.getByRole('treeitem', { name: 'issues', exact: true }).waitFor();
    await photograph(small, `phone-studio-${theme}`);
    await visit(small, `${server.url}/studio/issues`);
    await small.getByRole('row').first().waitFor();
    await photograph(small, `phone-studio-rows-${theme}`);
    await phone.close();
  });
}
