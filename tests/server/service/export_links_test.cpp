// Addresses of files in the texts of a Markdown export.
#include "server/service/export_links.hpp"

#include <algorithm>
#include <cctype>

#include <doctest/doctest.h>

using namespace dits;

TEST_CASE("an address of a file becomes a path, however it is written, and code stays as it is") {
  Attachment file;
  const Result<Uuid> id = parse_uuid("0199c1f2-5e0a-7000-8000-1234567890ab");
  const Result<Uuid> issue = parse_uuid("0199c1f2-5e0a-7000-8000-1234567890cd");
  REQUIRE(id);
  REQUIRE(issue);
  file.id.uuid = *id;
  file.issue_id.uuid = *issue;
  file.file_name = "a p.png";
  file.sha256 = std::string(64, 'f');
  const std::string path = "../files/ffffffffffffffff/a%20p.png";
  CHECK(exported_file_path(file) == "files/ffffffffffffffff/a p.png");
  const std::string address = "/api/v1/issues/" + to_string(*issue) + "/attachments/" + to_string(*id);
  std::string upper = to_string(*id);
  std::ranges::transform(
      upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const auto local = [&](const std::string& text) { return with_local_links(text, {file}); };
  CHECK(local("![a](" + address + ")") == "![a](" + path + ")");
  CHECK(local("![a](http://127.0.0.1:9100" + address + ")") == "![a](" + path + ")");
  CHECK(local("[a](https://dits.example.org" + address + "?x=1) b") == "[a](" + path + ") b");
  CHECK(local("[a](/api/v1/issues/12/attachments/" + upper + ")") == "[a](" + path + ")");
  CHECK(local("<img src=\"" + address + "\">") == "<img src=\"" + path + "\">");
  CHECK(local("[a]: " + address + "\n\n[a] " + address) == "[a]: " + path + "\n\n[a] " + path);
  const std::string code = "`" + address + "`\n\n```\nhttp://h" + address + "\n```\n\n    " + address + "\n";
  CHECK(local(code) == code);
  CHECK(local(code + "\n![a](" + address + ")") == code + "\n![a](" + path + ")");
  const std::string others = "/api/v1/issues/12/attachments/0199c1f2-5e0a-7000-8000-000000000000 " + address +
                             "x /api/v1/issues/12/attachments/";
  CHECK(local(others) == others);
}
