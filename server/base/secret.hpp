// A text that must not be shown: it has no stream operator and no conversion, so it can't end up in a log
// line by mistake.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace dits {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  bool is_empty() const { return text_.empty(); }
  // The text itself. Each use is a place to look at in a review.
  const std::string& reveal() const { return text_; }

 private:
  std::string text_;
};

// A URL for a person's eyes: "postgresql://dits:***@host/db". Text without "://" is answered with "***" where
// a password stands.
std::string without_password(std::string_view url);

}  // namespace dits
