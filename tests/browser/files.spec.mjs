// Files: pasted into a text, shown in it, saved again; an export that downloads and a table that comes in.
import { readFileSync } from 'node:fs';
import { check, checkEqual, eventually, makeAccount, openPage, openWindow, settled, startServer, test, visit } from './support.mjs';

const file = import.meta.url;
let server, context, page;

// A red picture of 40 by 20 pixels, made by the browser itself.
const pastePicture = (name) => page.evaluate(async (fileName) => {
  const canvas = document.createElement('canvas');
  canvas.width = 40;
  canvas.height = 20;
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#f00000';
  pen.fillRect(0, 0, 40, 20);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  const data = new DataTransfer();
  data.items.add(new File([blob], fileName, { type: 'image/png' }));
  const area = document.querySelector('#areas textarea');
  area.focus();
  area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}, name);

const api = (path, options = {}) => page.evaluate(async ([address, how]) => {
  const response = await fetch(address, how);
  return { status: response.status, body: await response.text(), type: response.headers.get('content-type') };
}, [path, options]);

test(file, 'a picture pasted into the description is sent and stands in the text', async () => {
  server = await startServer();
  context = await openWindow();
  await makeAccount(context, server);
  page = await openPage(context);
  await visit(page, `${server.url}/issues`);
  const made = await api('/api/v1/issues', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ title: 'With a picture', description: 'Look:' }),
  });
  checkEqual(made.status, 201, 'made');
  const { number } = JSON.parse(made.body);
  await visit(page, `${server.url}/issues/${number}`);
  await page.getByRole('heading', { name: 'With a picture' }).first().waitFor();
  await settled(page);
  await page.keyboard.press('e');
  await eventually('the area', () => page.locator('#areas textarea').count(), 1);
  await pastePicture('shot.png');
  await eventually('the link', () => page.locator('#areas textarea').inputValue().then((text) => /!\[shot\.png\]\(\/api\/v1\/issues\/[-0-9a-f]+\/attachments\/[-0-9a-f]+\)/.test(text)));
  await page.keyboard.press('Control+Enter');
  await eventually('the picture', () => page.getByRole('img', { name: 'shot.png' }).count(), 1);
  await eventually('the row', () => page.getByRole('button', { name: /Save shot\.png/ }).count(), 1);
});

test(file, 'the picture is drawn in its colours and survives a reload', async () => {
  await page.reload({ waitUntil: 'commit' });
  const picture = page.getByRole('img', { name: 'shot.png' });
  await eventually('the picture', () => picture.count(), 1);
  await settled(page);
  await eventually('red', async () => {
    const box = await picture.boundingBox();
    const clip = { x: box.x + box.width / 2 - 2, y: box.y + box.height / 2 - 2, width: 4, height: 4 };
    const shot = (await page.screenshot({ clip })).toString('base64');
    return page.evaluate(async (bytes) => {
      const image = new Image();
      image.src = `data:image/png;base64,${bytes}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 4;
      const pen = canvas.getContext('2d');
      pen.drawImage(image, 0, 0);
      const [red, green, blue] = pen.getImageData(1, 1, 1, 1).data;
      return red > 200 && green < 40 && blue < 40;
    }, shot);
  });
});

test(file, 'a file is saved byte for byte', async () => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /Save shot\.png/ }).click()]);
  checkEqual(download.suggestedFilename(), 'shot.png', 'name');
  const bytes = readFileSync(await download.path());
  checkEqual(bytes.subarray(1, 4).toString(), 'PNG', 'content');
});

test(file, 'a file that is deleted comes back with undo', async () => {
  await page.getByRole('button', { name: 'Delete shot.png' }).click();
  await eventually('gone', () => page.getByRole('button', { name: /Save shot\.png/ }).count(), 0);
  await page.keyboard.press('u');
  await eventually('back', () => page.getByRole('button', { name: /Save shot\.png/ }).count(), 1);
});

test(file, 'everything is exported, and a table comes in', async () => {
  await visit(page, `${server.url}/settings/transfer`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export as JSON' }).click()]);
  checkEqual(download.suggestedFilename(), 'dits-export.jsonl', 'name');
  const lines = readFileSync(await download.path(), 'utf8').trim().split('\n');
  check(lines[0].startsWith('{"header"') && lines.at(-1).startsWith('{"end"'), 'whole');
  check(lines.some((line) => line.startsWith('{"file"')), 'the file is in it');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Choose a file to import' }).click()]);
  await chooser.setFiles({ name: 'table.csv', mimeType: 'text/csv', buffer: Buffer.from('title,labels\r\nFrom a table,"new, other"\r\n') });
  await eventually('imported', () => page.getByRole('status').filter({ hasText: 'Imported 1 issue' }).count(), 1);
  await visit(page, `${server.url}/issues?q=label%3Anew`);
  await eventually('the issue', () => page.getByText('From a table').count().then((count) => count > 0));
});

test(file, 'nothing complained on the way', async () => {
  checkEqual(page.complaints, [], 'complaints');
});
