// Where the web app begins: the browser's platform and the app, wired together and left to run.
#include "web/app.hpp"
#include "web/platform/browser.hpp"

int main() {
  const dits::Result<dits::BrowserPlatform*> platform = dits::BrowserPlatform::open();
  if (!platform) return 1;  // boot.js has looked for WebGL 2 before and says what is missing
  // It lives as long as the page: main returns, and the browser calls in from then on.
  static dits::web::App app(**platform);
  (*platform)->start(app.hooks());
  app.start();
}
