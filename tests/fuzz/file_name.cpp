// Whatever a client calls its file, the name that is kept is one that may be kept, and stays as it is when it
// comes again.
#include <string>
#include <string_view>

#include "shared/core/text.hpp"
#include "shared/json/attachment_json.hpp"
#include "shared/model/attachment.hpp"
#include "tests/fuzz/support/steps.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dits;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const fuzz::Budget budget(size, 10'000);
  Attachment attachment;
  attachment.content_type = attachment_type_of(text);
  if (!is_storable_text(text)) return 0;
  attachment.file_name = attachment_name_from(text);
  attachment.sha256 = std::string(64, 'a');
  fuzz::require(attachment_name_from(attachment.file_name) == attachment.file_name);
  fuzz::require(attachment.file_name.size() <= 255 && is_storable_text(attachment.file_name));
  fuzz::require(attachment.file_name.find_first_of("/\\\"\r\n") == std::string::npos);
  fuzz::require(validate(attachment).has_value());
  return 0;
}
