#include <filesystem>

#include <doctest/doctest.h>

#include "server/base/crypto.hpp"
#include "server/base/files.hpp"
#include "server/base/log.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

using namespace std::string_view_literals;

TEST_CASE("a value can neither end a log line nor look like another field") {
  const std::string line =
      log::format_line("T",
                       log::Level::info,
                       "x",
                       {{"a", "b c=d"}, {"e", "1\n2 level=error"}, {"f", "\xFF\x1B[31m"}, {"g", ""}});
  CHECK(line == R"(T level=info event=x a="b c=d" e="1\n2 level=error" f="\u00ff\u001b[31m" g="")");
  CHECK(log::format_line("T", log::Level::warn, "two words", {{"n", 42}, {"yes", true}, {"ms", 1.5}}) ==
        R"(T level=warn event="two words" n=42 yes=true ms=1.500)");
  CHECK(log::format_line("T", log::Level::info, "x", {{"a", "\xE2\x80\xAE\xC3\xA4"}}) ==
        "T level=info event=x a=\"\\u202e\xC3\xA4\"");
}

TEST_CASE("hashes and encodings give the published values") {
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(hmac_sha256("key", "The quick brown fox jumps over the lazy dog")) ==
        "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
  CHECK(base64url("") == "");
  CHECK(base64url("f") == "Zg");
  CHECK(base64url("fo") == "Zm8");
  CHECK(base64url("foobar") == "Zm9vYmFy");
  CHECK(base64url("\xFB\xFF") == "-_8");
}

TEST_CASE("encodings are read back, and other spellings refused") {
  for (std::size_t length = 0; length < 40; ++length) {
    const std::string bytes = random_bytes(length);
    CHECK(bytes_from_base64url(base64url(bytes)).value() == bytes);
    CHECK(bytes_from_hex(hex(bytes)).value() == bytes);
  }
  for (const char* bad : {"Zg==", "Z", "Zh", "Zm9!", "Zm9+"}) {
    CAPTURE(bad);
    CHECK_FALSE(bytes_from_base64url(bad));
  }
  CHECK_FALSE(bytes_from_hex("abc"));
  CHECK_FALSE(bytes_from_hex("zz"));
}

TEST_CASE("equal bytes are equal, others are not, and random ones differ") {
  CHECK(same_bytes("abc", "abc"));
  CHECK_FALSE(same_bytes("abc", "abd"));
  CHECK_FALSE(same_bytes("abc", "ab"));
  CHECK(random_bytes(32) != random_bytes(32));
}

TEST_CASE("a file is replaced as a whole, and nothing else is left beside it") {
  const test::TemporaryDirectory directory;
  const std::string path = directory.path() + "/file";
  REQUIRE(write_file_atomically(path, "one"));
  REQUIRE(write_file_atomically(path, "two\0three"sv));
  CHECK(read_file(path).value() == "two\0three"sv);
  int count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory.path())) ++count;
  CHECK(count == 1);
  CHECK(read_file(directory.path() + "/none").error().code == ErrorCode::not_found);
  CHECK_FALSE(write_file_atomically(directory.path() + "/no/such/directory", "x"));
}

TEST_CASE("directories are made with their parents") {
  const test::TemporaryDirectory directory;
  CHECK(make_directories(directory.path() + "/a/b/c"));
  CHECK(make_directories(directory.path() + "/a/b/c"));
  REQUIRE(write_file_atomically(directory.path() + "/file", ""));
  CHECK_FALSE(make_directories(directory.path() + "/file/x"));
  CHECK_FALSE(make_directories(directory.path() + "/file"));
  CHECK(free_disk_bytes(directory.path()) > 0);
}

}  // namespace
}  // namespace dits
