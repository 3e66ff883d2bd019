// The type of the texts in a widget's options and in a node of the mirror. With std::string_view there, a
// text that is made in the assignment (options.error = first + second) would be gone before the widget is
// drawn.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace dits {

// Owns its text, so that it cannot outlive it, however it was handed over. Only a literal, which lives as
// long as the program, is looked at instead of copied.
class HeldText {
 public:
  HeldText() = default;
  // NOLINTBEGIN(google-explicit-constructor): options are written as if their members were texts
  template <std::size_t size>
  HeldText(const char (&literal)[size]) : literal_(literal) {}
  template <std::size_t size>
  HeldText(char (&buffer)[size]) = delete;  // of a function that returns; say which part of it is the text
  // A pointer may be the c_str() of a text that was made: unlike a literal's it is copied.
  template <typename Pointer>
  requires std::same_as<Pointer, const char*> HeldText(const Pointer& text) : kept_(text) {}
  HeldText(std::string_view text) : kept_(text) {}
  HeldText(std::string text) : kept_(std::move(text)) {}

  operator std::string_view() const { return view(); }
  // NOLINTEND(google-explicit-constructor)

  std::string_view view() const { return kept_.empty() ? literal_ : std::string_view(kept_); }
  bool empty() const { return view().empty(); }

 private:
  std::string_view literal_;
  std::string kept_;  // not empty: it is the text
};

}  // namespace dits
