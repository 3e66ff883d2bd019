// Files of GitHub's issues, read and imported for a test.
#pragma once

#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "server/service/import_github.hpp"
#include "server/service/issues.hpp"
#include "tests/support/service_world.hpp"

namespace dits::test {

inline std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file("tests/fixtures/" + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  REQUIRE(!lines.empty());
  return lines;
}

inline Result<GithubFile> read_text(std::string text, bool is_strict = false, std::size_t piece = 1 << 16) {
  const auto source = [&](const std::function<Result<void>(std::string_view)>& take) -> Result<void> {
    for (std::size_t at = 0; at < text.size(); at += piece)
      TRY(take(std::string_view(text).substr(at, piece)));
    return {};
  };
  return GithubFile::read(source, {"issues.json", is_strict}, {});
}

struct Imported : ImportSummary {
  std::vector<ImportNote> problems;
};

inline Result<Imported> import_text(ServiceWorld& world,
                                    const Viewer& viewer,
                                    const std::string& text,
                                    bool is_strict = false) {
  GithubFile file = TRY(read_text(text, is_strict));
  return Imported{TRY(import_github(world.context(), viewer, file, {})), file.problems().kept()};
}

inline Result<Imported> import_lines(ServiceWorld& world,
                                     const Viewer& viewer,
                                     const std::vector<std::string>& lines,
                                     bool is_strict = false) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return import_text(world, viewer, text, is_strict);
}

inline Issue titled(ServiceWorld& world, const Viewer& viewer, const std::string& title) {
  IssueListQuestion question;
  question.fields =
      "id,number,title,description,statusId,projectId,labelIds,completedAt,createdAt,updatedAt,metadata,"
      "version";
  question.limit = 200;
  for (const Issue& issue : world.must(list_issues(world.context(), viewer, question)).issues) {
    if (issue.title == title) return issue;
  }
  FAIL("no issue ", title);
  return {};
}

inline void replace_in(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
}

inline std::string title_in(const std::string& line) {
  const std::size_t begin = line.find("\"title\"");
  const std::size_t open = line.find('"', line.find(':', begin)) + 1;
  return line.substr(open, line.find('"', open) - open);
}

}  // namespace dits::test
