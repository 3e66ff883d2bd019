// Text that letters alone do not make: what is drawn looks as the browser itself writes it.
import { check, makeAccount, openPage, openWindow, send, settled, startServer, test, visit } from './support.mjs';

const file = import.meta.url;
let server, context, page;

// How much of each column of a picture has ink, and whether it has colours of its own, between the first column with ink and the last.
async function inkOf(image) {
  return page.evaluate(async (data) => {
    const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const pen = canvas.getContext('2d');
    pen.drawImage(picture, 0, 0);
    return inkInside(pen.getImageData(0, 0, picture.width, picture.height));
  }, image.toString('base64'));
}

// The same text as the browser writes it, in the size of our texts.
const inkOfBrowser = (text) => page.evaluate((words) => {
  const pen = new OffscreenCanvas(900, 40).getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, 900, 40);
  pen.font = '400 13px system-ui, sans-serif';
  pen.fillStyle = '#1c2024';
  const isBackwards = /^[^\p{L}]*[\u0590-\u08ff]/u.test(words);
  pen.direction = isBackwards ? 'rtl' : 'ltr';
  pen.textAlign = 'left';
  pen.fillText(words, 20, 26);
  return inkInside(pen.getImageData(0, 0, 900, 40));
}, text);

function defineInk() {
  window.inkInside = ({ width, height, data }) => {
    const columns = [];
    let isColored = false;
    for (let x = 0; x < width; x++) {
      let ink = 0;
      for (let y = 0; y < height; y++) {
        const [red, green, blue] = data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3);
        ink += Math.max(0, 240 - (red + green + blue) / 3);
        isColored ||= Math.max(red, green, blue) - Math.min(red, green, blue) > 90;
      }
      columns.push(ink);
    }
    const first = columns.findIndex((ink) => ink > 60);
    const last = columns.findLastIndex((ink) => ink > 60);
    return { columns: columns.slice(first, last + 1), isColored, first, last };
  };
}

// Of two rows of columns, moved against each other by a few: 1 when they are the same.
function likeness(one, other) {
  let best = -1;
  for (let shift = -3; shift <= 3; shift++) {
    const pairs = one.map((ink, at) => [ink, other[at + shift] ?? 0]);
    const mean = (which) => pairs.reduce((sum, pair) => sum + pair[which], 0) / pairs.length;
    const [a, b] = [mean(0), mean(1)];
    let [up, left, right] = [0, 0, 0];
    for (const [x, y] of pairs) {
      up += (x - a) * (y - b);
      left += (x - a) ** 2;
      right += (y - b) ** 2;
    }
    best = Math.max(best, up / Math.sqrt(left * right || 1));
  }
  return best;
}

const texts = [
  ['Arabic joins, from right to left', '\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645'],
  ['Hebrew with Latin and a number', '\u05e9\u05dc\u05d5\u05dd DITS 128 \u05e2\u05d5\u05dc\u05dd'],
  ['marks stand on their letters', 'x\u0323\u0301w\u0327\u0308x\u0302\u0323'],
  ['a family is one picture', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'],
  ['emoji within what goes from right to left', '\u0645\u0631\u062d\u0628\u0627 \u{1f44d}\u{1f3fd} \u0628'],
  ['so are skin, flag and keycap', '\u{1f44d}\u{1f3fd}\u{1f1e6}\u{1f1f9}1\ufe0f\u20e3'],
];

test(file, 'letters that join or go from right to left, and emoji of several characters, are drawn as the browser writes them', async () => {
  server = await startServer();
  context = await openWindow();
  await context.addInitScript(defineInk);
  await makeAccount(context, server);
  page = await openPage(context);
  const told = [];
  for (const [name, written] of texts) {
    const text = written.normalize('NFC'); // as the server keeps it
    const made = await send(context, server, 'POST', '/api/v1/issues', { title: name, description: text });
    await visit(page, `${server.url}/issues/${made.number}`);
    const line = await page.getByText(text, { exact: true }).first().boundingBox();
    check(line !== null, `${name}: the text is not in the mirror`);
    await settled(page);
    const clip = { x: Math.max(0, line.x - 2), y: line.y - 3, width: line.width + 4, height: 26 };
    const [ours, browsers] = [await inkOf(await page.screenshot({ clip })), await inkOfBrowser(text)];
    const like = likeness(browsers.columns, ours.columns);
    const widths = [ours.columns.length, browsers.columns.length];
    told.push(`${name}: ${like.toFixed(3)}, ${widths.join(' and ')} pixels wide, colours ${ours.isColored} and ${browsers.isColored}`);
    if (like < 0.9 || Math.abs(widths[0] - widths[1]) > 3 || ours.isColored !== browsers.isColored) {
      throw new Error(`not as the browser writes it\n${told.join('\n')}`);
    }
  }
}, { limitMs: 120_000 });
