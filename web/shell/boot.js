// Starts the program, and says what is wrong when it cannot start.

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
  const canvas = document.createElement('canvas');
  return canvas.getContext('webgl2') ? '' : 'WebGL 2';
}

async function start() {
  const lacking = missing();
  if (lacking) {
    stop('This browser cannot draw DITS', `It lacks ${lacking}. A current Firefox, Chrome, Edge or Safari has it; `
      + 'where it is switched off, switch on hardware acceleration.', false);
    return;
  }
  const wasm = document.getElementById('wasm').href;
  const { default: program } = await import(document.getElementById('program').href);
  await program({
    locateFile: (name) => (name.endsWith('.wasm') ? wasm : name),
    onAbort: (reason) => stop('DITS stopped', `${reason}. Your work is safe: it is kept in this browser and on the server.`, true),
    noExitRuntime: true,
  });
}

start().catch((error) => {
  console.error(error);
  if (navigator.onLine === false) stop('You are offline', 'DITS starts when the connection is back.', true);
  else stop('The server cannot be reached', 'DITS could not be loaded. Is the program running?', true);
});
window.addEventListener('online', () => { if (!retry.hidden) location.reload(); });
