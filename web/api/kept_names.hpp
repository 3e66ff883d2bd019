// How what is kept in the browser's storage is named: every word under the account whose it is, and what
// speaks of versions and changes under the log that they belong to. Another account lists and reads nothing
// of it.
//
//   of:<user>:draft:<key>  of:<user>:form:<tab>  of:<user>:studio  of:<user>:view  of:<user>:name
//   of:<user>:queue:<log>:<tab>:<place>  of:<user>:undo:<log>:<tab>  of:<user>:conflict:<log>:<issue>
#pragma once

#include <string>
#include <string_view>

#include "shared/core/id.hpp"
#include "web/platform/platform.hpp"

namespace dits::web {

struct KeptName {
  std::string user;
  std::string kind;  // "draft", "queue", …
  std::string log;   // of queue, undo and conflict
  std::string tab;   // of queue, undo and form
  std::string rest;  // of draft, queue and conflict
};

constexpr std::string_view cache_prefix = "cache:";  // the copy of the issues
// Beside the copy while the server does not know its account any more: a start without the server shows
// nothing of it until that account has signed in again.
constexpr std::string_view closed_key = "cache:closed";
constexpr std::string_view all_accounts = "of:";
std::string account_prefix(UserId user);  // "of:<user>:"
// The parts of a name; without a kind when it is not one.
KeptName kept_name(const std::string& key);

// What an account has written and the server does not have.
struct KeptWords {
  int changes = 0;  // that wait to be sent, or for the user to decide
  int drafts = 0;
  bool is_empty() const { return changes == 0 && drafts == 0; }
};
// Counts one record.
void count_words(KeptWords& words, const KeptName& name, const std::string& text);
// "2 changes and 1 draft"
std::string told(const KeptWords& words);
// "2 changes and 1 draft of ada@example.org wait in this browser until that account signs in again", for
// every account but `me`; empty when there are none. Counts, never words.
std::string words_of_others(const Platform::StoredEntries& entries, UserId me);

}  // namespace dits::web
