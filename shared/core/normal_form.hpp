// Unicode's normal form C: of several ways to write the same letters, one. Ours, not a library's, because the
// same few kilobytes must serve server and web, and stay at one version of Unicode on both.
#pragma once

#include <string>
#include <string_view>

namespace dits {

// `text` in normal form C; bytes that are no UTF-8 stay as they are. Linear, and free of cost for text below
// U+0300.
std::string normal_form(std::string_view text);

// True when normal_form(text) is `text`.
bool is_normal_form(std::string_view text);

// The letter that is left without its marks: "a" of "ä". Any other character as it is.
char32_t without_marks(char32_t code_point);

}  // namespace dits
