// Writing by keyboard alone: the form of a new issue, popups over an editor and what comes back when they close, drafts.
import { account, check, checkEqual, eventually, makeAccount, openPage, openWindow, photograph, send, settled, signIn, startServer, test } from './support.mjs';

const file = import.meta.url;
let server, context, page;
const labels = ['bug', 'feature', 'documentation', ...Array.from({ length: 32 }, (_, at) => `topic ${at + 1}`)];

const keys = async (...names) => {
  for (const name of names) await page.keyboard.press(name);
};
const type = (text) => page.keyboard.type(text);
const dialog = () => page.getByRole('dialog', { name: 'New issue' });
const field = (name) => page.getByRole('textbox', { name });
const picker = () => page.getByRole('dialog', { name: /^(Set |Labels|Move to)/ });
const gone = (locator) => locator.waitFor({ state: 'hidden' });
const newest = async () => (await send(context, server, 'GET', '/api/v1/issues?sort=-number&limit=1&fields=title,priority,labelIds,projectId,areaId,startDate,dueDate,parentIssueId,description')).items[0];
// The name of what has the keyboard's ring.
const focused = () => page.evaluate(() => {
  const area = document.activeElement?.closest('#areas textarea');
  return area ? area.getAttribute('aria-label') : document.querySelector('#mirror [data-focused]')?.getAttribute('aria-label') ?? '';
});

async function openForm() {
  await settled(page);
  await keys('c');
  await dialog().waitFor();
  await settled(page);
}

test(file, 'an issue is made by its title alone: attributes among the words are chips at once', async () => {
  server = await startServer();
  context = await openWindow();
  await makeAccount(context, server);
  for (const name of labels) await send(context, server, 'POST', '/api/v1/labels', { name });
  await send(context, server, 'POST', '/api/v1/areas', { name: 'Work' });
  await send(context, server, 'POST', '/api/v1/projects', { name: 'Relay 2.0' });
  await send(context, server, 'POST', '/api/v1/issues', { title: 'The parent' });
  await send(context, server, 'POST', '/api/v1/issues', { title: 'Paint the casing' });
  page = await openPage(context, `${server.url}/issues`);
  await page.getByRole('row', { name: /The parent/ }).waitFor();
  await openForm();
  await type('Fix the login #bug !high @Work due:+3d "not #feature" >#1');
  await page.getByRole('button', { name: 'Priority: High' }).waitFor();
  await page.getByRole('button', { name: 'Labels: bug' }).waitFor();
  await page.getByRole('button', { name: 'Project: Work' }).waitFor();
  await photograph(page, 'writing-chips');
  await keys('Control+Enter');
  await gone(dialog());
  await eventually('made', async () => (await newest()).title, 'Fix the login "not #feature"');
  const made = await newest();
  checkEqual([made.priority, made.labelIds.length, !!made.areaId, !!made.dueDate, !!made.parentIssueId], ['HIGH', 1, true, true, true], 'its attributes');
});

test(file, 'Backspace behind an attribute takes it back, and loses no letter', async () => {
  await openForm();
  await type('Say #bug');
  await page.getByRole('button', { name: 'Labels: bug' }).waitFor();
  await keys('Backspace');
  await page.getByRole('button', { name: 'Labels: Labels' }).waitFor();
  await type(' aloud');
  await keys('Control+Enter');
  await gone(dialog());
  await eventually('made', async () => (await newest()).title, 'Say #bug aloud');
});

