// The web app out of the executable: hashed assets for ever, index.html for every address of the app.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "server/http/message.hpp"

namespace dits::http {

class StaticFiles {
 public:
  // Takes the embedded files under "web/": NAME, and NAME.br and NAME.gz as its compressed forms. Large files
  // are carried as brotli alone; the other forms are made once, when the first client needs one.
  StaticFiles();

  // The answer to GET `path`: an asset, index.html for a path that could be a page of the app (no file
  // extension in its last segment), or nullopt. "/api" and what lies under it is never a page.
  std::optional<Response> find(std::string_view path,
                               std::string_view accept_encoding,
                               std::string_view if_none_match) const;

 private:
  struct Asset {
    std::string_view plain;
    std::string_view brotli;
    std::string_view gzip;
    std::string content_type;
    std::string etag;
    bool is_immutable = false;
    // Of a large file, for those who take no brotli: made for the first of them, one for all.
    struct Made {
      std::once_flag once;
      std::string text;
    };
    std::unique_ptr<Made> made_plain = std::make_unique<Made>();
    std::unique_ptr<Made> made_gzip = std::make_unique<Made>();
  };
  static std::string_view plain_of(const Asset& asset);
  // Empty when it would be no smaller.
  static std::string_view gzip_of(const Asset& asset);
  static Response answer(const Asset& asset,
                         std::string_view accept_encoding,
                         std::string_view if_none_match);

  std::unordered_map<std::string, Asset> assets_;  // by path: "/assets/dits-0123abcd.wasm"
};

}  // namespace dits::http
