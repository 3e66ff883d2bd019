#include "server/service/import_notes.hpp"

#include <algorithm>
#include <utility>

#include "shared/core/normal_form.hpp"
#include "shared/core/text.hpp"

namespace dits {

void ImportNotes::add(std::int64_t line, std::string what) {
  ++count_;
  if (kept_.size() < most_kept) kept_.push_back({line, std::move(what)});
}

std::vector<ImportNote> ImportNotes::kept() const {
  std::vector<ImportNote> sorted = kept_;
  std::ranges::stable_sort(sorted, {}, &ImportNote::line);
  return sorted;
}

std::string beginning_of(std::string_view text) {
  constexpr std::size_t most = 40;
  std::string out;
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size() && count < most; ++count) {
    const char32_t code_point = take_code_point(text, at);
    append_code_point(out, is_visible(code_point) ? code_point : U' ');
  }
  out = std::string(trim(out));
  return "“" + out + (count == most ? "…" : "") + "”";
}

std::string normal_form_note(const std::string& field) {
  return field + ": is kept in Unicode's normal form (NFC), which it was not in";
}

namespace {

void compare(ImportNotes& notes,
             std::int64_t line,
             const std::string& field,
             const Json& source,
             const Json& written) {
  if (const auto* text = source.get_ptr<const std::string*>()) {
    const auto* kept = written.get_ptr<const std::string*>();
    if (kept != nullptr && *kept != *text && *kept == normal_form(*text))
      notes.add(line, normal_form_note(field));
  } else if (source.is_object() && written.is_object()) {
    for (const auto& [name, value] : source.items()) {
      const auto found = written.find(name);
      if (found != written.end()) compare(notes, line, name, value, *found);
    }
  } else if (source.is_array() && written.is_array()) {
    for (std::size_t at = 0; at < std::min(source.size(), written.size()); ++at)
      compare(notes, line, field, source[at], written[at]);
  }
}

}  // namespace

void note_normal_forms(ImportNotes& notes, std::int64_t line, const Json& source, const Json& written) {
  compare(notes, line, {}, source, written);
}

}  // namespace dits
