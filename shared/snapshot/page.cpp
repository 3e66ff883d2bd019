#include "shared/snapshot/page.hpp"

#include <limits>

#include "shared/core/text.hpp"
#include "shared/snapshot/bytes.hpp"

namespace dits::snapshot {

constexpr std::string_view magic = "DITSP\x01";

std::string page_to_bytes(const Page& page) {
  std::string out(magic);
  put_varint(out, static_cast<std::uint64_t>(page.change_id));
  put_text(out, page.head);
  put_text(out, page.next_cursor);
  out += portion_to_bytes(page.portion);
  return out;
}

Result<Page> page_from_bytes(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.take(magic.size()) != magic) return invalid("snapshot", "Was written by another version");
  Page page;
  const std::uint64_t change_id = reader.varint();
  page.head = reader.text();
  page.next_cursor = reader.text();
  const bool is_sound = change_id <= std::numeric_limits<std::int64_t>::max() &&
                        is_storable_text(page.head) && is_storable_text(page.next_cursor);
  if (reader.is_broken() || !is_sound) return invalid("snapshot", "Is damaged");
  page.change_id = static_cast<std::int64_t>(change_id);
  page.portion = TRY(portion_from_bytes(reader.take(reader.left())));
  return page;
}

}  // namespace dits::snapshot
