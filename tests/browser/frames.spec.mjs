// What a frame costs that does not hang on the machine: questions to the graphics process, uploads, draw calls, pixels.
import { check, checkEqual, drawn, eventually, frames, makeAccount, openPage, openWindow, send, settled, startServer, test, visit } from './support.mjs';

const file = import.meta.url;
let server, context, page;

// A context takes a tenth of a second and more, on some machines a share of the few that a browser gives.
function countContexts() {
  window.contexts = new Set();
  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...given) {
    const context = getContext.call(this, kind, ...given);
    if (kind === 'webgl2') window.contexts.add(context);
    return context;
  };
}

// Each method of the page's WebGL 2 context counts its calls. A getX or isX has to wait for another process' answer.
function countCalls() {
  window.glCalls = {};
  const prototype = WebGL2RenderingContext.prototype;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const property = Object.getOwnPropertyDescriptor(prototype, name);
    if (typeof property.value !== 'function') continue;
    prototype[name] = function (...given) {
      window.glCalls[name] = (window.glCalls[name] ?? 0) + 1;
      return property.value.apply(this, given);
    };
  }
}

const takeCalls = () => page.evaluate(() => {
  const calls = window.glCalls;
  window.glCalls = {};
  return calls;
});

test(file, 'while the list scrolls no frame asks WebGL for anything, and few uploads and draws make it', async () => {
  server = await startServer();
  context = await openWindow();
  await context.addInitScript(countCalls);
  await context.addInitScript(countContexts);
  await makeAccount(context, server);
  for (let number = 1; number <= 40; number++) await send(context, server, 'POST', '/api/v1/issues', { title: `Issue ${number}` });
  page = await openPage(context);
  await visit(page, `${server.url}/issues`);
  await settled(page);
  checkEqual(await page.evaluate(() => [...window.contexts].map((one) => one.canvas.id)), ['canvas'], 'contexts of WebGL');
  const started = await takeCalls();
  checkEqual(Object.keys(started).filter((name) => /Extension/.test(name)), [], 'questions for extensions');
  const before = await frames(page);
  for (let step = 0; step < 12; step++) {
    const shown = await frames(page);
    await page.keyboard.press(step < 8 ? 'j' : 'k');
    await eventually('a frame', () => frames(page).then((now) => now > shown));
  }
  await settled(page);
  const drawnFrames = await frames(page) - before;
  const calls = await takeCalls();
  check(drawnFrames >= 8, `${drawnFrames} frames`);
  const questions = Object.keys(calls).filter((name) => /^(get|is|check)[A-Z]/.test(name) || name === 'readPixels' || name === 'finish');
  checkEqual(questions, [], 'questions');
  check(calls.bufferData <= 2 * drawnFrames, `${calls.bufferData} uploads in ${drawnFrames} frames`);
  check(calls.drawElements <= 60 * drawnFrames, `${calls.drawElements} draws in ${drawnFrames} frames`);
  const all = Object.values(calls).reduce((sum, count) => sum + count, 0);
  check(all <= 320 * drawnFrames, `${all} calls of WebGL in ${drawnFrames} frames: ${JSON.stringify(calls)}`);
  await drawn(page);
});

test(file, 'a row that scrolls into sight moves no other row of what readers see', async () => {
  await page.keyboard.press('End');
  await settled(page);
  await page.evaluate(() => {
    window.movedRows = 0;
    window.rowsObserver = new MutationObserver((records) => {
      for (const record of records) for (const node of record.addedNodes) window.movedRows += node.getAttribute?.('role') === 'row' ? 1 : 0;
    });
    window.rowsObserver.observe(document.getElementById('mirror'), { childList: true, subtree: true });
  });
  const rows = () => page.locator('#mirror [role=row]').count();
  const shown = await rows();
  check(shown > 15, `${shown} rows`);
  await page.keyboard.press('Home');
  await settled(page);
  await page.evaluate(() => { window.movedRows = 0; });
  for (let step = 0; step < 39; step++) {
    const before = await frames(page);
    await page.keyboard.press('j');
    await eventually('a frame', () => frames(page).then((now) => now > before));
  }
  await settled(page);
  const moved = await page.evaluate(() => { window.rowsObserver.disconnect(); return window.movedRows; });
  check(moved > 0 && moved <= 60, `${moved} rows were put in while 40 passed`);
  await page.keyboard.press('Home');
});

