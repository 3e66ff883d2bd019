// Writing by keyboard alone: the form of a new issue, popups over an editor and what comes back when they close, drafts.
import { account, check, checkEqual, crash, eventually, makeAccount, openPage, openWindow, photograph, send, settled, startServer, test } from './support.mjs';

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
  await dialog().getByRole('button', { name: 'Priority: High' }).waitFor();
  await dialog().getByRole('button', { name: 'Labels: bug' }).waitFor();
  await dialog().getByRole('button', { name: 'Project: Work' }).waitFor();
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
  await dialog().getByRole('button', { name: 'Labels: bug' }).waitFor();
  await keys('Backspace');
  await dialog().getByRole('button', { name: 'Labels: Labels' }).waitFor();
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

async function editComment() {
  await page.goto(`${server.url}/issues/2`);
  await settled(page);
  await keys('m');
  await field('Comment').waitFor();
  await settled(page);
}
const choices = (name) => page.getByRole('listbox', { name });

// Each sign in each text: the choices stand at the caret, what is typed goes into the text and filters them, Enter takes one, Esc
// leaves the text as it was typed and the caret in it.
test(file, 'a sign calls for choices at the caret; nothing typed is lost', async () => {
  const signs = [
    { typed: 'See #pain', name: 'Mention an issue', option: 'Paint the casing', written: 'See #2 ' },
    { typed: 'by @31 dec 2026', name: 'Write a date', option: /31 Dec 2026/, written: 'by 2026-12-31 ' },
    { typed: 'so :rocke', name: 'Emoji', option: ':rocket:', written: 'so 🚀 ' },
    { typed: '/check', name: 'Insert a block', option: 'Check list', written: '- [ ] ' },
  ];
  const texts = [
    { text: () => field('Comment'), open: editComment },
    { text: () => field('Description'), open: async () => { await page.goto(`${server.url}/issues/2`); await settled(page); await keys('e'); await field('Description').waitFor(); await settled(page); } },
    { text: () => field('Description'), open: async () => { await page.goto(`${server.url}/issues`); await page.getByRole('row', { name: /Paint/ }).waitFor(); await openForm(); await type('t'); await keys('Tab'); await settled(page); } },
  ];
  for (const { text, open } of texts) {
    await open();
    for (const sign of signs) {
      await keys('Control+a', 'Delete');
      await type(sign.typed);
      await choices(sign.name).waitFor();
      await page.getByRole('option', { name: sign.option }).waitFor();
      await settled(page);
      if (sign.name === 'Mention an issue') await photograph(page, 'writing-choices');
      const place = await choices(sign.name).boundingBox();
      const area = await text().boundingBox();
      check(place.x >= area.x - 20 && place.y > area.y && place.y < area.y + 60, `the choices stand at the caret: ${JSON.stringify([place, area])}`);
      await keys('Enter');
      await gone(choices(sign.name));
      await eventually('written', () => text().inputValue(), sign.written);
      await keys('Control+a', 'Delete');
      await type(sign.typed);
      await choices(sign.name).waitFor();
      await settled(page);
      await keys('Escape');
      await gone(choices(sign.name));
      await type('x');
      await eventually('as it was typed', () => text().inputValue(), `${sign.typed}x`);
      check(!await choices(sign.name).isVisible(), 'put away');
    }
    await keys('Control+a', 'Delete');
    await type('See #');
    await choices('Mention an issue').waitFor();
    await settled(page);
    await keys('Control+k');
    await page.getByRole('combobox', { name: 'Command' }).waitFor();
    await settled(page);
    await type('dark');
    await eventually('the palette has the keys', () => page.getByRole('combobox', { name: 'Command' }).inputValue(), 'dark');
    await keys('Escape');
    await settled(page);
    await type('2');
    await eventually('the text has them again', () => text().inputValue(), 'See #2');
    await keys('Escape');
    await keys('Control+a', 'Delete', 'Escape');
    await settled(page);
  }
});

