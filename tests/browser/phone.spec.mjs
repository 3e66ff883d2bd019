// At 390 px, by touch alone.
import { checkEqual, eventually, makeAccount, openPage, openWindow, photograph, send, settled, startServer, test, visit } from './support.mjs';
import { fillDesk } from './desk_of_ada.mjs';

const file = import.meta.url;
let server, context, page, devtools;

async function swipe(from, to, steps = 12) {
  const at = (x, y) => [{ x: Math.round(x), y: Math.round(y) }];
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(...from) });
  for (let step = 1; step <= steps; step++) {
    const part = step / steps;
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part) });
  }
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

test(file, 'the list fits, its targets are large enough for a finger', async () => {
  server = await startServer();
  context = await openWindow({ width: 390, height: 844, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  await makeAccount(context, server);
  await fillDesk(context, server);
  page = await openPage(context, `${server.url}/issues`);
  devtools = await context.newCDPSession(page);
  await page.getByRole('row').first().waitFor();
  await settled(page);
  checkEqual(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'width of the page');
  const small = await page.evaluate(() => [...document.querySelectorAll('#mirror [role=navigation] .operable')]
    .filter((element) => element.getBoundingClientRect().height < 44).map((element) => element.textContent));
  checkEqual(small, [], 'tabs lower than 44 px');
});

test(file, 'a finger scrolls the list', async () => {
  const first = () => page.getByRole('row', { name: /^#/ }).first().getAttribute('aria-label');
  const before = await first();
  await swipe([195, 700], [195, 250]);
  await eventually('another row is first', async () => (await first()) !== before);
});

test(file, 'a tap opens an issue, and back returns to the list', async () => {
  await settled(page);
  await page.getByRole('row', { name: /^#/ }).nth(2).tap();
  await eventually('address', () => /^\/issues\/\d+$/.test(new URL(page.url()).pathname));
  await settled(page);
  await photograph(page, 'phone-detail-light');
  await page.goBack();
  await eventually('address', () => new URL(page.url()).pathname, '/issues');
});

test(file, 'an issue is made by touch: the field takes the keyboard within the tap', async () => {
  await page.getByRole('button', { name: 'New issue' }).tap();
  await page.getByRole('dialog', { name: 'New issue' }).waitFor();
  await page.getByRole('textbox', { name: 'Title' }).tap();
  await eventually('the keyboard', () => page.evaluate(() => document.activeElement?.id), 'caret');
  await devtools.send('Input.insertText', { text: 'Made on the phone' });
  await eventually('title', () => page.getByRole('textbox', { name: 'Title' }).inputValue(), 'Made on the phone');
  await page.getByRole('dialog', { name: 'New issue' }).getByRole('button', { name: /create/i }).tap();
  await eventually('saved', async () => (await send(context, server, 'GET', '/api/v1/issues?q=text:phone')).items.length, 1);
});

test(file, 'a swipe to the right finishes an issue', async () => {
  const row = page.getByRole('row', { name: /Made on the phone/ });
  await row.scrollIntoViewIfNeeded().catch(() => {});
  await page.getByRole('combobox', { name: 'Filter issues' }).fill('text:phone');
  await eventually('one row', () => page.getByRole('row', { name: /^#/ }).count(), 1);
  await settled(page);
  const box = await row.boundingBox();
  await swipe([60, box.y + box.height / 2], [330, box.y + box.height / 2]);
  await eventually('done', async () => Boolean((await send(context, server, 'GET', '/api/v1/issues?q=text:phone')).items[0].completedAt));
});

test(file, 'settings are a list and its pages; every button is high enough for a finger', async () => {
  const low = () => page.evaluate(() => [...document.querySelectorAll('#mirror .operable')]
    .filter((element) => /^(button|tab|switch|radio)$/.test(element.getAttribute('role')) && element.getBoundingClientRect().height < 44)
    .map((element) => element.getAttribute('aria-label') || element.textContent));
  await visit(page, `${server.url}/settings`);
  await page.getByRole('tab', { name: 'Backups' }).tap();
  await eventually('the page', () => new URL(page.url()).pathname, '/settings/backups');
  await page.getByRole('button', { name: 'Back up now' }).waitFor();
  await settled(page);
  checkEqual(await low(), [], 'low targets of the backups');
  await photograph(page, 'phone-backups-light');
  await page.getByRole('button', { name: 'Back', exact: true }).tap();
  await eventually('the list', () => new URL(page.url()).pathname, '/settings');
  for (const section of ['transfer', 'views', 'appearance']) {
    await visit(page, `${server.url}/settings/${section}`);
    await settled(page);
    checkEqual(await low(), [], `low targets of ${section}`);
  }
});

test(file, 'nothing complained on the way', async () => {
  checkEqual(page.complaints, [], 'complaints');
});