// The pixels that are drawn while `act` changes the picture, as a share of the canvas a frame.
async function drawnShare(act) {
  await settled(page);
  const look = () => page.evaluate(() => ({ pixels: window.ditsStats.drawnPixels, frames: window.ditsStats.frames - window.ditsStats.skipped }));
  const before = await look();
  await act();
  await eventually('a frame', async () => (await look()).frames > before.frames);
  await settled(page);
  const after = await look();
  return (after.pixels - before.pixels) / (after.frames - before.frames) / (1440 * 900);
}

test(file, 'a key draws what it changes, and no more of the canvas', async () => {
  await page.keyboard.press('/');
  await page.keyboard.type('issue');
  await settled(page);
  const letter = await drawnShare(() => page.keyboard.type('s'));
  check(letter > 0 && letter < 0.2, `a letter in the filter draws ${letter} of the canvas`);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Escape');
  const move = await drawnShare(() => page.keyboard.press('j'));
  check(move > 0 && move < 0.2, `a move in the list draws ${move} of the canvas`);
  await page.keyboard.press('c');
  await page.keyboard.type('abcde');
  const inField = await drawnShare(() => page.keyboard.type('a'));
  check(inField > 0 && inField < 0.02, `a letter in a field draws ${inField} of the canvas`);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Escape');
});

// A lost context is drawn anew as a whole.
const redrawn = () => page.evaluate(async () => {
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

test(file, 'a picture that was drawn in parts is the one that is drawn as a whole', async () => {
  const steps = [
    ['moves in the list', async () => { for (const key of 'jjjkj') await page.keyboard.press(key); }],
    ['a popup', () => page.keyboard.press('Control+k')],
    ['words in the popup', () => page.keyboard.type('board')],
    ['the popup closed', () => page.keyboard.press('Escape')],
    ['words in the filter', async () => { await page.keyboard.press('/'); await page.keyboard.type('issue 1'); }],
    ['the filter left', () => page.keyboard.press('Escape')],
    ['the dark theme', () => page.emulateMedia({ colorScheme: 'dark' })],
    ['a smaller window', () => page.setViewportSize({ width: 1100, height: 700 })],
    ['the larger one again', () => page.setViewportSize({ width: 1440, height: 900 })],
    ['the board', () => visit(page, `${server.url}/issues?layout=board`)],
    ['a card in the hand', async () => {
      await page.mouse.move(350, 170);
      await page.mouse.down();
      await page.mouse.move(560, 300, { steps: 4 });
      await page.mouse.move(700, 340, { steps: 4 });
    }],
    ['the card dropped', () => page.mouse.up()],
    ['the calendar', () => visit(page, `${server.url}/issues?layout=calendar`)],
    ['the plan', () => visit(page, `${server.url}/issues?layout=plan`)],
    ['the light theme', () => page.emulateMedia({ colorScheme: 'light' })],
  ];
  let before = await page.screenshot();
  for (const [what, act] of steps) {
    await act();
    await settled(page, 600);
    const inParts = await page.screenshot();
    check(Buffer.compare(before, inParts) !== 0, `${what} is not seen`);
    before = inParts;
    await redrawn();
    await settled(page, 400);
    const whole = await page.screenshot();
    check(Buffer.compare(inParts, whole) === 0, `${what}: drawn in parts, it is another picture`);
  }
  checkEqual(page.complaints, [], 'complaints');
});
