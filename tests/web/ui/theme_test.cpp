// The search for the label hue that is nearest to a colour.
#include <doctest/doctest.h>

#include "web/theme/tokens.hpp"

namespace dits::theme {

TEST_CASE("Every hue is nearest to itself") {
  for (std::size_t i = 0; i < hue_count; ++i) {
    const auto hue = static_cast<Hue>(i);
    CHECK(name_of(hue_of(hex_of(hue))) == name_of(hue));
  }
}

TEST_CASE("Greys and unreadable colours are stone") {
  for (const char* hex : {"#808080", "#FFFFFF", "#000000", "", "red", "#12345", "#GGGGGG"}) {
    CHECK(name_of(hue_of(hex)) == "stone");
  }
}

TEST_CASE("GitHub's own label colours find their hue") {
  CHECK(name_of(hue_of("#d73a4a")) == "red");
  CHECK(name_of(hue_of("#0075ca")) == "blue");
  CHECK(name_of(hue_of("#0e8a16")) == "green");
  CHECK(name_of(hue_of("#fbca04")) == "amber");
}

}  // namespace dits::theme
