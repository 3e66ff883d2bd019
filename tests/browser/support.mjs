// What the browser tests stand on: a server with a fresh data directory, a Chromium, an account, and ways to wait without
// sleeping.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.resolve(path.dirname(new URL(import.meta.url).pathname), '../..');
const binary = process.env.DITS_BINARY ?? path.join(root, 'build/dits');
const chromiumPath = process.env.DITS_CHROMIUM ?? '/usr/bin/chromium';
export const screenshots = path.join(root, 'build/screenshots');

const require = createRequire(import.meta.url);
const { chromium } = require(toolPath('playwright-core'));
export const axeSource = () => readFileSync(toolPath('axe-core/axe.min.js'), 'utf8');

// NODE_PATH names them under scripts/test; by hand, scripts/deps has written where they are.
function toolPath(name) {
  try {
    return require.resolve(name);
  } catch {
    const deps = readFileSync(path.join(root, 'build/deps.env'), 'utf8');
    return path.join(/DITS_PLAYWRIGHT_DIR='(.*)'/.exec(deps)[1], 'node_modules', name);
  }
}

// ---- tests

const tests = [];

export function test(file, name, run, { limitMs = 150_000 } = {}) {
  tests.push({ file: path.basename(file), name, run, limitMs });
}
export const testsOf = (file) => tests.filter((entry) => entry.file === file);

export function check(condition, message) {
  if (!condition) throw new Error(message);
}

export function checkEqual(actual, expected, what) {
  const [is, shall] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== shall) throw new Error(`${what}: ${is} instead of ${shall}`);
}

// Asks until the answer is the expected one, or `limitMs` are over.
export async function eventually(what, ask, expected = true, limitMs = 15_000) {
  const shall = JSON.stringify(expected);
  const end = Date.now() + limitMs;
  let is;
  do {
    try {
      is = JSON.stringify(await ask());
    } catch (error) {
      is = String(error.message).split('\n')[0];
    }
    if (is === shall) return;
    await new Promise((resolve) => setTimeout(resolve, 40));
  } while (Date.now() < end);
  throw new Error(`${what}: still ${is} instead of ${shall}`);
}

// ---- the server

const closers = [];
export const closeLater = (close) => closers.push(close);
export async function closeAll() {
  for (const close of closers.splice(0).reverse()) await close().catch(() => {});
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

// Starts DITS on a free port with an empty data directory. Answers { url, plainUrl, setupLink, stop(), start() }; `plainUrl` is how
// another machine in the LAN sees it: no secure context.
export async function startServer(extra = []) {
  const directory = mkdtempSync(path.join(process.env.DITS_TEST_TMP ?? tmpdir(), 'browser-'));
  const port = await freePort();
  const server = { url: `http://127.0.0.1:${port}`, plainUrl: `http://dits.test:${port}`, setupLink: '', log: '', process: null, data: path.join(directory, 'data') };

  server.start = () => new Promise((resolve, reject) => {
    const child = spawn(binary, ['serve', '--port', String(port), '--data-dir', path.join(directory, 'data'), ...extra],
      { stdio: ['ignore', 'pipe', 'pipe'], cwd: directory });
    server.process = child;
    let out = '';
    const limit = setTimeout(() => reject(new Error(`the server did not start:\n${server.log}`)), 60_000);
    child.stderr.on('data', (text) => { server.log += text; });
    child.stdout.on('data', (text) => {
      out += text;
      const link = /https?:\/\/\S+\/setup\/\S+/.exec(out);
      if (link) server.setupLink = link[0];
      if (!out.includes(server.url)) return;
      clearTimeout(limit);
      resolve();
    });
    child.on('exit', (code) => {
      clearTimeout(limit);
      reject(new Error(`the server ended with ${code}:\n${server.log.slice(-2000)}`));
    });
  });
  server.stop = () => new Promise((resolve) => {
    if (!server.process || server.process.exitCode !== null) return resolve();
    server.process.once('exit', resolve);
    server.process.kill('SIGTERM');
  });
  closers.push(async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  await server.start();
  return server;
}

// ---- the browser

let browser;
async function theBrowser() {
  if (browser?.isConnected()) return browser;
  browser = await chromium.launch({
    executablePath: chromiumPath,
    headless: false,
    args: ['--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--force-color-profile=srgb',
      '--host-resolver-rules=MAP dits.test 127.0.0.1'],
  });
  process.once('exit', () => browser.close().catch(() => {}));
  return browser;
}

// A window of its own: cookies and storage are shared by its tabs only.
export async function openWindow(options = {}) {
  const { width = 1440, height = 900, dark = false, ...rest } = options;
  const context = await (await theBrowser()).newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/Vienna',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...rest,
  });
  context.setDefaultTimeout(20_000);
  closers.push(() => context.close());
  return context;
}

