// Whatever stands beside or in a backup, it is read without harm: a manifest is itself after writing and
// reading, and a dump is told apart the same wherever its pieces are cut.
#include <string>
#include <string_view>

#include "server/backup/dump_reader.hpp"
#include "server/backup/manifest.hpp"
#include "tests/fuzz/support/steps.hpp"

namespace {

using namespace dits;

struct Scanned {
  bool is_good = false;
  DumpContents contents;
};

Scanned scanned(std::string_view text, std::size_t piece_bytes) {
  DumpScanner scanner;
  for (std::size_t at = 0; at < text.size(); at += piece_bytes) {
    if (!scanner.add(text.substr(at, piece_bytes))) return {};
  }
  const Result<DumpContents> contents = scanner.finish();
  return contents ? Scanned{true, *contents} : Scanned{};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const fuzz::Budget budget(size, 30'000);
  if (const Result<Manifest> manifest = manifest_from_text(text)) {
    const std::string written = manifest_to_text(*manifest);
    const Result<Manifest> again = manifest_from_text(written);
    fuzz::require(again && manifest_to_text(*again) == written && again->contents == manifest->contents);
  }
  const Scanned whole = scanned(text, size + 1);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{13}}) {
    const Scanned pieces = scanned(text, piece);
    fuzz::require(pieces.is_good == whole.is_good);
    if (whole.is_good) fuzz::require(pieces.contents == whole.contents);
  }
  return 0;
}
