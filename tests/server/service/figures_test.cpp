#include "server/service/figures.hpp"

#include <doctest/doctest.h>

#include "server/service/issues.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;

TEST_CASE("search finds words, ranks titles over descriptions and forgives typing errors") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Viewer other = world.add_viewer("b@example.org");
  Issue draft;
  draft.title = "Unrelated";
  draft.description = "The dataset is mentioned here, while streaming.";
  world.must(create_issue(world.context(), viewer, draft));
  world.add_issue(viewer, "Streaming a large dataset hangs");
  world.add_issue(viewer, "Paint the door");
  world.add_issue(other, "Streaming dataset of somebody else");
  const SearchAnswer exact = world.must(search(world.context(), viewer, "dataset streaming", 10));
  REQUIRE(exact.hits.size() == 2);
  CHECK(!exact.is_loose);
  CHECK(exact.hits[0].title == "Streaming a large dataset hangs");
  CHECK(exact.hits[1].snippet.find("\x02"
                                   "dataset"
                                   "\x03") != std::string::npos);
  const SearchAnswer loose = world.must(search(world.context(), viewer, "datset streming", 10));
  REQUIRE(!loose.hits.empty());
  CHECK(loose.is_loose);
  CHECK(loose.hits[0].title == "Streaming a large dataset hangs");
  CHECK(world.must(search(world.context(), viewer, "zzzzqqq", 10)).hits.empty());
  CHECK(search(world.context(), viewer, "  ", 10).error().field == "q");
}

TEST_CASE("a word is the same in search and in a query: addresses, paths, versions and Chinese are found") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const auto add = [&](const std::string& title, const std::string& description) {
    Issue draft;
    draft.title = title;
    draft.description = description;
    world.must(create_issue(world.context(), viewer, draft));
  };
  add("plain", "at https://example.org/a/b?c=d end");
  add("sockets", "see src/net/socket.cpp:42 there");
  add("release 1.2.0-rc.1", "");
  add("release 1.2.0", "the RC is out, 1 of many");
  add("修复关闭窗口时程序崩溃的问题", "使用 Größe_100% 的时候");
  add("사용자를 찾을 수 없음", "");
  const auto found = [&](const std::string& text) {
    const SearchAnswer answer = world.must(search(world.context(), viewer, text, 10));
    std::string titles;
    for (const store::SearchHit& hit : answer.hits) titles += (titles.empty() ? "" : "|") + hit.title;
    return answer.is_loose ? "about " + titles : titles;
  };
  const auto listed = [&](const std::string& text) {
    IssueListQuestion question;
    const std::string query = "\"" + text + "\" sort:-updated";
    question.query = query;
    std::string titles;
    for (const Issue& issue : world.must(list_issues(world.context(), viewer, question)).issues)
      titles += (titles.empty() ? "" : "|") + issue.title;
    return titles;
  };
  for (const char* text : {"https://example.org/a/b?c=d",
                           "example.org",
                           "b?c=d",
                           "src/net/socket.cpp:42",
                           "socket.cpp",
                           "SRC/NET",
                           "rc.1",
                           "1.2.0-rc.1",
                           "1.2.0",
                           "窗口",
                           "程序崩溃",
                           "사용자",
                           "GRÖßE",
                           "größe_100%",
                           "ocket"}) {
    CAPTURE(text);
    CHECK(found(text) == listed(text));
  }
  CHECK(found("rc.1") == "release 1.2.0-rc.1");
  // What has the word whole comes first, what has it within another behind it.
  add(".NET runtime", "");
  CHECK(found("net") == ".NET runtime|sockets");
  CHECK(found("\u200Fnet\u200E") == ".NET runtime|sockets");
  CHECK(found("net -socket") == ".NET runtime");
  CHECK(found("窗口 程序") == "修复关闭窗口时程序崩溃的问题");
  CHECK(found("1.2.0 -rc.1") == "release 1.2.0");
  CHECK(found("“src/net” there") == "sockets");
  CHECK(found("socket.cpp nowhere") == "about sockets");
  // From the end of a title into its description leads nothing, whatever stands between them here.
  CHECK(found("\"sockets\x01see src/net\"") != "sockets");
  IssueListQuestion question;
  question.query = "sockets*src";
  CHECK(world.must(list_issues(world.context(), viewer, question)).issues.empty());
  question.query = "see*there";
  CHECK(world.must(list_issues(world.context(), viewer, question)).issues.size() == 1);
  const SearchAnswer answer = world.must(search(world.context(), viewer, "socket.cpp", 10));
  REQUIRE(answer.hits.size() == 1);
  CHECK(answer.hits[0].snippet ==
        "see src/net/\x02"
        "socket.cpp\x03:42 there");
}

TEST_CASE("statistics count, and are fresh after each change") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Task");
  world.add_issue(viewer, "Other");
  CHECK(world.must(stats_text(world.context(), viewer)).find("\"open\":2") != std::string::npos);
  IssueUpdate update;
  update.patch.status_id = world.status_named(viewer, "Done");
  world.must(update_issue(world.context(), viewer, {issue.id, 0}, update, std::nullopt));
  const std::string text = world.must(stats_text(world.context(), viewer));
  CHECK(text.find("\"open\":1,\"completed\":1") != std::string::npos);
  CHECK(world.must(stats_text(world.context(), viewer)) == text);
}
