// How long what was deleted can be taken back: the server sweeps by it, the screens tell it.
#pragma once

namespace dits {

constexpr int days_in_trash = 30;

}  // namespace dits
