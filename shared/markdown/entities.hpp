// &amp; and its like.
#pragma once

#include <string>
#include <string_view>

namespace dits::markdown {

// The character that "&name;", "&#123;" or "&#x7B;" stands for; the text itself when it is none that we know.
std::string resolved_entity(std::string_view entity);

}  // namespace dits::markdown
