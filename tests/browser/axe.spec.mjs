// What axe-core finds against WCAG 2.1 A and AA in the mirror of every main screen, in both themes, wide and on a phone.
import { axeSource, checkEqual, makeAccount, openPage, openWindow, send, settled, startServer, test, visit } from './support.mjs';
import { fillDesk } from './desk_of_ada.mjs';

const file = import.meta.url;
let server, cookies;

// "rule: what it asks (how often), first at <node>" for each rule that is broken.
async function broken(page) {
  await page.evaluate(axeSource());
  return page.evaluate(async () => {
    const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] });
    return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.length}), first at ${nodes[0].html.slice(0, 160)}`);
  });
}

const addresses = ['/issues', '/issues?layout=board', '/issues?layout=calendar', '/issues?layout=plan', '/issues/1', '/today', '/inbox', '/trash', '/settings', '/settings/backups',
  '/settings/transfer', '/settings/views', '/settings/labels', '/settings/appearance', '/studio', '/studio/issues', '/no-such-page'];

const allOfIt = '# One\n\nA [link](https://docs.example/a), `code`, #1 and a note[^1].\n\n- a\n  - b\n- [ ] c [d](/e)\n\n1. f\n\n> g\n\n'
  + '| h | `i` |\n| - | - |\n| [j](/k) | l |\n\n---\n\n```\n' + 'a long line '.repeat(40) + '\n```\n\n<details><summary>m</summary>n</details>\n\n[^1]: o\n';

test(file, 'a desk with a comment and a deleted issue', async () => {
  server = await startServer();
  const context = await openWindow();
  await makeAccount(context, server);
  await fillDesk(context, server);
  await send(context, server, 'POST', '/api/v1/issues/1/comments', { body: 'It is the *watchdog*.' });
  await send(context, server, 'DELETE', '/api/v1/issues/20');
  const text = await send(context, server, 'POST', '/api/v1/issues', { title: 'All that a text may hold', description: allOfIt });
  addresses.push(`/issues/${text.number}`);
  cookies = await context.cookies();
  await context.close();
});

for (const dark of [false, true]) {
  for (const phone of [false, true]) {
    test(file, `no screen breaks a rule, ${dark ? 'dark' : 'light'}${phone ? ', on a phone' : ''}`, async () => {
      const context = await openWindow({ dark, ...(phone ? { width: 390, height: 844, hasTouch: true, isMobile: true } : {}) });
      await context.addCookies(cookies);
      const page = await openPage(context);
      for (const address of addresses) {
        await visit(page, server.url + address);
        await page.locator('#mirror [role=region]').first().waitFor();
        await settled(page);
        checkEqual(await broken(page), [], `rules broken at ${address}`);
      }
      await context.close();
    }, { limitMs: 300_000 });
  }
}
