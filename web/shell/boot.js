// Starts the program, says what is wrong when it cannot start, and when it has ended.

const text = document.getElementById('boot-text');
const detail = document.getElementById('boot-detail');
const retry = document.getElementById('boot-retry');

function stop(sentence, explanation, mayRetry) {
  if (!document.getElementById('boot')) return;
  text.textContent = sentence;
  detail.textContent = explanation;
  retry.hidden = !mayRetry;
}
retry.addEventListener('click', () => location.reload());

function missing() {
  if (typeof WebAssembly !== 'object') return 'WebAssembly';
  if (typeof ResizeObserver !== 'function') return 'ResizeObserver';
  // The program draws with this context. Its picture stays: what looks the same is not drawn again.
  const context = document.getElementById('canvas').getContext('webgl2', {
    alpha: false, depth: false, stencil: false, antialias: false, preserveDrawingBuffer: true, powerPreference: 'low-power',
  });
  return context ? '' : 'WebGL 2';
}

// The program as Emscripten wants it; endProgram is library_drawing.js's.
const settings = { noExitRuntime: true };
let hasEnded = false;

// Says that the program has ended, and sees to it that nothing calls it any more: what it holds may be half done.
function end(error) {
  if (hasEnded) return;
  hasEnded = true;
  console.error(error);
  let names = [];
  try {
    if (settings.endProgram) names = settings.endProgram();
  } catch (failed) {
    console.error(failed);
  }
  const box = document.getElementById('ended');
  const reason = document.getElementById('ended-text');
  const again = document.getElementById('ended-again');
  const formatted = document.getElementById('ended-formatted');
  if (names.length) {
    reason.textContent = 'It ended while it drew a text. When it starts again, that text is shown as it was written.';
    formatted.hidden = false;
  }
  again.addEventListener('click', () => location.reload());
  formatted.addEventListener('click', () => {
    const kept = (localStorage.getItem('dits-plain') || '').split('\n').filter((name) => !names.includes(name));
    localStorage.setItem('dits-plain', kept.join('\n'));
    location.reload();
  });
  document.getElementById('boot')?.remove();
  document.getElementById('app').inert = true;
  document.getElementById('live').remove();
  box.hidden = false;
  again.focus();
}

// The program's functions, so that each of its ends is seen, and none of them runs after that.
function guarded(exported) {
  const all = {};
  for (const [name, value] of Object.entries(exported)) {
    all[name] = typeof value !== 'function' ? value : (...values) => {
      if (hasEnded) return 0;
      try {
        return value(...values);
      } catch (error) {
        if (error instanceof WebAssembly.RuntimeError) end(error);
        throw error;
      }
    };
  }
  return all;
}
// Frames and events come in through its table of functions instead.
window.addEventListener('error', (event) => { if (event.error instanceof WebAssembly.RuntimeError) end(event.error); });
window.addEventListener('unhandledrejection', (event) => {
  if (event.reason instanceof WebAssembly.RuntimeError) end(event.reason);
});

// The fonts. The program begins without them and draws with the browser's until they are here.
async function fonts() {
  const address = document.getElementById('fonts').href;
  for (let pauseMs = 1000; ; pauseMs = Math.min(2 * pauseMs, 60_000)) {
    try {
      const answer = await fetch(address, { credentials: 'same-origin', priority: 'low' });
      if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
    } catch {
      // No connection: tried again.
    }
    await new Promise((resolve) => { setTimeout(resolve, pauseMs); });
  }
}

async function start() {
  const wasm = document.getElementById('wasm').href;
  const compiled = fetch(wasm, { credentials: 'same-origin' }).then((answer) => {
    if (!answer.ok) throw new Error(`${wasm}: ${answer.status}`);
    return WebAssembly.compileStreaming(answer);
  });
  const loaded = Promise.all([import(document.getElementById('program').href), compiled]);
  loaded.catch(() => {}); // told below
  const lacking = missing(); // a context takes a while, in which the program arrives
  if (lacking) {
    stop('This browser cannot draw DITS', `It lacks ${lacking}. A current Firefox, Chrome, Edge or Safari has it; `
      + 'where it is switched off, switch on hardware acceleration.', false);
    return;
  }
  const [{ default: program }, module] = await loaded;
  settings.fonts = fonts();
  settings.instantiateWasm = (imports, done) => {
    WebAssembly.instantiate(module, imports).then((instance) => done({ exports: guarded(instance.exports) }, module), end);
    return {};
  };
  settings.onAbort = (reason) => end(new Error(reason));
  await program(settings);
}

start().catch((error) => {
  console.error(error);
  if (navigator.onLine === false) stop('You are offline', 'DITS starts when the connection is back.', true);
  else stop('The server cannot be reached', 'DITS could not be loaded. Is the program running?', true);
});
window.addEventListener('online', () => { if (!retry.hidden) location.reload(); });
