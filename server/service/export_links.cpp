#include "server/service/export_links.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "shared/api/paths.hpp"
#include "shared/core/id.hpp"
#include "shared/markdown/blocks.hpp"

namespace dits {

namespace {

struct FileAddress {
  std::size_t begin = 0;  // bytes of the text
  std::size_t end = 0;
  const Attachment* file = nullptr;
};

bool is_of_id(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

// What is of an address, before a path or behind it: no blank, no bracket, no quote.
bool is_of_address(char c) {
  constexpr std::string_view ends = "()<>[]{}\"'`|\\";
  return static_cast<unsigned char>(c) > 0x20 && ends.find(c) == std::string_view::npos;
}

std::size_t end_of_run(std::string_view text, std::size_t at, bool (*is_of)(char)) {
  while (at < text.size() && is_of(text[at])) ++at;
  return at;
}

// Where the server's own address begins that stands right before `at`: "https://dits.example.org".
std::size_t begin_of_origin(std::string_view text, std::size_t at, std::size_t from) {
  std::size_t begin = at;
  while (begin > from && is_of_address(text[begin - 1])) --begin;
  const std::string_view before = text.substr(begin, at - begin);
  for (const std::string_view scheme : {"https://", "http://"}) {
    const std::size_t found = before.rfind(scheme);
    if (found != std::string_view::npos && before.find('/', found + scheme.size()) == std::string_view::npos)
      return begin + found;
  }
  return at;
}

// The addresses of `files` in a text, one behind the other.
std::vector<FileAddress> addresses_in(std::string_view text, const std::vector<Attachment>& files) {
  constexpr std::string_view before_issue = "/api/v1/issues/";
  constexpr std::string_view before_file = "/attachments/";
  static_assert(paths::issue_attachment.substr(0, before_issue.size()) == before_issue);
  std::vector<FileAddress> found;
  std::size_t from = 0;
  for (std::size_t at = text.find(before_issue); at != std::string_view::npos;
       at = text.find(before_issue, at + 1)) {
    const std::size_t issue_end = end_of_run(text, at + before_issue.size(), is_of_id);
    if (text.substr(issue_end, before_file.size()) != before_file) continue;
    const std::size_t id_begin = issue_end + before_file.size();
    std::size_t end = end_of_run(text, id_begin, is_of_id);
    const Result<Uuid> id = parse_uuid(text.substr(id_begin, end - id_begin));
    if (!id) continue;
    const auto file =
        std::ranges::find_if(files, [&](const Attachment& each) { return each.id.uuid == *id; });
    if (file == files.end()) continue;
    if (text.substr(end, 1) == "?") end = end_of_run(text, end, is_of_address);
    found.push_back({begin_of_origin(text, at, from), end, &*file});
    from = end;
  }
  return found;
}

std::string replaced(std::string_view text,
                     const std::vector<FileAddress>& addresses,
                     const std::vector<std::string>& with) {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < addresses.size(); ++at) {
    out += text.substr(copied, addresses[at].begin - copied);
    out += with[at];
    copied = addresses[at].end;
  }
  return out += text.substr(copied);
}

// Which of the marks, "/dits-file-1/", stand in code.
class CodeMarks {
 public:
  explicit CodeMarks(std::string_view text) { visit(markdown::parse(text)); }
  bool has(const std::string& mark) const { return code_.find(mark) != std::string::npos; }

 private:
  void visit(const std::vector<markdown::Block>& blocks) {
    for (const markdown::Block& block : blocks) {
      if (block.kind == markdown::BlockKind::code) code_ += block.text + "\n";
      take(block.spans);
      for (const auto& row : block.rows) {
        for (const auto& cell : row) take(cell);
      }
      visit(block.children);
    }
  }
  void take(const std::vector<markdown::Span>& spans) {
    for (const markdown::Span& span : spans) {
      if (span.is_code) code_ += span.text + "\n";
    }
  }

  std::string code_;
};

}  // namespace

std::string exported_file_path(const Attachment& attachment) {
  return "files/" + attachment.sha256.substr(0, 16) + "/" + attachment_name_from(attachment.file_name);
}

std::string with_local_links(std::string_view text, const std::vector<Attachment>& attachments) {
  const std::vector<FileAddress> addresses = addresses_in(text, attachments);
  if (addresses.empty()) return std::string(text);
  std::vector<std::string> marks;
  for (std::size_t at = 0; at < addresses.size(); ++at)
    marks.push_back("/dits-file-" + std::to_string(at) + "/");
  const CodeMarks code(replaced(text, addresses, marks));
  std::vector<std::string> with;
  for (std::size_t at = 0; at < addresses.size(); ++at) {
    const FileAddress& address = addresses[at];
    const Attachment& file = *address.file;
    with.push_back(code.has(marks[at]) ? std::string(text.substr(address.begin, address.end - address.begin))
                                       : "../files/" + file.sha256.substr(0, 16) + "/" +
                                             paths::percent_encoded(attachment_name_from(file.file_name)));
  }
  return replaced(text, addresses, with);
}

}  // namespace dits
