// Insights by role and name: opened by key, tab, palette and sidebar; read by keys, mouse and finger; from a value to its issues and back.
import { check, checkEqual, eventually, makeAccount, openPage, openWindow, photograph, send, settled, startServer, test, visit } from './support.mjs';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const file = import.meta.url;
let server, context, page, project, cookies;

const address = () => { const url = new URL(page.url()); return url.pathname + url.search; };
const keys = async (...list) => { for (const key of list) await page.keyboard.press(key); };
const figure = (name, on = page) => on.getByRole('figure', { name, exact: true });
const tile = (name, on = page) => on.getByRole('listitem').filter({ hasText: name });
const announced = () => page.locator('#live').textContent();

// History can't be written by any request, nor in Studio: this is the database's owner.
const sql = (text) => execFileSync(process.env.DITS_BINARY, ['db', 'shell', '--data-dir', server.data, '--', '-v', 'ON_ERROR_STOP=1', '-c', text], { stdio: 'pipe' });

// Sixty issues of the last two months, as design/08 has them: 38 are done, three in work, the rest waits. The log has their moves.
async function fillHistory() {
  const { items } = await send(context, server, 'GET', '/api/v1/workflows');
  const status = Object.fromEntries(items[0].statuses.map((one) => [one.name, one.id]));
  const bug = (await send(context, server, 'GET', '/api/v1/labels')).items.find((label) => label.name === 'bug')?.id
    ?? (await send(context, server, 'POST', '/api/v1/labels', { name: 'bug', color: '#C4302B' })).id;
  const made = [];
  const changes = [];
  const days = (count) => new Date(Date.now() - count * 86_400_000).toISOString();
  const titles = ['Encrypt snapshots', 'Batch small patches', 'Outbox survives crash', 'WS reconnect', 'Resume token expires', 'Offline banner'];
  for (let n = 1; n <= 61; ++n) {
    const isDone = n <= 38;
    const isInWork = n > 38 && n <= 44;
    const ended = 58 - n * 1.5;  // days ago
    const took = [0.4, 1.6, 0.8, 2.2, 1.1, 3.4, 0.5, 1.9, 7.5, 1.2, 0.7, 2.6][n % 12] + (n % 17 === 0 ? 4 : 0);
    const begun = isDone ? ended + took : [14, 9, 7, 4, 2, 1][n - 39];
    const born = isDone ? begun + 2 + n % 7 : isInWork ? begun + 3 : 70 - n;
    const issue = await send(context, server, 'POST', '/api/v1/issues', {
      title: isInWork ? titles[n - 39] : `Part ${n} of the relay`, projectId: project, labelIds: n % 3 === 0 ? [bug] : [],
      statusId: status[isDone ? 'Done' : isInWork ? (n % 3 === 0 ? 'In Review' : 'In Progress') : n < 53 ? 'To Do' : 'Backlog'] });
    made.push(`('${issue.id}'::uuid, '${days(born)}'::timestamptz, ${isDone ? `'${days(ended)}'` : 'NULL'}::timestamptz)`);
    const moves = [['Backlog', 'To Do', born - 0.5]];
    if (isDone || isInWork) moves.push(['To Do', 'In Progress', begun]);
    if (isDone) moves.push(['In Progress', 'In Review', ended + took * 0.3], ['In Review', 'Done', ended]);
    if (isInWork && n % 3 === 0) moves.push(['In Progress', 'In Review', begun * 0.4]);
    if (n < 53) for (const [from, to, ago] of moves) changes.push(`('${issue.id}'::uuid, '${status[from]}', '${status[to]}', '${days(ago)}'::timestamptz)`);
  }
  sql(`UPDATE issues i SET created_at = v.born, completed_at = coalesce(v.ended, i.completed_at) FROM (VALUES ${made.join(', ')}) AS v (id, born, ended) WHERE i.id = v.id`);
  sql(`WITH moved AS (
    INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, old_values, new_values, created_at)
    SELECT c.user_id, c.last_change_id + row_number() OVER (ORDER BY v.at), 'UPDATE', 'issue', v.id, jsonb_build_object('statusId', v.before),
           jsonb_build_object('statusId', v.after), v.at
    FROM user_counters c, (VALUES ${changes.join(', ')}) AS v (id, before, after, at) RETURNING change_id)
    UPDATE user_counters SET last_change_id = (SELECT max(change_id) FROM moved)`);
}

