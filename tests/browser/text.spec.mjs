// The text of an issue as a reader, a keyboard and a mouse find it: lists, tables and links are what they are on any page.
import { check, checkEqual, eventually, makeAccount, openPage, openWindow, photograph, send, settled, startServer, test, visit } from './support.mjs';

const file = import.meta.url;
let server, context, page;

const text = `# The first heading
## The second
### The third
#### The fourth

Some *italic*, **bold**, ***both***, \`code\`, ~~struck~~ words, H<sub>2</sub>O, x<sup>2</sup>, <kbd>Ctrl</kbd>, :tada: and a note[^1].
A new line, [the docs](https://docs.example/a) and #2.

<!-- hidden -->

- one
  - inner
- [ ] a box to tick

> said by somebody

| Name | Value |
| ---- | ----- |
| [two](https://docs.example/b) | \`x \\| y\` |

\`\`\`cpp
int main() { return a_function_with_a_long_name("a long line that is wider than any place in which it could stand", 12345, "and it goes on and on", 67890); }
\`\`\`

[^1]: Why it is so.
`;

test(file, 'what stands in a text is found by its role and its name', async () => {
  server = await startServer();
  context = await openWindow();
  await makeAccount(context, server);
  await send(context, server, 'POST', '/api/v1/issues', { title: 'A text with `std::move` and :bug:', description: text });
  await send(context, server, 'POST', '/api/v1/issues', { title: 'Another issue' });
  page = await openPage(context, `${server.url}/issues/1`);
  for (const [name, level] of [['The first heading', 2], ['The second', 3], ['The third', 4], ['The fourth', 5]])
    await page.getByRole('heading', { name, level }).waitFor();
  await page.getByRole('list').getByRole('listitem').getByRole('list').getByRole('listitem').getByText('inner').waitFor();
  await page.getByRole('listitem').getByRole('checkbox', { name: 'a box to tick' }).waitFor();
  await page.getByRole('blockquote').getByText('said by somebody').waitFor();
  const table = page.getByRole('table');
  checkEqual(await table.getByRole('columnheader').allTextContents(), ['Name', 'Value'], 'head');
  checkEqual(await table.getByRole('cell').allTextContents(), ['two', 'x | y'], 'cells');
  checkEqual(await page.getByRole('link', { name: 'the docs' }).getAttribute('href'), 'https://docs.example/a', 'target of a link');
  checkEqual(await page.getByRole('link', { name: '#2' }).getAttribute('href'), '/issues/2', 'target of a reference');
  await page.getByRole('listitem').getByText('Why it is so.').waitFor();
  checkEqual(await page.getByText('hidden').count(), 0, 'comments');
  await photograph(page, 'text-light');
});

test(file, 'Tab walks over the links and boxes of a text in order, and Enter opens a link in a tab', async () => {
  const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent);
  const met = [];
  await page.getByRole('heading', { name: 'A text with' }).focus();
  for (let turn = 0; turn < 60 && met.at(-1) !== 'two'; turn++) {
    await page.keyboard.press('Tab');
    await settled(page, 60);
    const name = await focused();
    if (['the docs', '#2', 'a box to tick', 'two'].includes(name)) met.push(name);
  }
  checkEqual(met, ['the docs', '#2', 'a box to tick', 'two'], 'order');
  const opened = context.waitForEvent('page');
  await page.keyboard.press('Enter');
  const tab = await opened;
  check(tab, 'a tab');
  await tab.close();
});

test(file, 'a link opens a tab with Ctrl, its place without; a row by the middle button', async () => {
  const inTab = async (act) => {
    const opened = context.waitForEvent('page');
    await act();
    const tab = await opened;
    await tab.waitForURL(/issues\/\d/);
    const { pathname } = new URL(tab.url());
    await tab.close();
    return pathname;
  };
  const reference = page.getByRole('link', { name: '#2' });
  checkEqual(await inTab(() => reference.click({ modifiers: ['Control'] })), '/issues/2', 'with Ctrl');
  checkEqual(await inTab(() => reference.click({ button: 'middle' })), '/issues/2', 'by the middle button');
  await reference.click();
  await eventually('its place', () => new URL(page.url()).pathname, '/issues/2');
  await visit(page, `${server.url}/issues`);
  const row = page.getByRole('row', { name: /Another issue/ });
  await row.waitFor();
  await settled(page);
  checkEqual(await inTab(() => row.click({ button: 'middle' })), '/issues/2', 'a row');
  checkEqual(await inTab(() => row.click({ modifiers: ['Control'] })), '/issues/2', 'a row with Ctrl');
  await photograph(page, 'text-list');
});

test(file, 'a link over two lines opens a tab from the second one too, and stays where it is', async () => {
  const long = Array(60).fill('words').join(' ');
  await send(context, server, 'POST', '/api/v1/issues', { title: 'A long link', description: `[${long}](/issues/2)` });
  await visit(page, `${server.url}/issues/3`);
  const box = await page.getByRole('link', { name: /^words words/ }).boundingBox();
  const second = [box.x + 30, box.y + 1.5 * box.height];
  for (const act of [() => page.mouse.click(...second, { button: 'middle' }),
    async () => { await page.keyboard.down('Control'); await page.mouse.click(...second); await page.keyboard.up('Control'); }]) {
    const opened = context.waitForEvent('page');
    await act();
    const tab = await opened;
    await tab.waitForURL(/issues\/2/);
    await tab.close();
    checkEqual(new URL(page.url()).pathname, '/issues/3', 'where this page is');
  }
});

test(file, 'in the dark and on a phone it is the same text', async () => {
  const cookies = await context.cookies();
  for (const [name, options] of [['dark', { dark: true }], ['phone', { width: 390, height: 844, hasTouch: true, isMobile: true }], ['phone-dark', { width: 390, height: 844, hasTouch: true, isMobile: true, dark: true }]]) {
    const other = await openWindow(options);
    await other.addCookies(cookies);
    const shown = await openPage(other, `${server.url}/issues/1`);
    await shown.getByRole('heading', { name: 'The first heading' }).waitFor();
    await photograph(shown, `text-${name}`);
    checkEqual(shown.complaints, [], 'complaints');
    await other.close();
  }
});
