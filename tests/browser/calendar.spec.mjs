// The calendar by role and name: opened by key, palette and press; issues moved by drag and by keys; back and forward; a phone.
import { check, checkEqual, eventually, makeAccount, openPage, openWindow, photograph, send, settled, startServer, test, visit } from './support.mjs';
import { fillDesk } from './desk_of_ada.mjs';

const file = import.meta.url;
let server, context, page;

// Days as the page's clock has them: the window is in Vienna.
const dayText = (date) => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Vienna' }).format(date);
const today = () => dayText(new Date());
const plus = (day, days) => new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
// "Thu 23 July", as the calendar names a day.
const nameOf = (day) => {
  const at = new Date(`${day}T12:00:00Z`);
  const part = (options) => new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(at);
  return `${part({ weekday: 'short' })} ${part({ day: 'numeric' })} ${part({ month: 'long' })}`;
};
const titleOf = (day) => new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(new Date(`${day}T12:00:00Z`));
// A week in the middle of a month lies whole in its grid: the next month's, from its second Monday on.
const quiet = () => {
  const [year, month] = today().split('-').map(Number);
  let day = new Date(Date.UTC(year, month, 8, 12)).toISOString().slice(0, 10);
  while (new Date(`${day}T12:00:00Z`).getUTCDay() !== 1) day = plus(day, 1);
  return day;
};

const cell = (day, on = page) => on.getByRole('gridcell', { name: new RegExp(`^${nameOf(day)},`) });
const entry = (title, on = page) => on.getByRole('button', { name: new RegExp(`^#\\d+ ${title}`) });
const issueNamed = async (title) => (await send(context, server, 'GET', '/api/v1/issues?limit=200')).items.find((issue) => issue.title === title);
const datesOf = async (title) => { const { startDate, dueDate } = await issueNamed(title); return [startDate, dueDate]; };
const address = () => { const url = new URL(page.url()); return url.pathname + url.search; };
const textOf = (node) => node.evaluate((element) => element.getAttribute('aria-label') ?? element.textContent);
const keys = async (...list) => { for (const key of list) await page.keyboard.press(key); };
async function drag(from, to, at = {}) {
  const [a, b] = [await from.boundingBox(), await to.boundingBox()];
  await page.mouse.move(a.x + (at.fromX ?? a.width / 2), a.y + a.height / 2);
  await page.mouse.down();
  await page.mouse.move(a.x + (at.fromX ?? a.width / 2) + 8, a.y + a.height / 2 + 6, { steps: 3 });
  await page.mouse.move(b.x + b.width / 2, b.y + b.height * 0.7, { steps: 8 });
  await settled(page);
}

