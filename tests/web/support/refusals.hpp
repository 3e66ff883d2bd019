// A server that says no, and time that passes until it is asked again.
#pragma once

#include "tests/web/support/browser.hpp"

namespace dits::web::test {

inline FetchResponse refusal() {
  return FakeServer::problem(400, "invalid", "The server does not like this");
}

inline void wait(Browser& browser, int seconds) {
  for (int round = 0; round < seconds * 2; ++round) browser.platform.advance(500);
}

}  // namespace dits::web::test
