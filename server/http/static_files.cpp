// Embedded assets with their compressed forms.
#include "server/http/static_files.hpp"

#include <array>

#include "server/base/crypto.hpp"
#include "server/base/embedded_files.hpp"
#include "server/http/compression.hpp"
#include "server/http/conditions.hpp"

namespace dits::http {
namespace {

struct TypeOfExtension {
  std::string_view extension;
  std::string_view type;
};

constexpr std::array types{
    TypeOfExtension{".html", "text/html; charset=utf-8"},
    TypeOfExtension{".js", "text/javascript; charset=utf-8"},
    TypeOfExtension{".mjs", "text/javascript; charset=utf-8"},
    TypeOfExtension{".css", "text/css; charset=utf-8"},
    TypeOfExtension{".wasm", "application/wasm"},
    TypeOfExtension{".json", "application/json"},
    TypeOfExtension{".webmanifest", "application/manifest+json"},
    TypeOfExtension{".svg", "image/svg+xml"},
    TypeOfExtension{".png", "image/png"},
    TypeOfExtension{".ico", "image/x-icon"},
    TypeOfExtension{".woff2", "font/woff2"},
    TypeOfExtension{".ttf", "font/ttf"},
    TypeOfExtension{".txt", "text/plain; charset=utf-8"},
};

std::string_view type_of(std::string_view name) {
  for (const TypeOfExtension& row : types) {
    if (name.ends_with(row.extension)) return row.type;
  }
  return "application/octet-stream";
}

// A name that changes with its content: eight or more hex digits before the extension.
bool is_hashed(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  const std::string_view file = slash == std::string_view::npos ? name : name.substr(slash + 1);
  const std::size_t dot = file.find('.');
  std::size_t digits = 0;
  for (const char c : file.substr(0, file.rfind('.'))) {
    const bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    digits = is_digit ? digits + 1 : 0;
  }
  return dot != std::string_view::npos && digits >= 8;
}

}  // namespace

StaticFiles::StaticFiles() {
  constexpr std::string_view prefix = "web/";
  for (const EmbeddedFile& file : embedded_files_under(prefix)) {
    std::string path = "/" + std::string(file.name.substr(prefix.size()));
    if (path.ends_with(".br")) {
      assets_[path.substr(0, path.size() - 3)].brotli = file.text();
    } else if (path.ends_with(".gz")) {
      assets_[path.substr(0, path.size() - 3)].gzip = file.text();
    } else {
      assets_[path].plain = file.text();
    }
  }
  for (auto& [path, asset] : assets_) {
    asset.content_type = type_of(path);
    asset.is_immutable = is_hashed(path);
    const std::string_view content = asset.plain.empty() ? asset.brotli : asset.plain;
    asset.etag = "\"" + hex(sha256(content)).substr(0, 32) + "\"";
  }
}

std::string_view StaticFiles::plain_of(const Asset& asset) {
  if (!asset.plain.empty() || asset.brotli.empty()) return asset.plain;
  std::call_once(asset.made_plain->once, [&] { asset.made_plain->text = unpack_brotli(asset.brotli); });
  return asset.made_plain->text;
}

std::string_view StaticFiles::gzip_of(const Asset& asset) {
  if (!asset.plain.empty()) return asset.gzip;
  std::call_once(asset.made_gzip->once,
                 [&] { asset.made_gzip->text = gzip(plain_of(asset), smallest_gzip); });
  return asset.made_gzip->text;
}

Response StaticFiles::answer(const Asset& asset,
                             std::string_view accept_encoding,
                             std::string_view if_none_match) {
  Response response;
  response.with_header("ETag", asset.etag);
  response.with_header("Cache-Control",
                       asset.is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.with_header("Vary", "Accept-Encoding");
  if (has_current(if_none_match, asset.etag)) {
    response.status = 304;
    return response;
  }
  response.status = 200;
  response.content_type = asset.content_type;
  if (!asset.brotli.empty() && accepts_encoding(accept_encoding, "br")) {
    response.static_body = asset.brotli;
    response.with_header("Content-Encoding", "br");
  } else if (accepts_encoding(accept_encoding, "gzip") && !gzip_of(asset).empty()) {
    response.static_body = gzip_of(asset);
    response.with_header("Content-Encoding", "gzip");
  } else {
    response.static_body = plain_of(asset);
  }
  return response;
}

std::optional<Response> StaticFiles::find(std::string_view path,
                                          std::string_view accept_encoding,
                                          std::string_view if_none_match) const {
  if (const auto found = assets_.find(std::string(path)); found != assets_.end())
    return answer(found->second, accept_encoding, if_none_match);
  if (path == "/api" || path.starts_with("/api/")) return std::nullopt;
  if (path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos) return std::nullopt;
  const auto index = assets_.find("/index.html");
  if (index == assets_.end()) return std::nullopt;
  return answer(index->second, accept_encoding, if_none_match);
}

}  // namespace dits::http