test(file, 'v i, g r, the tab, the palette and the sidebar lead to Insights; v l leads back', async () => {
  server = await startServer();
  context = await openWindow();
  await makeAccount(context, server);
  project = (await send(context, server, 'POST', '/api/v1/projects', { name: 'Relay 2.0' })).id;
  await fillHistory();
  cookies = await context.cookies();
  page = await openPage(context, `${server.url}/projects/${project}`);
  await page.getByRole('tab', { name: 'Insights' }).waitFor();
  await settled(page);
  await keys('v', 'i');
  await eventually('address', address, `/projects/${project}?layout=insights`);
  await tile('Open: 23, 38 done of 61').waitFor();
  for (const name of ['Cumulative flow', 'Burn-up', 'Cycle time', 'Age of open work']) await figure(name).waitFor();
  await photograph(page, 'insights-light');
  await keys('v', 'l');
  await eventually('address', address, `/projects/${project}`);
  await page.getByRole('tab', { name: 'Insights' }).click();
  await eventually('address', address, `/projects/${project}?layout=insights`);
  await settled(page);
  await keys('g', 'r');
  await eventually('of everything', address, '/issues?layout=insights');
  await page.goBack();
  await eventually('back', address, `/projects/${project}?layout=insights`);
  await page.goForward();
  await eventually('forward', address, '/issues?layout=insights');
  await page.getByRole('link', { name: 'Today', exact: true }).click();
  await eventually('today', address, '/today');
  await page.getByRole('link', { name: 'Insights', exact: true }).click();
  await eventually('by the sidebar', address, '/issues?layout=insights');
  await figure('Burn-up').waitFor();
  await settled(page);
  await keys('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
  await page.keyboard.type('view as list');
  await page.getByRole('option', { name: 'View as list' }).first().waitFor();
  await keys('Enter');
  await eventually('the list', address, '/issues');
});

test(file, 'keys read values; Enter lists their issues, y copies them', async () => {
  await visit(page, `${server.url}/projects/${project}?layout=insights`);
  await figure('Cumulative flow').waitFor();
  await settled(page);
  await keys('1', 'h', 'h');
  await eventually('said', async () => /\d+ \w+: Backlog \d+, To Do \d+, In Progress \d+, In Review \d+, Done \d+/.test(await announced()));
  await settled(page);
  await photograph(page, 'insights-reading');
  await keys('y');
  await eventually('the copy', () => page.evaluate(() => navigator.clipboard.readText()).then((text) => text.split(/\r?\n/)[0]), 'day,Done,In Review,In Progress,To Do,Backlog');
  await keys('3');
  await eventually('an issue', async () => /#\d+ Part \d+ of the relay: \d/.test(await announced()));
  await keys('Enter');
  await eventually('its list', () => /^\/projects\/[^?]+\?q=number%3A\d+$/.test(address()));
  await eventually('one row', () => page.getByRole('row', { name: /of the relay/ }).count(), 1);
  await page.goBack();
  await eventually('back', address, `/projects/${project}?layout=insights`);
  await figure('Age of open work').waitFor();
  await keys('4', 'l');
  await eventually('the second oldest', async () => (await announced()).includes('Batch small patches: since'));
});

test(file, 'the query bar, the range and the pointer', async () => {
  await visit(page, `${server.url}/projects/${project}?layout=insights`);
  await figure('Burn-up').waitFor();
  await page.getByRole('radio', { name: '1 year' }).click();
  await eventually('address', address, `/projects/${project}?layout=insights&days=365`);
  await page.getByRole('radio', { name: '30 days' }).click();
  await eventually('address', address, `/projects/${project}?layout=insights&days=30`);
  await keys('/');
  await page.keyboard.type('label:bug');
  await eventually('fewer', async () => (await tile(/^Open: \d+, \d+ done of 20$/).count()) === 1);
  await keys('Escape');
  await page.getByRole('button', { name: /^#\d+ WS reconnect/ }).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const saved = await download;
  check(/^insights-\d{4}-\d\d-\d\d\.csv$/.test(saved.suggestedFilename()), 'its name');
  const text = readFileSync(await saved.path(), 'utf8');
  for (const part of ['Cumulative flow', 'day,done,scope,created,completed', 'number,title,completed,cycle days,lead days', 'WS reconnect']) check(text.includes(part), part);
  await settled(page);
  const box = await figure('Cumulative flow').boundingBox();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.5);
  await settled(page);
  await photograph(page, 'insights-hover');
  await page.mouse.click(box.x + box.width * 0.6, box.y + box.height * 0.5);
  await eventually('the list of that day', () => /q=label%3Abug%20%28created%3A%3C%3D\d{4}-/.test(address()));
});

test(file, 'what changes here is counted soon; offline the last figures stay', async () => {
  await visit(page, `${server.url}/projects/${project}?layout=insights`);
  await tile('Open: 23, 38 done of 61').waitFor();
  await settled(page);
  await send(context, server, 'POST', '/api/v1/issues', { title: 'One more', projectId: project });
  await tile('Open: 24, 38 done of 62').waitFor();
  await context.setOffline(true);
  await figure('Burn-up').waitFor();
  await context.setOffline(false);
});

test(file, 'an account without history says so', async () => {
  const empty = (await send(context, server, 'POST', '/api/v1/projects', { name: 'Empty' })).id;
  await send(context, server, 'POST', '/api/v1/issues', { title: 'Alone', projectId: empty });
  const other = await openPage(context, `${server.url}/projects/${empty}?layout=insights`);
  await tile('Cycle time: Not yet, needs 5 finished issues', other).waitFor();
  await tile(/^Forecast: Not yet/, other).waitFor();
  await photograph(other, 'insights-few');
  await other.close();
});

for (const dark of [false, true]) {
  test(file, `pictures, ${dark ? 'dark' : 'light'}`, async () => {
    const window = await openWindow({ dark });
    await window.addCookies(cookies);
    const large = await openPage(window, `${server.url}/projects/${project}?layout=insights`);
    await figure('Burn-up', large).waitFor();
    await photograph(large, `insights-${dark ? 'dark' : 'light'}`);
    checkEqual(large.complaints, [], 'complaints');
    await window.close();
    const phone = await openWindow({ dark, width: 390, height: 844, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
    await phone.addCookies(cookies);
    const small = await openPage(phone, `${server.url}/projects/${project}?layout=insights`);
    await figure('Cumulative flow', small).waitFor();
    await settled(small);
    const box = await figure('Cumulative flow', small).boundingBox();
    await small.touchscreen.tap(box.x + box.width * 0.5, box.y + box.height * 0.5);
    await settled(small);
    checkEqual(new URL(small.url()).search, '?layout=insights', 'a tap reads');
    await photograph(small, `phone-insights-${dark ? 'dark' : 'light'}`);
    await phone.close();
  });
}
