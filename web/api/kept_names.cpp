// The names of kept words, and how many there are.
#include "web/api/kept_names.hpp"

#include <map>

#include "shared/json/value.hpp"

namespace dits::web {

namespace {

// The text up to the next colon, which goes with it.
std::string take_part(std::string_view& text) {
  const std::size_t end = text.find(':');
  std::string part(text.substr(0, end));
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

std::string counted(int count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

// Of Studio, what was changed in its tables and not saved.
bool has_edits(const std::string& studio) {
  const Json kept = json_from_stored(studio);
  return kept.is_object() && kept.contains("edits");
}

}  // namespace

std::string account_prefix(UserId user) { return std::string(all_accounts) + to_string(user) + ":"; }

KeptName kept_name(const std::string& key) {
  KeptName name;
  std::string_view text = key;
  if (!text.starts_with(all_accounts)) return name;
  text.remove_prefix(all_accounts.size());
  name.user = take_part(text);
  name.kind = take_part(text);
  const bool is_of_log = name.kind == "queue" || name.kind == "undo" || name.kind == "conflict";
  if (is_of_log) name.log = take_part(text);
  if (name.kind == "queue" || name.kind == "undo" || name.kind == "form") name.tab = take_part(text);
  name.rest = text;
  return name;
}

void count_words(KeptWords& words, const KeptName& name, const std::string& text) {
  if (name.kind == "queue" || name.kind == "conflict") ++words.changes;
  if (name.kind == "draft" || name.kind == "form" || (name.kind == "studio" && has_edits(text)))
    ++words.drafts;
}

std::string told(const KeptWords& words) {
  if (words.drafts == 0) return counted(words.changes, "change");
  if (words.changes == 0) return counted(words.drafts, "draft");
  return counted(words.changes, "change") + " and " + counted(words.drafts, "draft");
}

std::string words_of_others(const Platform::StoredEntries& entries, UserId me) {
  struct Other {
    std::string email;
    KeptWords words;
  };
  std::map<std::string, Other> others;
  for (const auto& [key, text] : entries) {
    const KeptName name = kept_name(key);
    if (name.kind.empty() || name.user == to_string(me)) continue;
    Other& other = others[name.user];
    if (name.kind == "name") other.email = text;
    count_words(other.words, name, text);
  }
  std::string sentence;
  for (const auto& [user, other] : others) {
    if (other.words.is_empty()) continue;
    if (!sentence.empty()) sentence += ". ";
    const bool is_one = other.words.changes + other.words.drafts == 1;
    sentence += told(other.words) + " of " + (other.email.empty() ? "another account" : other.email) +
                (is_one ? " waits" : " wait") + " in this browser until that account signs in again";
  }
  return sentence;
}

}  // namespace dits::web
