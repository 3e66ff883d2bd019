// Which addresses are links, and #128 in running text.
#pragma once

#include <string_view>
#include <vector>

#include "shared/markdown/blocks.hpp"

namespace dits::markdown {

// http, https, mailto, or a place of this site ("/issues/1"); no other scheme, no white space or control
// character. Addresses relative to what the text was written for ("docs/a.md", "#part", "?q=") are none: an
// issue has no folder, parts or query that they could mean, and their words stay text.
bool is_safe_link(std::string_view address);

// Is the character that begins at `at`, or the one that ends there, of a word: a letter of an alphabet whose
// words stand apart, a digit or _? Neither dashes nor 日 are.
bool is_word_at(std::string_view text, std::size_t at);
bool is_word_before(std::string_view text, std::size_t at);

// Appends `span`, a run of text, split at the mentions of issues in it.
void append_with_mentions(std::vector<Span>& spans, const Span& span);

}  // namespace dits::markdown
