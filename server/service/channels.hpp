// The channels of NOTIFY on which the programs of one database talk to each other.
#pragma once

namespace dits {

constexpr const char* changes_channel = "dits_changes";       // "<user> <change_id>"
constexpr const char* revocations_channel = "dits_sessions";  // nothing: sent by a trigger of the schema
constexpr const char* names_channel = "dits_names";           // "<user>", nothing for all: likewise
constexpr const char* ask_channel = "dits_ask";               // nothing: a command asks every server …
constexpr const char* figures_channel = "dits_figures";       // … and each answers with one JSON object
constexpr const char* calls_channel = "dits_calls";           // RollCall: a mark …
constexpr const char* answers_channel = "dits_answers";       // … and the same, from each server

}  // namespace dits