test(file, 'Tab goes through the form in order, and each choice gives the keys back', async () => {
  await openForm();
  await type('By Tab');
  await keys('Tab');
  await eventually('the description', focused, 'Description');
  await type('And its text');
  for (const [chip, typed, shown] of [['Status', 'to do', 'Status: To Do'], ['Priority', 'urg', 'Priority: Urgent'],
    ['Project', 'relay', 'Project: Relay 2.0'], ['Labels', 'topic 31', 'Labels: topic 31'], ['Due', '+3d', 'Due: ']]) {
    await keys('Tab', 'Enter');
    await picker().waitFor();
    if (chip === 'Labels') check(await page.getByRole('option').count() >= 15, 'all labels that fit are seen');
    await type(typed);
    await settled(page);
    await keys('Enter');
    if (chip === 'Labels') {
      await dialog().getByRole('button', { name: shown }).waitFor();
      await keys('Escape');
    }
    await gone(picker());
    await dialog().getByRole('button', { name: shown }).waitFor();
    await dialog().waitFor();
  }
  await keys('Tab', 'Enter');  // Create
  await gone(dialog());
  await eventually('made', async () => (await newest()).title, 'By Tab');
  const made = await newest();
  checkEqual([made.priority, made.labelIds.length, !!made.projectId, !!made.dueDate, made.description], ['URGENT', 1, true, true, 'And its text'], 'what was chosen');
});

test(file, 'Ctrl+Enter makes it from anywhere in the dialog, Esc closes the innermost only', async () => {
  for (const tabs of [1, 2, 4, 6]) {
    await openForm();
    await type(`From place ${tabs}`);
    for (let at = 0; at < tabs; at++) await keys('Tab');
    await keys('Control+Enter');
    await gone(dialog());
    await eventually('made', async () => (await newest()).title, `From place ${tabs}`);
  }
  await openForm();
  await type('Kept');
  await keys('Tab', 'Tab', 'Enter');
  await picker().waitFor();
  await keys('Escape');
  await gone(picker());
  await dialog().waitFor();
  await keys('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
  await keys('Escape');
  await dialog().waitFor();
  await keys('Escape');
  await gone(dialog());
  await openForm();
  checkEqual(await field('Title').inputValue(), 'Kept', 'the draft');
  await keys('Control+a', 'Delete');
  await keys('Escape');
});

// Each pair of what has the keys and what is opened over it: what is typed reaches the upper one alone, and after Esc the lower
// one again, with the text as it was.
test(file, 'what lies on top has the keys, and what lies beneath has them again when it closes', async () => {
  const openers = [
    { name: 'palette', keys: ['Control+k'], seen: () => page.getByRole('dialog', { name: 'Command palette' }), input: () => page.getByRole('combobox', { name: 'Command' }) },
  ];
  const layers = [
    { name: 'description', open: async () => { await page.goto(`${server.url}/issues/2`); await settled(page); await keys('e'); }, text: () => field('Description') },
    { name: 'comment', open: async () => { await page.goto(`${server.url}/issues/2`); await settled(page); await keys('m'); }, text: () => field('Comment') },
    { name: 'title', open: async () => { await page.goto(`${server.url}/issues`); await page.getByRole('row', { name: /Paint/ }).waitFor(); await settled(page); await keys('e'); }, text: () => field('Title') },
    { name: 'new issue', open: async () => { await page.goto(`${server.url}/issues`); await page.getByRole('row', { name: /Paint/ }).waitFor(); await openForm(); }, text: () => field('Title') },
    { name: 'text of a new issue', open: async () => { await page.goto(`${server.url}/issues`); await page.getByRole('row', { name: /Paint/ }).waitFor(); await openForm(); await keys('Tab'); }, text: () => field('Description') },
  ];
  for (const layer of layers) {
    for (const opener of openers) {
      await layer.open();
      const text = layer.text();
      await text.first().waitFor();
      await settled(page);
      await type('one');
      await eventually(`${layer.name}: typed`, async () => (await text.first().inputValue()).endsWith('one'));
      const before = await text.first().inputValue();
      await keys('ArrowLeft');
      await keys(...opener.keys);
      await opener.seen().waitFor();
      await settled(page);
      await type('dark');
      await eventually(`${opener.name} over ${layer.name}`, () => opener.input().inputValue(), 'dark');
      await keys('Escape');
      await gone(opener.seen());
      await settled(page);
      checkEqual(await text.first().inputValue(), before, `${layer.name} after ${opener.name}`);
      await type('x');
      await eventually(`${layer.name} has the keys after ${opener.name}`, async () => (await text.first().inputValue()).length, before.length + 1);
      await keys('Control+a', 'Delete', 'Escape');
      await settled(page);
    }
  }
  checkEqual(page.complaints, [], 'complaints');
});
