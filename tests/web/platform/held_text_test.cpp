#include "web/platform/held_text.hpp"

#include <string>
#include <type_traits>

#include <doctest/doctest.h>

#include "web/platform/mirror.hpp"
#include "web/widgets/chart.hpp"
#include "web/widgets/item.hpp"
#include "web/widgets/rich_text.hpp"
#include "web/widgets/text_field.hpp"

namespace dits {

namespace {

const char* const literal = "a text of the program";

// Every text that a widget or the mirror keeps beyond the call it was given in is of a type that owns.
template <typename... Texts>
constexpr bool all_own = (std::is_same_v<std::remove_cvref_t<Texts>, HeldText> && ...);
static_assert(all_own<decltype(a11y::Node::name),
                      decltype(a11y::Node::value),
                      decltype(a11y::Node::description),
                      decltype(a11y::Node::shortcut),
                      decltype(a11y::Node::placeholder),
                      decltype(widgets::TextFieldOptions::name),
                      decltype(widgets::RichSpan::text),
                      decltype(widgets::RichSpan::link),
                      decltype(widgets::Chart::name),
                      decltype(widgets::Chart::summary),
                      decltype(widgets::ChartLine::name)>);
static_assert(
    std::is_invocable_v<decltype(widgets::scope_node), ImGuiID, widgets::Rect, a11y::Role, HeldText>);
static_assert(!std::is_constructible_v<HeldText, char (&)[8]>);
static_assert(std::is_constructible_v<HeldText, const char (&)[8]>);

std::string made(int number) { return "row " + std::to_string(number) + " of a table with a long name"; }

}  // namespace

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

TEST_CASE("whatever a text is made of, a node keeps it when that is gone") {
  const a11y::Node of_text = widgets::scope_node(1, {}, a11y::Role::row, made(1));
  const a11y::Node of_view = widgets::scope_node(2, {}, a11y::Role::row, std::string_view(made(2)).substr(4));
  const a11y::Node of_pointer = widgets::scope_node(3, {}, a11y::Role::row, made(3).c_str());
  a11y::Node named;
  {
    const std::string name = made(4);
    named.name = name;
    named.value = std::string_view(name).substr(0, 5);
  }
  const std::string elsewhere = made(5) + made(6);
  CHECK(of_text.name.view() == made(1));
  CHECK(of_view.name.view() == made(2).substr(4));
  CHECK(of_pointer.name.view() == made(3));
  CHECK(named.name.view() == made(4));
  CHECK(named.value.view() == "row 4");
}

TEST_CASE("a literal is looked at, not copied") {
  static constexpr char words[] = "a title that is longer than what a string keeps within itself";
  CHECK(HeldText(words).view().data() == static_cast<const char*>(words));
  CHECK(HeldText(literal).view() == literal);
  CHECK(HeldText().empty());
  CHECK(HeldText(std::string()).empty());
  CHECK(HeldText("").empty());
}

}  // namespace dits
