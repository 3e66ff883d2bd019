// Texts that ended the program when they were drawn: shown as they were written the next time.
#pragma once

#include <string>
#include <string_view>

#include "web/ui/issue_parts.hpp"

namespace dits::web {

// The name of a text, for drawing.hpp: the same for the same text, whoever has it, for a text that ended the
// program does so everywhere.
std::string drawing_name(std::string_view text);

// Stands above a text that is shown as it was written.
void draw_plain_notice(Flow& flow, const std::string& name);

}  // namespace dits::web
