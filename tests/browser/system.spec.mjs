// Insights → System by hand: charts come alive, are read by keys and by the mouse, and rest when nobody looks; pictures of it.
import { check, checkEqual, eventually, frames, makeAccount, openPage, openWindow, photograph, settled, startServer, test, visit } from './support.mjs';
import { fillDesk } from './desk_of_ada.mjs';

const file = import.meta.url;
let server, cookies;

async function windowOf(options = {}) {
  const context = await openWindow(options);
  await context.addCookies(cookies);
  return context;
}

const overview = (context) => context.request.get(`${server.url}/api/v1/admin/system`).then((answer) => answer.json());

// Requests of every kind, so that there is something to see.
async function makeTraffic(context, rounds) {
  for (let round = 0; round < rounds; ++round) {
    await Promise.all(['issues?limit=50', 'search?q=socket', 'stats', 'projects', 'nothing/here', 'issues/999999']
      .map((address) => context.request.get(`${server.url}/api/v1/${address}`)));
  }
}

test(file, 'charts come alive, and are read by keys', async () => {
  server = await startServer(['--alert-disk-free-percent=100', '--alert-hold-seconds=0']);
  const first = await openWindow();
  await makeAccount(first, server);
  await fillDesk(first, server);
  cookies = await first.cookies();
  await first.close();

  const context = await windowOf();
  const page = await openPage(context, `${server.url}/today`);
  await page.getByRole('link', { name: 'Insights', exact: true }).waitFor();
  await settled(page);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await eventually('the address', () => new URL(page.url()).pathname, '/insights/system');
  await makeTraffic(context, 20);
  await page.getByRole('figure', { name: 'Requests' }).waitFor();
  await page.getByRole('figure', { name: 'Latency' }).waitFor();
  await page.getByRole('alert').filter({ hasText: 'disk' }).waitFor();
  await page.getByRole('listitem').filter({ hasText: /Connections: \d+ of 10/ }).waitFor();
  const seen = async () => (await overview(context)).samples.length;
  const before = await seen();
  await eventually('new samples', async () => (await seen()) > before, true, 20_000);
  await page.keyboard.press('1');
  await page.keyboard.press('h');
  await eventually('the value is said', () => page.locator('#live').filter({ hasText: /Requests at \d\d:\d\d:\d\d: answered/ }).count().then((n) => n > 0));
  await page.keyboard.press('y');
  await eventually('the values as CSV', () => page.evaluate(() => navigator.clipboard.readText()).then((text) => text.split('\n')[0]),
    'time,requests2xx,requests4xx,requests5xx');
  await page.keyboard.press('Escape');
  await page.getByRole('radio', { name: '1 hour' }).click();
  await page.getByRole('figure', { name: 'Requests' }).waitFor();
  checkEqual(page.complaints, [], 'complaints');

  // Elsewhere nothing is asked and nothing drawn.
  await visit(page, `${server.url}/settings/appearance`);
  await settled(page, 1_000);
  const drawn = await frames(page);
  await new Promise((resolve) => setTimeout(resolve, 6_500));
  checkEqual(await frames(page), drawn, 'frames of another page');
  await context.close();
});

test(file, 'a statement opens its plan', async () => {
  const context = await windowOf({ height: 1_600 });
  const page = await openPage(context, `${server.url}/insights/system`);
  const first = page.getByRole('table', { name: 'Slowest statements' }).getByRole('button').first();
  await page.getByRole('figure', { name: 'Requests' }).waitFor();
  await page.mouse.move(700, 500);
  await page.mouse.wheel(0, 9_000);
  await first.waitFor();
  await first.click();
  await page.getByRole('table', { name: 'Slowest statements' }).getByRole('button', { expanded: true }).waitFor();
  await context.close();
});

for (const dark of [false, true]) {
  const theme = dark ? 'dark' : 'light';
  test(file, `pictures, ${theme}`, async () => {
    const context = await windowOf({ dark });
    const page = await openPage(context, `${server.url}/insights/system`);
    await eventually('a minute of samples', async () => (await overview(context)).samples.length > 12, true, 100_000);
    await makeTraffic(context, 30);
    await page.getByRole('figure', { name: 'Requests' }).waitFor();
    await settled(page, 200);
    await page.mouse.move(640, 420);
    await photograph(page, `system-${theme}`);
    await page.mouse.move(700, 600);
    await page.mouse.wheel(0, 5_000);
    await settled(page, 200);
    await page.getByRole('table', { name: 'Slowest statements' }).waitFor();
    await photograph(page, `system-below-${theme}`);
    await context.close();
    const phone = await windowOf({ dark, width: 390, height: 844, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
    const small = await openPage(phone, `${server.url}/insights/system`);
    await small.getByRole('figure', { name: 'Requests' }).waitFor();
    check((await small.getByRole('radio').count()) >= 3, 'the range can be chosen');
    await photograph(small, `phone-system-${theme}`);
    await phone.close();
  });
}
