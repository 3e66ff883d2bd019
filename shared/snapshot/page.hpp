// One answer of the server to a client that begins: what belongs to all of it, and a portion of the issues.
//
//   "DITSP" 1 · change_id · head, with its length · next_cursor, with its length · the portion, to the end
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.hpp"
#include "shared/snapshot/portion.hpp"

namespace dits::snapshot {

constexpr std::string_view content_type = "application/vnd.dits.snapshot";

struct Page {
  std::int64_t change_id = 0;  // ask for the changes since this one after the last page
  // On the first page: everything but issues and their relations, as the JSON of SyncSnapshot.
  std::string head;
  std::string next_cursor;  // empty: this was the last page
  Portion portion;
};

std::string page_to_bytes(const Page& page);
// Errors: invalid, for anything but what page_to_bytes of this version wrote.
Result<Page> page_from_bytes(std::string_view bytes);

}  // namespace dits::snapshot
