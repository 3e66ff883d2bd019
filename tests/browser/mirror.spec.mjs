// What a screen reader finds: every control has a role and a name, landmarks are there, dialogs say that they are.
import { check, checkEqual, eventually, makeAccount, openPage, openWindow, settled, startServer, test, visit } from './support.mjs';
import { fillDesk } from './desk_of_ada.mjs';

const file = import.meta.url;
let server, context, page;

// The faults of the mirror as a checker of accessibility would name them.
const faults = () => page.evaluate(() => {
  const found = [];
  const say = (element, what) => found.push(`${element.getAttribute('role') ?? element.tagName.toLowerCase()} ${element.id}: ${what}`);
  const nameOf = (element) => (element.getAttribute('aria-label') || element.textContent || '').trim();
  const named = new Set(['button', 'link', 'checkbox', 'switch', 'tab', 'radio', 'option', 'menuitem', 'textbox', 'combobox', 'dialog', 'navigation',
    'complementary', 'form', 'grid', 'listbox', 'row', 'region', 'tablist', 'radiogroup', 'img', 'heading', 'menu', 'feed', 'article', 'toolbar']);
  const parents = { tab: 'tablist', option: 'listbox', row: 'grid,table,rowgroup,treegrid,[role=grid] *', menuitem: 'menu,menubar,group', gridcell: 'row', listitem: 'list' };
  const required = { checkbox: 'aria-checked', switch: 'aria-checked', radio: 'aria-checked', tab: 'aria-selected', heading: 'aria-level', combobox: 'aria-expanded', option: 'aria-selected' };
  const ids = new Set();
  for (const element of document.querySelectorAll('#mirror *, #areas *')) {
    if (ids.has(element.id) && element.id) say(element, 'id used twice');
    ids.add(element.id);
    const role = element.getAttribute('role') ?? { A: 'link', INPUT: 'textbox', TEXTAREA: 'textbox' }[element.tagName];
    if (!role) continue;
    if (named.has(role) && !nameOf(element)) say(element, 'has no name');
    if (required[role] && !element.hasAttribute(required[role])) say(element, `lacks ${required[role]}`);
    const owner = parents[role];
    if (owner && !element.parentElement.closest(owner.split(',').map((name) => (name.startsWith('[') ? name : `[role=${name}]`)).join(','))) say(element, `is not within ${owner}`);
    for (const reference of ['aria-activedescendant', 'aria-controls']) {
      const target = element.getAttribute(reference);
      if (reference === 'aria-activedescendant' && target && !document.getElementById(target)) say(element, `${reference} leads nowhere`);
    }
    const box = element.getBoundingClientRect();
    if (element.classList.contains('operable') && box.width < 8 && box.height < 8) say(element, `is only ${box.width} by ${box.height}`);
  }
  return [...new Set(found)];
});

test(file, 'the screens have their landmarks, and every control its role and name', async () => {
  server = await startServer();
  context = await openWindow();
  await makeAccount(context, server);
  await fillDesk(context, server);
  page = await openPage(context);
  for (const address of ['/issues', '/issues?layout=board', '/issues?layout=calendar', '/issues?layout=plan', '/issues/1', '/today', '/inbox', '/settings/appearance', '/settings/labels', '/settings/tokens', '/no-such-page']) {
    await visit(page, server.url + address);
    await page.getByRole('navigation').first().waitFor();
    await settled(page);
    checkEqual(await faults(), [], `faults of ${address}`);
    check(await page.getByRole('navigation').count() >= 1, `${address} has its navigation`);
    check(await page.getByRole('main').or(page.getByRole('grid')).or(page.getByRole('region')).count() >= 1, `${address} has its body`);
  }
});

test(file, 'popups are dialogs or menus, hold the focus, and Escape closes them', async () => {
  await visit(page, `${server.url}/issues`);
  for (const [key, role, name] of [['Control+k', 'dialog', 'Command palette'], ['c', 'dialog', 'New issue'], ['?', 'dialog', 'Keyboard']]) {
    await settled(page);
    await page.keyboard.press(key);
    await page.getByRole(role, { name }).waitFor();
    await settled(page);
    checkEqual(await faults(), [], `faults with ${key}`);
    checkEqual(await page.getByRole(role, { name }).getAttribute('aria-modal'), 'true', `aria-modal of ${name}`);
    await page.keyboard.press('Escape');
    await eventually(`${name} is closed`, () => page.getByRole(role, { name }).count(), 0);
  }
});

test(file, 'only the rows in view are mirrored, and the grid tells how many there are', async () => {
  await visit(page, `${server.url}/issues`);
  await page.getByRole('row').first().waitFor();
  const told = Number(await page.getByRole('grid').getAttribute('aria-rowcount'));
  check(told >= 20, `rowcount ${told}`);
});

test(file, 'an activation by a screen reader acts like a click', async () => {
  await page.getByRole('link', { name: /^Today/ }).first().dispatchEvent('click');
  await eventually('address', () => new URL(page.url()).pathname, '/today');
  await eventually('title', () => page.title().then((title) => title.includes('Today')));
});

test(file, 'a value written by a tool arrives: fill() on the filter', async () => {
  await visit(page, `${server.url}/issues`);
  await page.getByRole('combobox', { name: 'Filter issues' }).fill('label:design');
  await eventually('rows', () => page.getByRole('row', { name: /^#/ }).count(), 3);
});
