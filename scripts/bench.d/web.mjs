// Drives the app in Chromium over a server that is running, and prints what it measured as one line of JSON:
//   node web.mjs URL EMAIL PASSWORD TOPIC [--tiny]
// Frames are timed by the page's own animation frames; keys from the event's time to the end of the frame that answers it.
import { closeBrowser, openPage, openWindow } from '../../tests/browser/support.mjs';

const [url, email, password, topic, tiny] = process.argv.slice(2);
// How much is done of each: enough for percentiles, or just once, to see that it works.
const much = tiny
  ? { visits: 1, keys: 8, wheels: 30, letters: 2, keptMs: 1000, idleSeconds: 2 }
  : { visits: 3, keys: 50, wheels: 150, letters: 6, keptMs: 4000, idleSeconds: 10 };

// Runs before the app: times each animation frame and notes when a picture was made.
function instrument() {
  const bench = window.bench = { callbacks: [], drawnAt: [], keyAt: 0, firstRows: 0, waiting: [] };
  const request = window.requestAnimationFrame.bind(window);
  // An issue's row in the mirror, which is written with the frame that draws it.
  const observer = new MutationObserver(() => {
    const isThere = [...document.querySelectorAll('[role=row]')].some((row) => /#\d/.test((row.getAttribute('aria-label') ?? '') + row.textContent));
    if (!isThere) return;
    bench.firstRows = performance.now();
    observer.disconnect();
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ['aria-label', 'role'] });
  window.requestAnimationFrame = (callback) => request((time) => {
    const before = bench.drawnAt.length, began = performance.now();
    callback(time);
    bench.callbacks.push({ began, ms: performance.now() - began, isDrawn: bench.drawnAt.length > before });
  });
  let frames = 0;
  window.ditsStats = {
    maxLogicMs: 0,
    get frames() { return frames; },
    set frames(count) {
      if (count === frames) return;
      frames = count;
      const now = performance.now();
      bench.drawnAt.push(now);
      for (const resolve of bench.waiting.splice(0)) resolve(now);
    },
  };
  window.addEventListener('keydown', (event) => { bench.keyAt = event.timeStamp; }, true);
}

const percentile = (values, share) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
};
const summary = (values) => ({ count: values.length, p50: percentile(values, 0.5), p95: percentile(values, 0.95), max: percentile(values, 1) });

async function signedInWindow() {
  const context = await openWindow();
  await context.addInitScript(instrument);
  const answer = await context.request.post(`${url}/api/v1/auth/login`, { headers: { origin: url }, data: { email, password } });
  if (!answer.ok()) throw new Error(`signing in as ${email}: ${answer.status()} ${await answer.text()}`);
  return context;
}

// Quiet: no frame for a while, which is shorter than a caret's blinking.
async function quiet(page, limitMs = 120_000) {
  await page.waitForFunction(() => {
    const { drawnAt } = window.bench;
    return drawnAt.length > 0 && performance.now() - drawnAt[drawnAt.length - 1] > 350;
  }, null, { polling: 100, timeout: limitMs });
}

// Does something that changes the picture, and waits until the picture has changed and is quiet.
async function answered(page, act) {
  const before = await page.evaluate(() => window.bench.drawnAt.length);
  await act();
  await page.waitForFunction((count) => window.bench.drawnAt.length > count, before, { polling: 20, timeout: 30_000 });
  await quiet(page);
}

async function firstRows(page) {
  await page.waitForFunction(() => window.bench.firstRows > 0, null, { polling: 50, timeout: 120_000 });
  return page.evaluate(() => window.bench.firstRows);
}

// Everything is here, and nothing waits to be sent.
async function loaded(page) {
  await page.getByText('Synced', { exact: true }).first().waitFor({ state: 'attached', timeout: 300_000 });
  await quiet(page);
}

function kindOf(address) {
  if (address.startsWith('/api/')) return 'data';
  if (address.endsWith('.wasm')) return 'wasm';
  if (address.endsWith('.js')) return 'js';
  return /\.(woff2?|ttf|otf)$|font/i.test(address) ? 'fonts' : 'other';
}

// The bytes of each answer as they came over the wire, by what they are.
async function countBytes(page) {
  const client = await page.context().newCDPSession(page);
  const kinds = {}, requests = new Map();
  await client.send('Network.enable');
  client.on('Network.responseReceived', ({ requestId, response }) => requests.set(requestId, new URL(response.url).pathname));
  client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const address = requests.get(requestId) ?? '';
    const kind = kindOf(address);
    kinds[kind] = (kinds[kind] ?? 0) + encodedDataLength;
    kinds.requests = (kinds.requests ?? 0) + 1;
  });
  return kinds;
}

// The time of one key until the frame that answers it has ended.
async function timeKey(page, key) {
  await page.evaluate(() => {
    window.bench.keyAt = 0;
    window.bench.answered = new Promise((resolve) => {
      const look = (now) => {
        if (window.bench.keyAt > 0 && now > window.bench.keyAt) resolve(now - window.bench.keyAt);
        else window.bench.waiting.push(look);
      };
      window.bench.waiting.push(look);
    });
  });
  await page.keyboard.press(key);
  return page.evaluate(() => Promise.race([window.bench.answered, new Promise((resolve) => setTimeout(() => resolve(null), 3000))]));
}

