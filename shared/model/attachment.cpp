#include "shared/model/attachment.hpp"

#include <algorithm>

#include "shared/core/normal_form.hpp"
#include "shared/core/text.hpp"
#include "shared/model/checks.hpp"

namespace dits {

namespace {

constexpr std::size_t max_name_code_points = 255;
constexpr std::size_t max_name_bytes = 255;  // what a file system takes when the file is saved again

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// The bytes may end within a character.
std::string_view without_cut_character(std::string_view bytes) {
  std::size_t end = bytes.size();
  for (int back = 0; back < 3 && end > 0 && (static_cast<unsigned char>(bytes[end - 1]) & 0xC0U) == 0x80U;
       ++back) {
    --end;
  }
  if (end > 0 && (static_cast<unsigned char>(bytes[end - 1]) & 0x80U) != 0) return bytes.substr(0, end - 1);
  return bytes;
}

bool is_plain_text(std::string_view bytes) {
  if (bytes.size() >= attachment_head_bytes) bytes = without_cut_character(bytes);
  if (!is_storable_text(bytes)) return false;
  return std::none_of(bytes.begin(), bytes.end(), [](char c) {
    return is_control(c) && c != '\n' && c != '\r' && c != '\t' && c != '\f';
  });
}

}  // namespace

Result<FileHash> FileHash::of(std::string_view text) {
  if (text.size() != 64 || text.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return invalid("sha256", "Must be 64 hexadecimal digits");
  return FileHash(text);
}

std::string_view attachment_type_of(std::string_view first_bytes) {
  using namespace std::string_view_literals;
  if (first_bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return "image/png";
  if (first_bytes.starts_with("\xff\xd8\xff"sv)) return "image/jpeg";
  if (first_bytes.starts_with("GIF87a"sv) || first_bytes.starts_with("GIF89a"sv)) return "image/gif";
  if (first_bytes.starts_with("RIFF"sv) && first_bytes.substr(0, 12).ends_with("WEBP"sv) &&
      first_bytes.size() >= 12)
    return "image/webp";
  if (!first_bytes.empty() && is_plain_text(first_bytes.substr(0, attachment_head_bytes)))
    return "text/plain";
  return "application/octet-stream";
}

bool is_shown_inline(std::string_view content_type) {
  return content_type == "image/png" || content_type == "image/jpeg" || content_type == "image/gif" ||
         content_type == "image/webp";
}

std::string attachment_name_from(std::string_view name) {
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string out;
  const std::string normal = normal_form(trim(name));
  for (std::size_t at = 0; at < normal.size();) {
    const std::size_t begin = at;
    const char32_t c = take_code_point(normal, at);
    if (is_control_character(c) || std::u32string_view(U"<>:\"|?*").find(c) != std::u32string_view::npos)
      out += '_';
    else
      out += std::string_view(normal).substr(begin, at - begin);
  }
  if (out.size() > max_name_bytes) {
    // The ending says what the file is: keep it.
    const std::size_t dot = out.rfind('.');
    const std::string ending =
        dot == std::string::npos || out.size() - dot > 16 ? std::string() : out.substr(dot);
    std::size_t end = 0;
    for (std::size_t at = 0; at < out.size();) {
      take_code_point(out, at);
      if (at > max_name_bytes - ending.size()) break;
      end = at;
    }
    // What ends in a blank now would be another name when it comes again.
    out = std::string(trim(std::string_view(out).substr(0, end))) + ending;
  }
  if (!is_visible(out) || out == "." || out == "..") return "file";
  return out;
}

Result<void> validate(const Attachment& attachment) {
  Refusals refusals;
  check_name(refusals, "fileName", attachment.file_name, max_name_code_points);
  if (attachment.file_name.find_first_of("/\\") != std::string::npos)
    refusals.add("fileName", "Must be a name without folders");
  if (const Result<FileHash> hash = FileHash::of(attachment.sha256); !hash)
    refusals.add("sha256", hash.error().message);
  if (attachment.byte_size < 0) refusals.add("byteSize", "Must not be negative");
  constexpr std::string_view types[] = {
      "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "application/octet-stream"};
  if (std::find(std::begin(types), std::end(types), attachment.content_type) == std::end(types))
    refusals.add("contentType", "Is not one that DITS gives");
  return refusals.result();
}

}  // namespace dits
