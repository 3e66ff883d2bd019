// What a frame costs that does not hang on the machine: questions to the graphics process, uploads, draw calls.
import { check, checkEqual, drawn, eventually, frames, makeAccount, openPage, openWindow, send, settled, startServer, test, visit } from './support.mjs';

const file = import.meta.url;
let server, context, page;

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
  await makeAccount(context, server);
  for (let number = 1; number <= 40; number++) await send(context, server, 'POST', '/api/v1/issues', { title: `Issue ${number}` });
  page = await openPage(context);
  await visit(page, `${server.url}/issues`);
  await settled(page);
  await takeCalls();
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
