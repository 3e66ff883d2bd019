// What a tab leaves behind: writes that were not sent, words that were not saved.
import { check, checkEqual, createByKeys, eventually, makeAccount, openPage, openWindow, send, settled, startServer, test, visit } from './support.mjs';

const file = import.meta.url;
let server, context, page;

const row = (name, on) => on.getByRole('row', { name });
const issueNamed = async (title) => (await send(context, server, 'GET', '/api/v1/issues?limit=200')).items.find((issue) => issue.title === title);

test(file, 'two tabs work offline; what the one that is closed has not sent, the other one sends', async () => {
  server = await startServer();
  context = await openWindow();
  await makeAccount(context, server);
  page = await openPage(context, `${server.url}/issues`);
  const second = await openPage(context, `${server.url}/issues`);
  await settled(page);
  await settled(second);
  await context.setOffline(true);
  await createByKeys(second, 'From the tab that is closed');
  await createByKeys(page, 'From the tab that stays');
  await second.close();
  await context.setOffline(false);
  await eventually('own words sent', async () => Boolean(await issueNamed('From the tab that stays')), true, 20_000);
  await eventually('the words of the other sent', async () => Boolean(await issueNamed('From the tab that is closed')), true, 20_000);
  const { items } = await send(context, server, 'GET', '/api/v1/issues?limit=200');
  checkEqual(items.length, 2, 'issues');
});

test(file, 'what was typed just before the page is left is a draft', async () => {
  const { number } = await issueNamed('From the tab that stays');
  await visit(page, `${server.url}/issues/${number}`);
  await page.getByRole('heading', { name: 'From the tab that stays' }).first().waitFor();
  await settled(page);
  await page.keyboard.press('e');
  await page.locator('#areas textarea').waitFor();
  await page.keyboard.type('Last words');
  await page.goto('about:blank');
  await visit(page, `${server.url}/issues/${number}`);
  await page.getByRole('heading', { name: 'From the tab that stays' }).first().waitFor();
  await settled(page);
  await page.keyboard.press('e');
  await eventually('the draft', () => page.locator('#areas textarea').inputValue(), 'Last words');
  await page.keyboard.press('Escape');
});

test(file, 'a hidden tab gives its stream back and catches up when it is shown', async () => {
  await visit(page, `${server.url}/issues`);
  await row(/From the tab that stays/, page).waitFor();
  await settled(page);
  const show = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  const ended = page.waitForEvent('requestfailed', { predicate: (request) => new URL(request.url()).pathname === '/api/v1/events', timeout: 20_000 });
  await show(true);
  check(await ended, 'the stream was given back');
  const { id } = await issueNamed('From the tab that stays');
  await send(context, server, 'PATCH', `/api/v1/issues/${id}`, { title: 'Renamed meanwhile' });
  await show(false);
  await row(/Renamed meanwhile/, page).waitFor();
});

test(file, 'nothing complained on the way', async () => {
  checkEqual(page.complaints, [], 'complaints');
});
