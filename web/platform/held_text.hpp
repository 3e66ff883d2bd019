// The type of the texts in a widget's options and in a node of the mirror. With std::string_view there, a
// text that is made in the assignment (options.error = first + second) would be gone before the widget is
// drawn.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace dits {

// Looks at a text that lives elsewhere (a literal, a variable, a view), and keeps one that is handed over.
// What it looks at must outlive it: meant for the frame in which it was made.
class HeldText {
 public:
  HeldText() = default;
  // NOLINTBEGIN(google-explicit-constructor): options are written as if their members were texts
  HeldText(const char* text) : seen_(text) {}
  HeldText(std::string_view text) : seen_(text) {}
  HeldText(const std::string& text) : seen_(text) {}
  HeldText(std::string&& text) : kept_(std::move(text)) {}
  HeldText(const std::string&& text) : kept_(text) {}  // what ?: makes of a made text and a constant one

  operator std::string_view() const { return view(); }
  // NOLINTEND(google-explicit-constructor)

  std::string_view view() const { return kept_.empty() ? seen_ : std::string_view(kept_); }
  bool empty() const { return view().empty(); }

 private:
  std::string_view seen_;
  std::string kept_;  // not empty: it is the text
};

}  // namespace dits
