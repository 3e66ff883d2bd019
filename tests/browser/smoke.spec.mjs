// What the page promises before any feature: it loads under the policy, draws nothing while idle, is crisp, takes input methods,
// paste and a lost graphics context.
import { check, checkEqual, drawn, eventually, frames, makeAccount, openPage, openWindow, photograph, settled, startServer, test, visit } from './support.mjs';

const file = import.meta.url;
let server, context, page;
const queryField = () => page.getByRole('combobox', { name: 'Filter issues' });

test(file, 'the page loads, without an error in the console and within its policy', async () => {
  server = await startServer();
  context = await openWindow();
  await makeAccount(context, server);
  page = await openPage(context);
  const response = await page.goto(`${server.url}/issues`, { waitUntil: 'commit' });
  check(response.headers()['content-security-policy']?.includes("default-src 'none'"), 'the policy is sent');
  await drawn(page);
  await settled(page);
  checkEqual(page.complaints, [], 'complaints');
  check(await page.getByRole('navigation').count() > 0, 'the sidebar is in the mirror');
});

test(file, 'the first visit needs few requests and bytes', async () => {
  const cold = await openWindow();
  const tab = await openPage(cold);
  const sizes = [];
  tab.on('response', (response) => sizes.push(response.request().sizes().then((size) => size.responseBodySize).catch(() => 0)));
  await visit(tab, `${server.url}/login`);
  await settled(tab);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  check(sizes.length <= 9, `${sizes.length} requests`);
  check(bytes < 900_000, `${bytes} bytes`);
  await cold.close();
});

test(file, 'nothing is drawn in five idle seconds', async () => {
  await page.mouse.move(720, 700);
  await settled(page, 1200);
  const before = await frames(page);
  await page.waitForTimeout(5000);
  checkEqual(await frames(page) - before, 0, 'frames');
  await page.keyboard.press('/');
  await settled(page, 1200);
  const typing = await frames(page);
  await page.waitForTimeout(2000);
  checkEqual(await frames(page) - typing, 0, 'frames while the caret stands in the filter');
  await page.keyboard.press('Escape');
});

test(file, 'an unknown address shows the not-found screen, and back leads away from it', async () => {
  await visit(page, `${server.url}/issues`);
  await visit(page, `${server.url}/no/such/page`);
  await eventually('heading', () => page.getByRole('heading', { name: /not found|does not exist|nothing here/i }).count().then((n) => n > 0));
  await page.goBack();
  await drawn(page);
  await eventually('address', () => new URL(page.url()).pathname, '/issues');
});

test(file, 'Japanese typed with an input method arrives, and shows at the caret while composing', async () => {
  await visit(page, `${server.url}/issues`);
  await queryField().click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  const devtools = await context.newCDPSession(page);
  await devtools.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
  await eventually('composing', () => page.evaluate(() => document.getElementById('caret').className), 'composing');
  await devtools.send('Input.insertText', { text: '日本' });
  await eventually('text', () => queryField().inputValue(), '日本');
  await devtools.send('Input.insertText', { text: ' 🚀é' });
  await eventually('text', () => queryField().inputValue(), '日本 🚀é');
});

test(file, 'text is copied from and pasted into the canvas', async () => {
  await queryField().click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  await eventually('clipboard', () => page.evaluate(() => navigator.clipboard.readText()), '日本 🚀é');
  await page.evaluate(() => navigator.clipboard.writeText('is:open from elsewhere ✓'));
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+v');
  await eventually('pasted', () => queryField().inputValue(), 'is:open from elsewhere ✓');
});

test(file, 'a hundred characters typed at once all arrive in their order', async () => {
  await queryField().click();
  await page.keyboard.press('Control+a');
  const text = 'abcdefghij'.repeat(10);
  await page.keyboard.type(text);
  await eventually('text', () => queryField().inputValue(), text);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Escape');
});

test(file, 'a lost graphics context is drawn anew, pixel for pixel', async () => {
  await visit(page, `${server.url}/issues`);
  await page.mouse.move(720, 700);
  await settled(page, 800);
  const before = await page.screenshot();
  await page.evaluate(async () => {
    const canvas = document.getElementById('canvas');
    const loss = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
    const event = (name) => new Promise((resolve) => canvas.addEventListener(name, resolve, { once: true }));
    const lost = event('webglcontextlost');
    loss.loseContext();
    await lost;
    const restored = event('webglcontextrestored');
    setTimeout(() => loss.restoreContext(), 0);
    await restored;
  });
  await eventually('the same picture', async () => Buffer.compare(before, await page.screenshot()) === 0);
});

for (const ratio of [1, 1.5, 2]) {
  test(file, `the canvas has a pixel for each of the screen's at ratio ${ratio}`, async () => {
    const window = await openWindow({ width: 900, height: 600, deviceScaleFactor: ratio });
    const tab = await openPage(window, `${server.url}/login`);
    await eventually('size', () => tab.evaluate(() => {
      const canvas = document.getElementById('canvas');
      return [canvas.width, canvas.height];
    }), [Math.round(900 * ratio), Math.round(600 * ratio)]);
    await photograph(tab, `crisp-${ratio}`);
    await window.close();
  });
}

test(file, 'a page that is away from its server says so instead of staying blank', async () => {
  const window = await openWindow();
  const tab = await openPage(window);
  await tab.route('**/*.wasm', (route) => route.abort());
  await tab.goto(server.url, { waitUntil: 'commit' });
  await tab.getByRole('status').getByText('The server cannot be reached').waitFor();
  await tab.getByRole('button', { name: 'Try again' }).waitFor();
  await window.close();
});

test(file, 'a browser without WebGL 2 is told what it lacks', async () => {
  const window = await openWindow();
  await window.addInitScript(() => { HTMLCanvasElement.prototype.getContext = () => null; });
  const tab = await openPage(window);
  await tab.goto(server.url, { waitUntil: 'commit' });
  await tab.getByText('It lacks WebGL 2').waitFor();
  await window.close();
});
