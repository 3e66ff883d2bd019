// The channels of NOTIFY on which the programs of one database talk to each other.
#pragma once

namespace dits {

constexpr const char* changes_channel = "dits_changes";       // "<user> <change_id>"
constexpr const char* revocations_channel = "dits_sessions";  // nothing: sent by a trigger of the schema
constexpr const char* ask_channel = "dits_ask";               // nothing: a command asks every server …
constexpr const char* figures_channel = "dits_figures";       // … and each answers with one JSON object

}  // namespace dits
