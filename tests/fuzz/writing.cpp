// Whatever stands in a text area and wherever its caret is, a stroke gives a text with a caret in it;
// whatever the text, its runs are all of it, and a cut is one of its bytes.
#include "shared/markdown/writing.hpp"

#include <string>
#include <string_view>

#include "shared/core/text.hpp"
#include "tests/fuzz/support/steps.hpp"
#include "web/widgets/text_runs.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dits;
  using markdown::Stroke;
  if (size < 3) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  if (!is_storable_text(text)) return 0;
  const fuzz::Budget budget(size, 100'000);
  const auto boundary = [&](std::size_t at) {
    at = std::min(at, text.size());
    while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0u) == 0x80u) --at;
    return at;
  };
  const std::size_t one = boundary(data[0] * text.size() / 255);
  const std::size_t other = boundary(data[1] * text.size() / 255);
  const markdown::Selection selection{std::min(one, other), std::max(one, other)};
  for (int at = 0; at <= static_cast<int>(Stroke::quote); ++at) {
    const auto edit =
        markdown::edit_for(static_cast<Stroke>(at), text, selection, "https://example.org/a_(b)");
    if (!edit) continue;
    fuzz::require(edit->place.begin <= edit->place.end && edit->place.end <= text.size());
    std::string after(text);
    after.replace(edit->place.begin, edit->place.end - edit->place.begin, edit->text);
    fuzz::require(edit->after.begin <= edit->after.end && edit->after.end <= after.size());
    fuzz::require(is_storable_text(after));
  }
  if (const auto sign = markdown::sign_before(text, selection.begin))
    fuzz::require(sign->begin < selection.begin);
  fuzz::require(markdown::utf16_length(text) <= text.size());

  std::size_t bytes = 0;
  for (const widgets::TextRun& run : widgets::text_runs(text)) bytes += run.text.size();
  fuzz::require(bytes == 0 || bytes == text.size());
  fuzz::require(widgets::cut_before(text, selection.end) <= selection.end);
  (void)widgets::begins_right_to_left(text);
  return 0;
}
