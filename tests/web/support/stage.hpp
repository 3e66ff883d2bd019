// A stage for screens: a made-up state, drawn by app_screen on the headless platform. What a screen changes
// is applied; the commands it runs are noted, and what they change is applied too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/commands/outbox.hpp"
#include "web/platform/headless.hpp"
#include "web/store/state.hpp"

namespace dits::web::test {

class Stage {
 public:
  // A signed-in Marek with two projects, an area, labels, five statuses and a dozen issues, on Tuesday 14
  // July 2026.
  explicit Stage(float width = 1440, float height = 900);

  void change(const Change& change);  // and draws
  void go(std::string_view url);
  void run(std::string_view command, Argument argument = {});

  HeadlessPlatform platform;
  State state;
  std::vector<Invocation> ran;  // since the last clear

  bool has_run(std::string_view command) const;
  IssueId issue(std::int64_t number) const;
  StatusId status(std::string_view name) const;

 private:
  void frame();
  void apply(const Invocation& invocation);
};

// Compares with tests/golden/NAME.txt ("ui/board"); with DITS_UPDATE_GOLDEN set, writes it. Fails with the
// first line that differs.
void check_golden(std::string_view name, const std::string& text);

}  // namespace dits::web::test