async function timeKeys(page, keys) {
  const times = [];
  for (const key of keys) {
    const ms = await timeKey(page, key);
    if (ms !== null) times.push(ms);
    await page.waitForTimeout(30);
  }
  return summary(times);
}

// The limit of a key on this machine: a page that does nothing but fill a canvas of the same size anew, in the animation frame that
// follows the key.
async function emptyPageKeys(context) {
  const page = await openPage(context);
  await page.goto('about:blank');
  await page.evaluate(() => {
    const canvas = document.body.appendChild(document.createElement('canvas'));
    canvas.width = innerWidth, canvas.height = innerHeight;
    canvas.style.cssText = 'position: fixed; inset: 0';
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: false });
    let shade = 0;
    addEventListener('keydown', () => requestAnimationFrame(() => {
      shade = 1 - shade;
      gl.clearColor(shade, shade, shade, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      window.ditsStats.frames += 1;
    }));
  });
  const times = await timeKeys(page, Array(much.keys).fill('j'));
  await page.close();
  return times;
}

// The CPU of the frames that were drawn while `act` ran, and what lies between two of them.
async function framesOf(page, act) {
  const began = await page.evaluate(() => performance.now());
  await act();
  await quiet(page, 30_000);
  const drawn = await page.evaluate((since) => window.bench.callbacks.filter((one) => one.began >= since && one.isDrawn), began);
  return summary(drawn.map((one) => one.ms));
}

async function scroll(page) {
  await page.mouse.move(720, 500);
  return framesOf(page, async () => {
    for (let step = 0; step < much.wheels; step++) {
      await page.mouse.wheel(0, step < much.wheels * 2 / 3 ? 160 : -160);
      await page.waitForTimeout(8);
    }
  });
}

async function memoryOfPage(context) {
  const client = await context.browser().newBrowserCDPSession();
  const { processInfo } = await client.send('SystemInfo.getProcessInfo');
  return processInfo.filter((one) => one.type === 'renderer').map((one) => one.id);
}

const result = {};
const cold = await signedInWindow();
const page = await openPage(cold);
result.wire = await countBytes(page);
await page.goto(`${url}/issues`, { waitUntil: 'commit' });
result.coldFirstRowsMs = await firstRows(page);
await loaded(page);
result.wire = { ...result.wire };
const filter = page.getByRole('combobox', { name: 'Filter issues' });

// The copy in the browser is written when there is time for it.
await page.waitForTimeout(much.keptMs);
const warm = [];
for (let visit = 0; visit < much.visits; visit++) {
  await page.goto(`${url}/issues`, { waitUntil: 'commit' });
  warm.push(await firstRows(page));
  await loaded(page);
}
result.warmFirstRowsMs = percentile(warm, 0.5);

await page.keyboard.press('Escape');
result.keyJ = await timeKeys(page, Array(much.keys).fill('j'));
result.scrollFrame = await scroll(page);
await answered(page, () => filter.click());
const letters = [...topic.slice(0, much.letters)];
result.keyFilter = await timeKeys(page, [...letters, ...letters.map(() => 'Backspace'), ...letters, ...letters.map(() => 'Backspace')]);
await quiet(page);
result.sortFrame = await framesOf(page, async () => {
  for (const order of ['sort:title', 'sort:-title', 'sort:title']) await answered(page, () => filter.fill(order));
});
await answered(page, () => filter.fill(''));
await page.keyboard.press('Escape');
await quiet(page);
await page.mouse.move(720, 5);
await page.waitForTimeout(2000);

result.emptyPageKey = await emptyPageKeys(cold);
result.renderers = await memoryOfPage(cold);
// Read here, while the page is open: the processes end with it.
const { readFileSync } = await import('node:fs');
const kilobytes = (pid, name) => {
  try {
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
  } catch {
    return 0;
  }
};
const largest = result.renderers.map((pid) => ({ pss: kilobytes(pid, 'Pss'), rss: kilobytes(pid, 'Rss') })).sort((a, b) => b.rss - a.rss)[0];
result.memory = { pssMb: largest.pss / 1024, rssMb: largest.rss / 1024 };
delete result.renderers;

const before = await page.evaluate(() => ({ callbacks: window.bench.callbacks.length, frames: window.bench.drawnAt.length }));
await page.waitForTimeout(much.idleSeconds * 1000);
const after = await page.evaluate(() => ({ callbacks: window.bench.callbacks.length, frames: window.bench.drawnAt.length }));
result.idle = { seconds: much.idleSeconds, callbacks: after.callbacks - before.callbacks, frames: after.frames - before.frames };
result.complaints = page.complaints;

console.log(JSON.stringify(result));
await closeBrowser();
process.exit(0);