test(file, 'a row of the choices is taken with the mouse', async () => {
  await editComment();
  await keys('Control+a', 'Delete');
  await type('See #');
  await page.getByRole('option', { name: 'The parent' }).click();
  await eventually('written', () => field('Comment').inputValue(), 'See #1 ');
  await type('now');
  await eventually('the caret is behind it', () => field('Comment').inputValue(), 'See #1 now');
  await keys('Control+a', 'Delete', 'Escape');
});

test(file, 'lists go on, Tab indents items, an address over words is a link, strokes are taken back', async () => {
  await editComment();
  const comment = () => field('Comment').inputValue();
  await type('- one');
  await keys('Enter');
  await type('two');
  await keys('Tab', 'Enter');
  await type('three');
  await keys('Shift+Tab', 'Enter', 'Enter');
  await type('done');
  await eventually('the list', comment, '- one\n  - two\n- three\ndone');
  await keys('Control+z');
  await keys('Control+a', 'Delete');
  await type('read this');
  await keys('Control+Shift+ArrowLeft');
  await page.evaluate(() => navigator.clipboard.writeText('https://dits.dev/a'));
  await keys('Control+v');
  await eventually('a link', comment, 'read [this](https://dits.dev/a)');
  await keys('Control+a', 'Delete');
  await type('bold');
  await keys('Control+a', 'Control+b');
  await eventually('bold', comment, '**bold**');
  await keys('Control+b');
  await eventually('and back', comment, 'bold');
  await page.getByRole('button', { name: 'Check list' }).click();
  await eventually('by the toolbar', comment, '- [ ] bold');
  await type('!');
  await eventually('with the caret in the text', async () => (await comment()).includes('!'));
  await photograph(page, 'writing-editor');
  await keys('Control+a', 'Delete', 'Escape');
});

test(file, 'drafts: each place has its own, says so, and keeps it when the tab is gone', async () => {
  await openForm();
  await keys('Control+a', 'Delete', 'Escape');
  await editComment();
  await type('Half a comment');
  await keys('Escape');
  await gone(field('Comment'));
  await settled(page);
  await keys('r', 's');
  await dialog().waitFor();
  await settled(page);
  await type('Half a sub-issue');
  await keys('Escape');
  await gone(dialog());
  await openForm();
  checkEqual(await field('Title').inputValue(), '', 'no words of the sub-issue');
  await type('Half an issue');
  await settled(page, 800);
  await crash(page); // nothing is told that it goes
  page = await openPage(context, `${server.url}/issues/2`);
  await page.getByRole('button', { name: 'New issue, a draft waits' }).first().waitFor();
  await settled(page);
  await keys('m');
  await eventually('the comment', () => field('Comment').inputValue(), 'Half a comment');
  await keys('Control+a', 'Delete', 'Escape');
  await settled(page);
  await keys('r', 's');
  await dialog().waitFor();
  await eventually('the sub-issue', () => field('Title').inputValue(), 'Half a sub-issue');
  await keys('Control+a', 'Delete', 'Escape');
  await openForm();
  await eventually('the new issue', () => field('Title').inputValue(), 'Half an issue');
  await keys('Control+a', 'Delete', 'Escape');
});

test(file, 'a wrong password keeps the caret in its field', async () => {
  const other = await openWindow();
  page = await openPage(other, server.url);
  await field('Email').waitFor();
  await type(account.email);
  await keys('Tab');
  await type('wrong words');
  await keys('Enter');
  await page.getByText(/password/i).first().waitFor();
  await eventually('told', async () => (await field('Password').getAttribute('aria-invalid')), 'true');
  await settled(page);
  await keys('Control+a');
  await type(account.password);
  await keys('Enter');
  await page.getByRole('row').first().or(page.getByRole('heading').first()).waitFor();
  await eventually('signed in', () => page.getByRole('textbox', { name: 'Password' }).count(), 0);
});
