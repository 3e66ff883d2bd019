// zlib, zstd and brotli behind compress() and unpack_brotli().
#include "server/http/compression.hpp"

#include <memory>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include "server/http/request_head.hpp"
#include "shared/core/text.hpp"

namespace dits::http {
namespace {

constexpr std::size_t min_bytes = 1024;
constexpr int thorough_gzip = 6;
constexpr int zstd_level = 6;
constexpr std::size_t zstd_block = 8192;

bool is_large(std::string_view content_type) { return content_type.starts_with("application/vnd.dits."); }

bool is_compressible(std::string_view content_type) {
  return is_large(content_type) || content_type.starts_with("application/json") ||
         content_type.starts_with("application/problem+json") || content_type.starts_with("text/");
}

bool is_zero_quality(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return false;
  const std::string_view value = trim(parameters.substr(at + 2));
  return value.starts_with('0') && value.find_first_of("123456789") == std::string_view::npos;
}

// Blocks are short, each with codes of its own: a column of random bits and one of words have little in
// common.
std::string zstd(std::string_view bytes) {
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  if (!context) return {};
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, zstd_level);
  ZSTD_CCtx_setPledgedSrcSize(context.get(), bytes.size());
  std::string out(ZSTD_compressBound(bytes.size()) + bytes.size() / 64, '\0');
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  for (std::size_t at = 0; at < bytes.size(); at += zstd_block) {
    const std::string_view block = bytes.substr(at, zstd_block);
    ZSTD_inBuffer from{block.data(), block.size(), 0};
    const bool is_last = at + block.size() == bytes.size();
    // Zero: all of it is out.
    if (ZSTD_compressStream2(context.get(), &to, &from, is_last ? ZSTD_e_end : ZSTD_e_flush) != 0) return {};
  }
  out.resize(to.pos);
  return out;
}

}  // namespace

bool accepts_encoding(std::string_view list, std::string_view encoding) {
  bool takes_any = false;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view item = list.substr(0, comma);
    const std::size_t semicolon = item.find(';');
    const std::string_view name = trim(item.substr(0, semicolon));
    const bool is_refused =
        semicolon != std::string_view::npos && is_zero_quality(item.substr(semicolon + 1));
    if (equals_ignoring_case(name, encoding)) return !is_refused;
    if (name == "*") takes_any = !is_refused;
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return takes_any;
}

std::string gzip(std::string_view bytes, int level) {
  // In gzip's own frame; the fastest level does with 16 KB of history.
  const int gzip_window = 16 + (level == fastest_gzip ? 14 : 15);
  const int memory_level = level == fastest_gzip ? 7 : 9;
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    return {};
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in =
      reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib's interface; it only reads
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return status == Z_STREAM_END ? out : std::string{};
}

std::string unpack_brotli(std::string_view bytes) {
  const std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance);
  if (!state) return {};
  const auto* next = reinterpret_cast<const std::uint8_t*>(bytes.data());
  std::size_t left = bytes.size();
  std::string out;
  BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
  while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
    std::size_t room = 0;
    result = BrotliDecoderDecompressStream(state.get(), &left, &next, &room, nullptr, nullptr);
    std::size_t size = 0;  // all there is
    const std::uint8_t* made = BrotliDecoderTakeOutput(state.get(), &size);
    out.append(reinterpret_cast<const char*>(made), size);
  }
  return result == BROTLI_DECODER_RESULT_SUCCESS ? out : std::string{};
}

void compress(Response& response, std::string_view accept_encoding) {
  if (response.body.size() < min_bytes || response.stream || !is_compressible(response.content_type)) return;
  for (const auto& [name, value] : response.headers) {
    // A body with a fresh secret in it, or one that is encoded already, stays as it is.
    if (equals_ignoring_case(name, "set-cookie") || equals_ignoring_case(name, "content-encoding")) return;
  }
  response.with_header("Vary", "Accept-Encoding");
  std::string small;
  std::string_view encoding = "gzip";
  if (is_large(response.content_type) && accepts_encoding(accept_encoding, "zstd")) {
    encoding = "zstd";
    small = zstd(response.body);
  } else if (accepts_encoding(accept_encoding, "gzip")) {
    small = gzip(response.body, is_large(response.content_type) ? thorough_gzip : fastest_gzip);
  }
  if (small.empty() || small.size() >= response.body.size()) return;
  response.body = std::move(small);
  response.with_header("Content-Encoding", std::string(encoding));
}

}  // namespace dits::http
