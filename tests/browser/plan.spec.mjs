// The plan by role and name: opened by key, palette and press; bars dragged with what they push; links; back and forward; a phone.
import { checkEqual, eventually, makeAccount, openPage, openWindow, photograph, send, settled, startServer, test, visit } from './support.mjs';

const file = import.meta.url;
let server, context, page, project;
const issues = new Map();

// Days as the page's clock has them: the window is in Vienna.
const dayText = (date) => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Vienna' }).format(date);
const begun = dayText(new Date());
const plus = (days) => new Date(Date.parse(`${begun}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const address = () => { const url = new URL(page.url()); return url.pathname + url.search; };
const keys = async (...list) => { for (const key of list) await page.keyboard.press(key); };
const datesOf = async (title) => { const { startDate, dueDate } = await send(context, server, 'GET', `/api/v1/issues/${issues.get(title).number}`); return [startDate, dueDate]; };
const name = (title, on = page) => on.getByRole('gridcell', { name: `#${issues.get(title).number} ${title}` });
const bar = (title, on = page) => on.getByRole('gridcell', { name: new RegExp(`^#${issues.get(title).number}: `) });
const place = async (node) => { const box = await node.boundingBox(); return [box.x, box.y, box.width]; };
async function hold(from, dx, dy = 0, at = 0.5) {
  const [x, y, width] = await place(from);
  await page.mouse.move(x + width * at, y + 10);
  await page.mouse.down();
  await page.mouse.move(x + width * at + Math.sign(dx) * 8, y + 10 + dy / 4, { steps: 3 });
  await page.mouse.move(x + width * at + dx, y + 10 + dy, { steps: 8 });
  await settled(page);
}

// The plan of design/07: three chains into a milestone.
const beta = [
  ['Heartbeat every 20 s', 'Done', -8, -5],
  ['WS reconnect drops edits', 'In Progress', -4, 2],
  ['Back-pressure', 'To Do', 3, 6],
  ['Merge property test', 'To Do', 7, 16],
  ['Beta freeze', 'To Do', null, 16],
  ['Batch small patches', 'To Do', -5, 6],
  ['Measure p99 on a Pi 4', 'Backlog', 7, 9],
  ['Encrypt snapshots', 'Backlog', 10, 14],
  ['Resume token expires', 'To Do', -1, 0],
  ['Replace long-poll', 'To Do', 1, 7],
  ['Document the protocol', 'To Do', 8, 15],
];
const links = [[0, 1], [1, 2], [2, 3], [3, 4], [5, 6], [6, 7], [7, 4], [8, 9], [9, 10], [10, 4]];

test(file, 'v p, the palette and the tab open the plan; v l leads back', async () => {
  server = await startServer();
  context = await openWindow();
  await makeAccount(context, server);
  project = (await send(context, server, 'POST', '/api/v1/projects', { name: 'Relay 2.0' })).id;
  const { items } = await send(context, server, 'GET', '/api/v1/workflows');
  const statuses = new Map(items[0].statuses.map((status) => [status.name, status.id]));
  for (const [title, status, start, due] of beta) {
    issues.set(title, await send(context, server, 'POST', '/api/v1/issues', {
      title, statusId: statuses.get(status), projectId: project, ...(start === null ? {} : { startDate: plus(start) }), dueDate: plus(due) }));
  }
  for (const [from, to] of links)
    await send(context, server, 'POST', `/api/v1/issues/${issues.get(beta[from][0]).id}/relations`, { relationType: 'BLOCKS', targetId: issues.get(beta[to][0]).id });
  const parent = issues.get('WS reconnect drops edits').id;
  for (const done of [true, true, false, false, false])
    await send(context, server, 'POST', '/api/v1/issues', { title: `Part ${done}`, parentIssueId: parent, statusId: statuses.get(done ? 'Done' : 'To Do'), projectId: project });
  page = await openPage(context, `${server.url}/projects/${project}`);
  await page.getByRole('tab', { name: 'Plan' }).waitFor();
  await settled(page);
  await keys('v', 'p');
  await eventually('address', address, `/projects/${project}?layout=plan`);
  await page.getByRole('grid', { name: 'Timeline, 11 issues, 10 links' }).waitFor();
  await keys('v', 'l');
  await eventually('address', address, `/projects/${project}`);
  await keys('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
  await page.keyboard.type('view as plan');
  await page.getByRole('option', { name: 'View as plan' }).first().waitFor();
  await keys('Enter');
  await eventually('address', address, `/projects/${project}?layout=plan`);
  await page.getByRole('tab', { name: 'List' }).click();
  await eventually('address', address, `/projects/${project}`);
  await page.getByRole('tab', { name: 'Plan' }).click();
  await eventually('address', address, `/projects/${project}?layout=plan`);
  await settled(page);
  await photograph(page, 'plan-light');
});

test(file, 'the cursor goes along rows and links, and the reader\'s focus with it', async () => {
  await keys('j');
  await eventually('the focus', () => page.locator(':focus').evaluate((node) => node.getAttribute('aria-label') ?? node.textContent), `#${issues.get('WS reconnect drops edits').number} WS reconnect drops edits`);
  await keys('l', 'l', 'l');
  await eventually('the milestone', () => page.getByRole('row', { name: /Beta freeze/ }).getAttribute('aria-selected'), 'true');
  await keys('h');
  await eventually('its last blocker', () => page.getByRole('row', { name: /Merge property test/ }).getAttribute('aria-selected'), 'true');
  await keys('Enter');
  await eventually('the issue', () => /^\/issues\/\d+$/.test(address()));
  await settled(page);
  await page.goBack();
  await eventually('the plan', address, `/projects/${project}?layout=plan`);
  await eventually('its row', () => page.getByRole('row', { name: /Merge property test/ }).getAttribute('aria-selected'), 'true');
});

test(file, 'a dragged bar shows what it pushes before it is let go; all of it is one step back', async () => {
  await settled(page);
  const before = await place(bar('Merge property test'));
  await hold(bar('Back-pressure'), 3 * 32);
  await eventually('pushed already', async () => (await place(bar('Merge property test')))[0], before[0] + 96);
  await photograph(page, 'plan-dragging');
  checkEqual(await datesOf('Merge property test'), [plus(7), plus(16)], 'nothing is saved yet');
  await page.mouse.up();
  await eventually('saved', () => datesOf('Back-pressure'), [plus(6), plus(9)]);
  await eventually('pushed', () => datesOf('Merge property test'), [plus(10), plus(19)]);
  await eventually('the milestone', () => datesOf('Beta freeze'), [null, plus(19)]);
  await settled(page);
  await keys('u');
  await eventually('undone', () => datesOf('Back-pressure'), [plus(3), plus(6)]);
  await eventually('what was pushed, too', () => datesOf('Merge property test'), [plus(7), plus(16)]);
  await eventually('and the milestone', () => datesOf('Beta freeze'), [null, plus(16)]);
});

test(file, 'Esc gives a drag up; an edge is dragged alone; keys move what a hand does', async () => {
  await settled(page);
  await hold(bar('Back-pressure'), 64);
  await keys('Escape');
  await page.mouse.up();
  await settled(page);
  checkEqual(await datesOf('Back-pressure'), [plus(3), plus(6)], 'where it was');
  const [, , width] = await place(bar('Measure p99 on a Pi 4'));
  await hold(bar('Measure p99 on a Pi 4'), -32, 0, (width - 3) / width);
  await page.mouse.up();
  await eventually('shorter', () => datesOf('Measure p99 on a Pi 4'), [plus(7), plus(8)]);
  await settled(page);
  await name('Resume token expires').click();
  await keys('Shift+ArrowRight', '>');
  await eventually('a day later, and longer', () => datesOf('Resume token expires'), [plus(0), plus(2)]);
  await eventually('pushed', () => datesOf('Replace long-poll'), [plus(3), plus(9)]);
  await keys('u', 'u', 'u');
  await eventually('three steps back', () => datesOf('Measure p99 on a Pi 4'), [plus(7), plus(9)]);
  await eventually('and this', () => datesOf('Replace long-poll'), [plus(1), plus(7)]);
});

test(file, 'a link is drawn from a bar\'s end to another; one that closes a circle is refused', async () => {
  await settled(page);
  const link = async (from, to) => {
    const [x, y, width] = await place(bar(from));
    const [tx, ty] = await place(bar(to));
    await page.mouse.move(x + width / 2, y + 10);
    await settled(page);
    await page.mouse.move(x + width + 7, y + 10, { steps: 3 });
    await page.mouse.down();
    await page.mouse.move(x + width + 20, y + 14, { steps: 3 });
    await page.mouse.move(tx + 10, ty + 10, { steps: 8 });
    await settled(page);
  };
  await link('Measure p99 on a Pi 4', 'Document the protocol');
  await page.mouse.up();
  await page.getByRole('grid', { name: 'Timeline, 11 issues, 11 links' }).waitFor();
  await settled(page);
  await link('Replace long-poll', 'Resume token expires');
  await photograph(page, 'plan-circle');
  await page.mouse.up();
  await eventually('told', async () => (await page.locator('#live').textContent()).startsWith('A circle'), true);
  await page.getByRole('grid', { name: 'Timeline, 11 issues, 11 links' }).waitFor();
  await keys('Escape', 'u');
  await page.getByRole('grid', { name: 'Timeline, 11 issues, 10 links' }).waitFor();
});

test(file, 'zoom is in the address and no entry of its own; what is next is beside the bars', async () => {
  await settled(page);
  await keys('-');
  await eventually('address', address, `/projects/${project}?layout=plan&zoom=week`);
  await settled(page);
  await photograph(page, 'plan-week-light');
  await page.getByRole('radio', { name: 'Month' }).click();
  await eventually('address', address, `/projects/${project}?layout=plan&zoom=month`);
  await keys('f');
  await eventually('all fits', address, `/projects/${project}?layout=plan&zoom=week`);
  await keys('T');
  await eventually('the list has the keyboard', () => page.locator(':focus').getAttribute('role'), 'option');
  await keys('T', '+');
  await eventually('address', address, `/projects/${project}?layout=plan`);
});

test(file, 'in the dark, beside its picture', async () => {
  const dark = await openWindow({ dark: true });
  await dark.addCookies(await context.cookies());
  const darkPage = await openPage(dark, `${server.url}/projects/${project}?layout=plan`);
  await darkPage.getByRole('grid').waitFor();
  await settled(darkPage);
  await photograph(darkPage, 'plan-dark');
  checkEqual(darkPage.complaints, [], 'complaints');
});

test(file, 'on a phone: a finger pulls the days, a tap opens the issue, what is next is a sheet', async () => {
  const pocket = await openWindow({ width: 390, height: 844, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  await pocket.addCookies(await context.cookies());
  const phone = await openPage(pocket, `${server.url}/projects/${project}`);
  await phone.bringToFront();
  await phone.getByRole('button', { name: 'Plan' }).tap();
  await phone.getByRole('grid', { name: 'Timeline, 11 issues, 10 links' }).waitFor();
  await settled(phone);
  await photograph(phone, 'phone-plan-light');
  const low = await phone.evaluate(() => [...document.querySelectorAll('#mirror .operable')]
    .filter((element) => element.getAttribute('role') === 'button' && element.getBoundingClientRect().height < 40)
    .map((element) => element.getAttribute('aria-label') || element.textContent));
  checkEqual(low, [], 'low targets');
  const devtools = await pocket.newCDPSession(phone);
  const touch = (type, ...points) => devtools.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
  const before = (await place(bar('WS reconnect drops edits', phone)))[0] + (await place(bar('WS reconnect drops edits', phone)))[2];
  await touch('touchStart', [320, 600]);
  for (let x = 310; x >= 220; x -= 15) await touch('touchMove', [x, 600]);
  await touch('touchEnd');
  await settled(phone);
  await eventually('pulled', async () => (await place(bar('WS reconnect drops edits', phone)))[0] + (await place(bar('WS reconnect drops edits', phone)))[2] < before - 60, true);
  await phone.getByRole('button', { name: 'Next to start' }).tap();
  await phone.getByRole('dialog', { name: 'Next to start' }).waitFor();
  await settled(phone);
  await photograph(phone, 'phone-plan-next');
  await phone.getByRole('button', { name: 'Close' }).tap();
  await settled(phone);
  await name('Back-pressure', phone).tap();
  await phone.waitForURL(/\/issues\/\d+$/);
  checkEqual(phone.complaints, [], 'complaints');
  await pocket.close();
  const pocketDark = await openWindow({ dark: true, width: 390, height: 844, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  await pocketDark.addCookies(await context.cookies());
  const night = await openPage(pocketDark, `${server.url}/projects/${project}?layout=plan`);
  await night.getByRole('grid').waitFor();
  await settled(night);
  await photograph(night, 'phone-plan-dark');
});

test(file, 'nothing complained on the way', async () => {
  checkEqual(page.complaints, [], 'complaints');
});