export async function closeBrowser() {
  await browser?.close();
}

// A tab whose complaints are kept in page.complaints.
export async function openPage(context, address) {
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // Chromium reports each refused request; tests that care look at the answers.
    if (message.type() === 'error' && !/Failed to load resource|Password field is not contained/.test(message.text())) page.complaints.push(message.text());
  });
  if (address) await visit(page, address);
  return page;
}

export async function visit(page, address) {
  await page.goto(address, { waitUntil: 'commit' });
  await drawn(page);
}

// The first picture is there.
export async function drawn(page) {
  await page.waitForFunction(() => window.ditsStats?.frames > 0, null, { timeout: 60_000 });
}

export const frames = (page) => page.evaluate(() => window.ditsStats.frames);

// The tab's process ends without a word. Behind that, another tab does not begin in the process that is about to end.
export async function crash(page) {
  const crashed = page.waitForEvent('crash');
  await page.goto('chrome://crash').catch(() => {});
  await crashed;
}

// The first picture is there, and no other was drawn for a while: what is seen is final.
export async function settled(page, quietMs = 250) {
  await page.waitForFunction((quiet) => {
    const now = performance.now();
    const seen = window.ditsStats?.frames ?? 0;
    if (seen === 0) return false;
    const last = window.ditsTestLast ?? (window.ditsTestLast = { seen, since: now });
    if (last.seen !== seen) window.ditsTestLast = { seen, since: now };
    return now - window.ditsTestLast.since >= quiet;
  }, quietMs, { polling: 50, timeout: 20_000 });
}

export async function photograph(page, name) {
  mkdirSync(screenshots, { recursive: true });
  await settled(page);
  await page.screenshot({ path: path.join(screenshots, `${name}.png`), scale: 'device' });
}

// What all open tabs show, when a test has failed.
export async function photographAll(name) {
  mkdirSync(screenshots, { recursive: true });
  const pages = browser?.contexts().flatMap((context) => context.pages()) ?? [];
  for (const [index, page] of pages.entries()) {
    // One that has crashed has no picture.
    await page.screenshot({ path: path.join(screenshots, `${name}-${index + 1}.png`), timeout: 10_000 }).catch(() => {});
  }
}

// ---- accounts

export const account = { email: 'ada@example.org', name: 'Ada Lovelace', password: 'correct horse battery' };

// Makes the first account through the API, and signs the window in.
export async function makeAccount(context, server) {
  const setupToken = server.setupLink.split('/setup/')[1];
  await send(context, server, 'POST', '/api/v1/auth/register', { setupToken, ...account });
}

export async function signIn(context, server) {
  await send(context, server, 'POST', '/api/v1/auth/login', { email: account.email, password: account.password });
}

// Calls the API as the page would; answers the body. Throws on a refusal.
export async function send(context, server, method, address, body) {
  const response = await context.request.fetch(server.url + address, {
    method,
    headers: { origin: server.url, 'content-type': 'application/json' },
    data: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  check(response.ok(), `${method} ${address}: ${response.status()} ${text.slice(0, 300)}`);
  return text ? JSON.parse(text) : null;
}

// A new issue as somebody makes it who has the hands on the keyboard; until its row is there.
export async function createByKeys(page, title) {
  await page.bringToFront();
  await settled(page);
  await page.keyboard.press('c');
  await page.getByRole('dialog', { name: 'New issue' }).waitFor();
  await page.keyboard.type(title);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('row', { name: new RegExp(title) }).waitFor();
}
