// Texts that are long, and a program that has ended: what is said, what is offered, and what is drawn the next time.
import { check, checkEqual, drawn, eventually, makeAccount, openPage, openWindow, send, settled, startServer, test, visit } from './support.mjs';

const file = import.meta.url;
let server, context, page;

const makeIssue = (title, description) => send(context, server, 'POST', '/api/v1/issues', { title, description });

async function open(issue) {
  await visit(page, `${server.url}/issues/${issue.number}`);
  await page.getByRole('heading', { name: issue.title }).first().waitFor();
  await settled(page);
}

async function scrollToEnd() {
  await page.mouse.move(500, 500);
  for (let turn = 0; turn < 30; ++turn) await page.mouse.wheel(0, 20_000);
  await settled(page);
}

test(file, 'five thousand boxes and a table of a thousand rows are drawn in parts, to their ends', async () => {
  server = await startServer();
  context = await openWindow();
  await makeAccount(context, server);
  page = await openPage(context);
  const rows = Array.from({ length: 1000 }, (_, row) => `| row ${row} | \`x\` |`).join('\n');
  const boxes = Array.from({ length: 5000 }, (_, box) => `- [ ] box ${box}`).join('\n');
  const issue = await makeIssue('Long', `| a | b |\n|---|---|\n${rows}\n\n${boxes}\n\nThe end of it`);
  await open(issue);
  await eventually('the table', () => page.getByRole('table').count(), 1);
  await page.mouse.move(500, 500);
  for (let turn = 0; turn < 400 && await page.getByRole('checkbox', { name: 'box 4999', exact: true }).count() === 0; ++turn) {
    await page.mouse.wheel(0, 5_000);
    await settled(page, 30);
  }
  await page.getByRole('checkbox', { name: 'box 4999', exact: true }).click();
  await eventually('the last one is ticked', async () => {
    const known = await send(context, server, 'GET', `/api/v1/issues/${issue.number}`);
    return known.description.includes('- [x] box 4999') && !known.description.includes('- [x] box 4998');
  });
  const { logicMs } = await page.evaluate(() => window.ditsStats);
  check(logicMs < 100, `a frame of it takes ${logicMs} ms`);
  checkEqual(page.complaints, [], 'complaints');
});

test(file, 'a table of 120 KB with short rows is shown and leaves the program alive', async () => {
  const head = `|${'c|'.repeat(128)}\n|${'-|'.repeat(128)}\n`;
  const issue = await makeIssue('Wide', head + '|x\n'.repeat(40_000));
  await open(issue);
  await eventually('the table', () => page.getByRole('table').count(), 1);
  await scrollToEnd();
  checkEqual(await page.locator('#ended').isVisible(), false, 'ended');
  checkEqual(page.complaints, [], 'complaints');
});

// Their roles take no name: what they are called by is what stands in them.
const shown = (role, text) => page.getByRole(role).filter({ hasText: text }).count();

// The next time a text is drawn for the first time, the program ends: what throws in the midst of a frame ends it as a
// fault of memory does.
async function endAtNextDrawing() {
  await page.addInitScript(() => {
    if (!localStorage.getItem('test-ends')) return;
    const setItem = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, value) {
      setItem.call(this, key, value);
      if (!key.startsWith('dits-drawing-') || !localStorage.getItem('test-ends')) return;
      localStorage.removeItem('test-ends');
      throw new WebAssembly.RuntimeError('unreachable');
    };
  });
  await page.evaluate(() => localStorage.setItem('test-ends', 'yes'));
}

test(file, 'a text that ends the program is shown as it was written when it starts again', async () => {
  const issue = await makeIssue('Bad', 'A **bold** word');
  await endAtNextDrawing();
  await page.goto(`${server.url}/issues/${issue.number}`, { waitUntil: 'commit' });
  const dialog = page.getByRole('alertdialog', { name: 'DITS has ended' });
  await dialog.waitFor();
  check((await dialog.innerText()).includes('It ended while it drew a text'), 'what it drew');
  await page.keyboard.press('Enter');  // the first button has the focus
  await drawn(page);
  await eventually('the text as written', () => shown('code', 'A **bold** word'), 1);
  await eventually('the sentence', () => shown('note', 'DITS ended when it last drew this text'), 1);
  await page.reload({ waitUntil: 'commit' });
  await drawn(page);
  await eventually('still as written', () => shown('code', 'A **bold** word'), 1);
  await page.getByRole('button', { name: 'Draw it with its formatting again' }).click();
  await eventually('formatted', () => shown('paragraph', 'A bold word'), 1);
  await page.reload({ waitUntil: 'commit' });
  await drawn(page);
  await eventually('and stays so', () => shown('paragraph', 'A bold word'), 1);
});

test(file, 'who wants that text formatted at once gets it so', async () => {
  await page.evaluate(() => localStorage.setItem('test-ends', 'yes'));
  await page.reload({ waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Start again with that text formatted' }).click();
  await drawn(page);
  await eventually('formatted', () => shown('paragraph', 'A bold word'), 1);
});

test(file, 'an end that is nobody\'s text says so, and nothing calls the program after it', async () => {
  await page.evaluate(() => {
    window.ditsCalls = 0;
    performance.now = () => {
      ++window.ditsCalls;
      throw new WebAssembly.RuntimeError('memory access out of bounds');
    };
  });
  await page.mouse.move(300, 300);
  await page.keyboard.press('j');
  const dialog = page.getByRole('alertdialog', { name: 'DITS has ended' });
  await dialog.waitFor();
  checkEqual(await page.getByRole('button', { name: 'Start again with that text formatted' }).count(), 0, 'offered');
  const calls = await page.evaluate(() => window.ditsCalls);
  await page.mouse.move(310, 310);
  await page.keyboard.press('j');
  await page.mouse.wheel(0, 100);
  checkEqual(await page.evaluate(() => window.ditsCalls), calls, 'calls after the end');
  await page.getByRole('button', { name: 'Start again' }).click();
  await drawn(page);
  await eventually('formatted', () => shown('paragraph', 'A bold word'), 1);
});
