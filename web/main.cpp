// Where the web app begins: the browser's platform and the app, wired together and left to run.
#include <string>
#include <utility>

#include "web/app.hpp"
#include "web/platform/browser.hpp"
#include "web/theme/fonts.hpp"

int main() {
  const dits::Result<dits::BrowserPlatform*> platform = dits::BrowserPlatform::open();
  if (!platform) return 1;  // boot.js has looked for WebGL 2 before and says what is missing
  // It lives as long as the page: main returns, and the browser calls in from then on.
  static dits::web::App app(**platform);
  (*platform)->when_fonts_arrive([](std::string fonts) { dits::theme::take_fonts(std::move(fonts)); });
  (*platform)->start(app.hooks());
  app.start();
}
