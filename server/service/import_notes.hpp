// What an import changed of what it was given, by line: nobody is to find out by comparing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/json/value.hpp"

namespace dits {

struct ImportNote {
  std::int64_t line = 0;  // of the file, from 1
  std::string what;       // "title: was cut to 500 characters"
};

// All are counted; the first so many are kept in words, whatever the file.
class ImportNotes {
 public:
  static constexpr std::size_t most_kept = 1000;

  void add(std::int64_t line, std::string what);
  std::int64_t count() const { return count_; }
  // In the order of the file.
  std::vector<ImportNote> kept() const;

 private:
  std::vector<ImportNote> kept_;
  std::int64_t count_ = 0;
};

// The beginning of a text of somebody's, in quotes, as it may stand in a message: in one line, a few words
// long.
std::string beginning_of(std::string_view text);

// Of a text that came in another form than Unicode's normal one, and is kept in that.
std::string normal_form_note(const std::string& field);

// The texts in `source` that `written` has in normal form instead.
void note_normal_forms(ImportNotes& notes, std::int64_t line, const Json& source, const Json& written);

}  // namespace dits
