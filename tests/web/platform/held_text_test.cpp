#include "web/platform/held_text.hpp"

#include <string>

#include <doctest/doctest.h>

#include "web/platform/mirror.hpp"
#include "web/widgets/text_field.hpp"

namespace dits {

TEST_CASE("a text made in the assignment lives as long as the options it was given to") {
  const std::string reason = "the connection to the server was lost";
  widgets::TextFieldOptions options;
  options.error = "Not saved: " + reason;
  const std::string elsewhere = "another text, as long as the one before it, where that one may have been";
  CHECK(options.error.view() == "Not saved: the connection to the server was lost");
  const widgets::TextFieldOptions copy = options;
  options.error = {};
  CHECK(options.error.empty());
  CHECK(copy.error.view() == "Not saved: the connection to the server was lost");
  const a11y::Node node{.name = copy.error.view().substr(0, 3) == "Not" ? "Not " + reason : reason};
  CHECK(node.name.view() == "Not the connection to the server was lost");
}

TEST_CASE("a text that lives elsewhere is looked at, not copied") {
  const std::string text = "a title that is longer than what a string keeps within itself";
  const HeldText held = text;
  CHECK(held.view().data() == text.data());
  const HeldText part = std::string_view(text).substr(2, 5);
  CHECK(part.view().data() == text.data() + 2);
  CHECK(HeldText().empty());
  CHECK(HeldText(std::string()).empty());
}

}  // namespace dits
