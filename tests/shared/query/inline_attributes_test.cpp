#include "shared/query/inline_attributes.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "shared/core/day_text.hpp"

namespace dits::query {

namespace {

template <typename Id>
Id numbered(unsigned char n) {
  Uuid uuid;
  uuid.bytes[15] = n;
  return Id{uuid};
}

const Date tuesday = *parse_date("2026-07-14");

Names some_names() {
  Names names;
  names.labels = {{numbered<LabelId>(1), "bug"},
                  {numbered<LabelId>(2), "Kitchen, Bath"},
                  {numbered<LabelId>(3), "große Fuge"}};
  names.projects = {{numbered<ProjectId>(1), "DITS Development", false},
                    {numbered<ProjectId>(2), "Attic", true},
                    {numbered<ProjectId>(3), "Garden", false}};
  names.areas = {{numbered<AreaId>(1), "Work"}, {numbered<AreaId>(2), "garden"}};
  return names;
}

// The attributes as one line of words: "label 1, high, due 2026-07-17"; "?" before what is told.
std::string told(const std::vector<InlineAttribute>& attributes) {
  std::string line;
  for (const InlineAttribute& one : attributes) {
    if (!line.empty()) line += ", ";
    const auto number = [](const auto& id) { return std::to_string(id.uuid.bytes[15]); };
    if (!one.is_taken()) {
      line += "? " + one.problem;
      continue;
    }
    switch (one.kind) {
      case InlineKind::label:
        line += "label " + number(one.label_id);
        break;
      case InlineKind::priority:
        line += name_of(one.priority);
        break;
      case InlineKind::place:
        line += one.project_id.is_set() ? "project " + number(one.project_id) : "area " + number(one.area_id);
        break;
      case InlineKind::due:
        line += "due " + to_string(one.day);
        break;
      case InlineKind::start:
        line += "start " + to_string(one.day);
        break;
      case InlineKind::parent:
        line += "parent " + std::to_string(one.parent_number);
        break;
      case InlineKind::escape:
        line += "escape";
        break;
    }
  }
  return line;
}

struct Case {
  const char* typed;
  const char* title;
  const char* attributes;
};

void check(const Case& one) {
  CAPTURE(one.typed);
  const std::vector<InlineAttribute> attributes = read_inline_attributes(one.typed, some_names(), tuesday);
  CHECK(told(attributes) == one.attributes);
  CHECK(title_without(one.typed, attributes) == one.title);
}

}  // namespace

TEST_CASE("Attributes in a title are taken out of it, wherever they stand") {
  constexpr Case cases[] = {
      {"Fix the login #bug !high @Work due:fri start:+3d >#128",
       "Fix the login",
       "label 1, HIGH, area 1, due 2026-07-17, start 2026-07-17, parent 128"},
      {"#bug Fix the login", "Fix the login", "label 1"},
      {"Fix !hgih", "Fix !hgih", "? There is no priority “hgih”, but !high"},
      {"Fix !Urgnt it", "Fix !Urgnt it", "? There is no priority “Urgnt”, but !urgent"},
      {"Fix !midium", "Fix !midium", "? There is no priority “midium”, but !medium"},
      {"Fix \\!hgih", "Fix !hgih", "escape"},
      {"Wow! Do !now !not !important ! !! !l", "Wow! Do !now !not !important ! !! !l", ""},
      {"Fix #BUG the login", "Fix the login", "label 1"},
      {"  Fix   it  !urgent  ", "Fix   it", "URGENT"},
      {"Tile #\"kitchen, bath\" floor", "Tile floor", "label 2"},
      {"Tile #Große-Fuge", "Tile", "label 3"},
      {"Ship @dits-development", "Ship", "project 1"},
      {"Ship @\"DITS Development\"", "Ship", "project 1"},
      {"Ship @DITSDevelopment", "Ship", "project 1"},
      {"Dig @garden", "Dig", "project 3"},
      {"Call DUE:\"31 jul\"", "Call", "due 2026-07-31"},
      {"Call due:next-week start:-1d", "Call", "due 2026-07-20, start 2026-07-13"},
      {"Call due:2026-12-24 !none", "Call", "due 2026-12-24, NO_PRIORITY"},
      {"a\t#bug\tb", "a\tb", "label 1"},
      {"#bug !low", "", "label 1, LOW"},
      // As word processors, phones and East Asian keyboards write it.
      {"Tile #“kitchen, bath” floor", "Tile floor", "label 2"},
      {"Tile ＃„kitchen, bath“ @« DITS Development »", "Tile", "label 2, project 1"},
      {"Fix ＃bug ！high ＠Work due：fri ＞＃128",
       "Fix",
       "label 1, HIGH, area 1, due 2026-07-17, parent 128"},
      {"Fix\u00A0#bug", "Fix", "label 1"},
      {"修复　＃bug　登录", "修复　登录", "label 1"},
      {"Call due:＋3d start:−1d", "Call", "due 2026-07-17, start 2026-07-13"},
      {"\u200F#bug\u200E Fix \u2066!high\u2069 due\u200E:\u200Efri", "Fix", "label 1, HIGH, due 2026-07-17"},
  };
  for (const Case& one : cases) check(one);
}

TEST_CASE("What is quoted, behind a backslash or merely looks like an attribute stays in the title") {
  constexpr Case cases[] = {
      {"Say \"the #bug !high label\" aloud", "Say \"the #bug !high label\" aloud", ""},
      {"Say “the #bug label” aloud", "Say “the #bug label” aloud", ""},
      {"Say „the #bug label“ and «!high »", "Say „the #bug label“ and «!high »", ""},
      {"修复！high 标题：#bug ＃128", "修复！high 标题：#bug ＃128", ""},
      {"Run `x #bug` in (\"a #bug b\")", "Run `x #bug` in (\"a #bug b\")", ""},
      {"A 5\" disk #bug", "A 5\" disk", "label 1"},
      {"An \"open one #bug", "An \"open one", "label 1"},
      {"Name it \\#bug and \\due:fri", "Name it #bug and due:fri", "escape, escape"},
      {"A path C:\\#bug and \\n", "A path C:\\#bug and \\n", ""},
      {"See #128 and C# and me@example.org", "See #128 and C# and me@example.org", ""},
      {"It is !important, a != b, #!/bin/sh", "It is !important, a != b, #!/bin/sh", ""},
      {"Quote > #128 and >#x >#0 >#12b", "Quote > #128 and >#x >#0 >#12b", ""},
      {"Field due: is wrong, overdue:fri too", "Field due: is wrong, overdue:fri too", ""},
      {"# Heading @ home ! > #\"\" #\"bug\"s", "# Heading @ home ! > #\"\" #\"bug\"s", ""},
      {"", "", ""},
      {"\\", "\\", ""},
  };
  for (const Case& one : cases) check(one);
}

TEST_CASE("What is well written and names nothing is told, and stays in the title") {
  constexpr Case cases[] = {
      {"Fix #nope it", "Fix #nope it", "? There is no label “nope”"},
      {"Fix @attic #bug", "Fix @attic", "? There is no project or area “attic”, label 1"},
      {"Fix due:soon", "Fix due:soon", "? “soon” is no day: write due:fri, due:+3d or due:2026-07-31"},
      {"Fix start:\"30 feb 2027\"",
       "Fix start:\"30 feb 2027\"",
       "? “30 feb 2027” is no day: write start:fri, start:+3d or start:2026-07-31"},
      {"Fix due:+9999y", "Fix due:+9999y", "? “+9999y” is no day: write due:fri, due:+3d or due:2026-07-31"},
  };
  for (const Case& one : cases) check(one);
}

TEST_CASE("The spans are those of the typed text") {
  const std::string typed = "Fix #bug due:fri now";
  const std::vector<InlineAttribute> attributes = read_inline_attributes(typed, some_names(), tuesday);
  REQUIRE(attributes.size() == 2);
  CHECK(typed.substr(attributes[0].begin, attributes[0].end - attributes[0].begin) == "#bug");
  CHECK(typed.substr(attributes[1].begin, attributes[1].end - attributes[1].begin) == "due:fri");
}

TEST_CASE("A text that is too long for a title holds no attributes") {
  std::string typed = "#bug ";
  typed.resize(max_inline_bytes, 'x');
  CHECK(read_inline_attributes(typed, some_names(), tuesday).size() == 1);
  CHECK(read_inline_attributes(typed + "x", some_names(), tuesday).empty());
}

TEST_CASE("Words that are to be left alone are words") {
  const std::vector<std::string> words{"#bug"};
  const std::vector<InlineAttribute> attributes =
      read_inline_attributes("Fix #bug !low", some_names(), tuesday, words);
  CHECK(told(attributes) == "LOW");
  CHECK(title_without("Fix #bug !low", attributes) == "Fix #bug");
}

TEST_CASE("Labels are added to those of the draft, of the others the last one counts") {
  Issue draft;
  draft.label_ids = {numbered<LabelId>(3), numbered<LabelId>(1)};
  draft.priority = Priority::low;
  draft.project_id = numbered<ProjectId>(1);
  const std::vector<InlineAttribute> attributes = read_inline_attributes(
      "x #bug #\"kitchen, bath\" !high !urgent @work due:fri due:+1d >#3 >#4 #nope", some_names(), tuesday);
  apply_inline(attributes, draft);
  CHECK(draft.label_ids ==
        std::vector<LabelId>{numbered<LabelId>(1), numbered<LabelId>(2), numbered<LabelId>(3)});
  CHECK(draft.priority == Priority::urgent);
  CHECK(draft.project_id == numbered<ProjectId>(1));
  CHECK(draft.area_id == numbered<AreaId>(1));
  CHECK(draft.due_date == parse_day("2026-07-15", tuesday));
  CHECK_FALSE(draft.start_date.has_value());
  CHECK(parent_number_of(attributes) == 4);
}

}  // namespace dits::query