test(file, 'v c, the palette and the tab open the calendar; v l leads back', async () => {
  server = await startServer();
  context = await openWindow();
  await makeAccount(context, server);
  await fillDesk(context, server);
  page = await openPage(context, `${server.url}/upcoming`);
  await page.getByRole('tab', { name: 'Calendar' }).waitFor();
  await settled(page);
  await keys('v', 'c');
  await eventually('address', address, '/upcoming?layout=calendar');
  await page.getByRole('grid', { name: titleOf(today()) }).waitFor();
  await keys('v', 'l');
  await eventually('address', address, '/upcoming');
  await keys('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
  await page.keyboard.type('view as calendar');
  await page.getByRole('option', { name: 'View as calendar' }).first().waitFor();
  await keys('Enter');
  await eventually('address', address, '/upcoming?layout=calendar');
  await page.getByRole('tab', { name: 'List' }).click();
  await eventually('address', address, '/upcoming');
  await page.getByRole('tab', { name: 'Calendar' }).click();
  await eventually('address', address, '/upcoming?layout=calendar');
  await settled(page);
  await photograph(page, 'calendar-light');
});

test(file, 'the cursor goes by days and weeks, and the reader\'s focus with it', async () => {
  await visit(page, `${server.url}/upcoming?layout=calendar&day=${quiet()}`);
  await cell(quiet()).waitFor();
  await settled(page);
  await keys('l', 'j');
  await eventually('the day', () => cell(plus(quiet(), 8)).getAttribute('aria-selected'), 'true');
  await eventually('the address', address, `/upcoming?layout=calendar&day=${plus(quiet(), 8)}`);
  await eventually('the focus', () => textOf(page.locator(':focus')), `${nameOf(plus(quiet(), 8))}, no issues`);
});

test(file, 'an issue is made on the cursor\'s day by c, and on another by a double press', async () => {
  await keys('c');
  await page.getByRole('dialog', { name: 'New issue' }).waitFor();
  await page.keyboard.type('Made by key');
  await keys('Control+Enter');
  await eventually('saved', () => datesOf('Made by key'), [null, plus(quiet(), 8)]);
  await entry('Made by key').waitFor();
  await settled(page);
  await cell(plus(quiet(), 9)).dblclick();
  await page.getByRole('dialog', { name: 'New issue' }).waitFor();
  await page.keyboard.type('Made by hand');
  await keys('Control+Enter');
  await eventually('saved', () => datesOf('Made by hand'), [null, plus(quiet(), 9)]);
});

test(file, 'an entry dragged to another day is due on it, and undo takes that back', async () => {
  await entry('Made by hand').waitFor();
  await settled(page);
  await drag(entry('Made by hand'), cell(plus(quiet(), 3)));
  await photograph(page, 'calendar-dragging');
  await page.mouse.up();
  await eventually('saved', () => datesOf('Made by hand'), [null, plus(quiet(), 3)]);
  await settled(page);
  await keys('u');
  await eventually('undone', () => datesOf('Made by hand'), [null, plus(quiet(), 9)]);
});

test(file, 'days pulled over become a span; its edge and the whole of it are dragged', async () => {
  await settled(page);
  await drag(cell(plus(quiet(), 1)), cell(plus(quiet(), 3)));
  await page.mouse.up();
  await page.getByRole('dialog', { name: 'New issue' }).waitFor();
  await page.keyboard.type('A span');
  await keys('Control+Enter');
  await eventually('saved', () => datesOf('A span'), [plus(quiet(), 1), plus(quiet(), 3)]);
  await entry('A span').waitFor();
  await settled(page);
  const width = (await entry('A span').boundingBox()).width;
  await drag(entry('A span'), cell(plus(quiet(), 4)), { fromX: width - 3 });
  await page.mouse.up();
  await eventually('a longer one', () => datesOf('A span'), [plus(quiet(), 1), plus(quiet(), 4)]);
  await settled(page);
  await drag(entry('A span'), cell(plus(quiet(), 8)), { fromX: 20 });
  await page.mouse.up();
  await eventually('a week later', () => datesOf('A span'), [plus(quiet(), 8), plus(quiet(), 11)]);
});

test(file, 'the same by keys: days, weeks and both ends, each undone by u', async () => {
  await settled(page);
  await keys('Shift+ArrowLeft', 'Shift+ArrowUp');
  await eventually('moved', () => datesOf('A span'), [plus(quiet(), 0), plus(quiet(), 3)]);
  await keys('>', '}');
  await eventually('both ends', () => datesOf('A span'), [plus(quiet(), 1), plus(quiet(), 4)]);
  await keys('u', 'u', 'u');
  await eventually('three steps back', () => datesOf('A span'), [plus(quiet(), 7), plus(quiet(), 10)]);
});

test(file, 'the tray gives its issues days, by drag and by keys', async () => {
  const undated = page.getByRole('listbox', { name: 'No due date' }).getByRole('option');
  await undated.first().waitFor();
  const title = (await textOf(undated.first())).replace(/^#\d+ /, '');
  await settled(page);
  await drag(undated.first(), cell(plus(quiet(), 2)));
  await page.mouse.up();
  await eventually('a day', async () => (await issueNamed(title)).dueDate, plus(quiet(), 2));
  await settled(page);
  const before = await undated.count();
  await keys('T');
  await eventually('the tray has the cursor', () => page.getByRole('complementary', { name: 'Overdue and without a date' }).getByRole('option', { selected: true }).count(), 1);
  await keys('G');
  await eventually('the last one', () => undated.last().getAttribute('aria-selected'), 'true');
  const last = (await textOf(undated.last())).replace(/^#\d+ /, '');
  await keys('d', 'c');
  await eventually('a day for the last one', async () => (await issueNamed(last)).dueDate, plus(quiet(), 2));
  await eventually('one less', () => undated.count(), before - 1);
  await keys('h', 'u');
  await eventually('back again', () => undated.count(), before);
});

test(file, 'months are places: L and H go, back and forward lead through them; Enter opens and Esc returns', async () => {
  await visit(page, `${server.url}/upcoming?layout=calendar&day=${quiet()}`);
  await cell(quiet()).waitFor();
  await settled(page);
  await keys('L');
  await eventually('address', () => address() !== `/upcoming?layout=calendar&day=${quiet()}`);
  const later = address();
  await page.goBack();
  await eventually('back', address, `/upcoming?layout=calendar&day=${quiet()}`);
  await cell(quiet()).waitFor();
  await page.goForward();
  await eventually('forward', address, later);
  await page.goBack();
  await cell(quiet()).waitFor();
  await settled(page);
  await entry('Made by key').click();
  await settled(page);
  await keys('Enter');
  await eventually('the issue', () => /^\/issues\/\d+$/.test(address()));
  await settled(page);
  await keys('Escape');
  await eventually('the day', address, `/upcoming?layout=calendar&day=${plus(quiet(), 8)}`);
});

test(file, 'a week is shown by key; the query bar filters it', async () => {
  await settled(page);
  await keys('v', 'w');
  await eventually('address', address, `/upcoming?layout=calendar&span=week&day=${plus(quiet(), 8)}`);
  await entry('Made by hand').waitFor();
  await photograph(page, 'calendar-week-light');
  await keys('/');
  await page.keyboard.type('text:"by key"');
  await keys('Enter');
  await eventually('one is left', () => entry('Made by').count(), 1);
  await eventually('address', () => new URL(page.url()).searchParams.get('q'), 'text:"by key"');
});

test(file, 'in the dark, beside its picture', async () => {
  const dark = await openWindow({ dark: true });
  await dark.addCookies(await context.cookies());
  const darkPage = await openPage(dark, `${server.url}/upcoming?layout=calendar`);
  await darkPage.getByRole('grid').waitFor();
  await settled(darkPage);
  await photograph(darkPage, 'calendar-dark');
  checkEqual(darkPage.complaints, [], 'complaints');
});

test(file, 'on a phone: a tap chooses a day, a swipe turns the month, the tray is a sheet', async () => {
  const pocket = await openWindow({ width: 390, height: 844, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  await pocket.addCookies(await context.cookies());
  const phone = await openPage(pocket, `${server.url}/upcoming`);
  await phone.bringToFront();
  await phone.getByRole('button', { name: 'Calendar' }).tap();
  await phone.getByRole('grid', { name: titleOf(today()) }).waitFor();
  await settled(phone);
  await photograph(phone, 'phone-calendar-light');
  const low = await phone.evaluate(() => [...document.querySelectorAll('#mirror .operable')]
    .filter((element) => /^(button|gridcell)$/.test(element.getAttribute('role')) && element.getBoundingClientRect().height < 40)
    .map((element) => element.getAttribute('aria-label') || element.textContent));
  checkEqual(low, [], 'low targets');
  const devtools = await pocket.newCDPSession(phone);
  const touch = (type, ...points) => devtools.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
  await touch('touchStart', [320, 300]);
  for (let x = 310; x >= 100; x -= 15) await touch('touchMove', [x, 300]);
  await touch('touchEnd');
  await phone.getByRole('grid', { name: titleOf(quiet()) }).waitFor();
  await settled(phone);
  await phone.getByRole('gridcell', { name: new RegExp(`^${nameOf(plus(quiet(), 8))},`) }).tap();
  await phone.getByRole('row', { name: /Made by key/ }).waitFor();
  await phone.getByRole('button', { name: 'Overdue and without a date' }).tap();
  const sheet = phone.getByRole('dialog', { name: 'Overdue and without a date' });
  await sheet.waitFor();
  await settled(phone);
  await photograph(phone, 'phone-calendar-tray');
  const put = sheet.getByRole('button', { name: /^Due / }).first();
  const title = (await textOf(put)).replace(/^Due [^:]*: #\d+ /, '');
  await put.tap();
  await eventually('a day', async () => (await issueNamed(title)).dueDate, plus(quiet(), 8));
  checkEqual(phone.complaints, [], 'complaints');
});

test(file, 'a thousand issues in a month: a key is answered within its frame', async () => {
  const account = await send(context, server, 'GET', '/api/v1/projects');
  const projectId = account.items[0].id;
  for (let at = 0; at < 1000; at += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, n) => send(context, server, 'POST', '/api/v1/issues', { title: `Bulk ${at + n}`, projectId, dueDate: plus(quiet(), (at + n) % 14) })));
  }
  await visit(page, `${server.url}/upcoming?layout=calendar&day=${quiet()}`);
  await page.getByRole('gridcell', { name: new RegExp(`^${nameOf(quiet())}, (7|8)\\d issues`) }).first().waitFor();
  await settled(page);
  await photograph(page, 'calendar-thousand');
  await keys('+');
  await page.getByRole('dialog', { name: new RegExp(`^${nameOf(quiet())}, `) }).waitFor();
  await photograph(page, 'calendar-day');
  await keys('Escape');
  await eventually('closed', () => page.getByRole('dialog', { name: new RegExp(`^${nameOf(quiet())}, `) }).count(), 0);
  const times = [];
  for (let step = 0; step < 20; step++) {
    await keys(step % 2 ? 'h' : 'l');
    times.push(await page.evaluate(() => window.ditsStats.logicMs));
  }
  const median = times.sort((one, other) => one - other)[10];
  check(median < 60, `a frame of it takes ${median} ms`);
});

test(file, 'nothing complained on the way', async () => {
  checkEqual(page.complaints, [], 'complaints');
});
