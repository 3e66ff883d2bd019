// A file that hangs on an issue: what is known of it. Its bytes lie in the data directory under their hash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

// The SHA-256 of a file: 64 hexadecimal digits, lower case, and never anything else. Files are named by it,
// so that no path is made of a text that was not looked at.
class FileHash {
 public:
  // Errors: invalid, at "sha256".
  static Result<FileHash> of(std::string_view text);

  const std::string& text() const { return text_; }

 private:
  explicit FileHash(std::string_view text) : text_(text) {}
  std::string text_;
};

struct Attachment {
  AttachmentId id;
  IssueId issue_id;
  std::string file_name;
  std::string content_type;  // decided by attachment_type_of, never taken from a client
  std::int64_t byte_size = 0;
  std::string sha256;  // 64 hexadecimal digits, lower case
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<Timestamp> deleted_at;
};

// How many of the first bytes of a file attachment_type_of wants.
constexpr std::size_t attachment_head_bytes = 512;

// What the bytes are: image/png, image/jpeg, image/gif or image/webp by their signature; text/plain when they
// are UTF-8 without control characters; else application/octet-stream. Never a type that a browser would run.
std::string_view attachment_type_of(std::string_view first_bytes);
// May a browser show it inside a page? The four kinds of images, and none that is not listed.
bool is_shown_inline(std::string_view content_type);

// The last part of a path, as a person named the file; control characters and what file systems refuse become
// "_". Empty gives "file". At most 255 characters.
std::string attachment_name_from(std::string_view name);

// file_name 1..255 characters without "/", "\" and control characters; sha256 of the right form; known type.
Result<void> validate(const Attachment& attachment);

}  // namespace dits
