// The browser's services: address bar, requests, streams, storage, clock. Frames, input and glyphs are in
// emscripten_*.cpp, the JavaScript beneath in library*.js.
#include <utility>

#include <emscripten.h>

#include "web/platform/browser.hpp"
#include "web/platform/emscripten_bridge.hpp"

namespace dits {

namespace {

// Takes the callback of `handle` out of `waiting`, so that it runs once.
template <typename Map>
auto take(Map& waiting, int handle) {
  typename Map::mapped_type found{};
  if (const auto entry = waiting.find(handle); entry != waiting.end()) {
    found = std::move(entry->second);
    waiting.erase(entry);
  }
  return found;
}

// "name\x1fvalue\x1e…"
std::string headers_text(const Headers& headers) {
  std::string text;
  for (const auto& [name, value] : headers) text += name + '\x1f' + value + '\x1e';
  return text;
}

Headers headers_from(std::string_view text) {
  Headers headers;
  while (!text.empty()) {
    const std::size_t end = text.find('\x1e');
    const std::string_view entry = text.substr(0, end);
    const std::size_t split = entry.find('\x1f');
    headers.emplace_back(entry.substr(0, split), entry.substr(split + 1));
    text.remove_prefix(end + 1);
  }
  return headers;
}

BrowserPlatform* the_browser = nullptr;

}  // namespace

BrowserPlatform& browser() { return *the_browser; }

Result<BrowserPlatform*> BrowserPlatform::open() {
  static BrowserPlatform platform;
  the_browser = &platform;
  if (!open_graphics()) return unavailable("This browser offers no WebGL 2, which DITS draws with.");
  connect_text_input();
  return &platform;
}

void BrowserPlatform::start(PlatformHooks hooks) {
  hooks_ = std::move(hooks);
  listen_to_input();
  web_start();
}

void BrowserPlatform::when_fonts_arrive(std::function<void(std::string)> arrived) {
  fonts_wanted_ = std::move(arrived);
  web_fonts();
}

void BrowserPlatform::fonts_arrived(std::string fonts) {
  fonts_wanted_(std::move(fonts));
  request_frames();
}

void BrowserPlatform::request_frames(int count) { request_animation_frames(count); }

void BrowserPlatform::wake_after(int ms) { web_wake_after(ms); }

Platform::TimerId BrowserPlatform::call_after(int ms, std::function<void()> action) {
  const int handle = next_handle();
  timers_.emplace(handle, std::move(action));
  web_call_after(handle, ms);
  return handle;
}

void BrowserPlatform::timer_fired(int handle) {
  const auto action = take(timers_, handle);
  if (!action) return;
  action();
  request_frames();
}

void BrowserPlatform::navigate(const std::string& path_and_query, History history) {
  web_navigate(path_and_query.c_str(), history == History::replace);
  queue_.emplace_back([this, path_and_query] { hooks_.route_changed(path_and_query); });
  request_frames();
}

void BrowserPlatform::go_back() { web_go_back(); }
void BrowserPlatform::set_title(const std::string& title) { web_set_title(title.c_str()); }

void BrowserPlatform::route_changed(std::string path_and_query) {
  queue_.emplace_back([this, path = std::move(path_and_query)] { hooks_.route_changed(path); });
  request_frames();
}

void BrowserPlatform::run_queue() {
  while (!queue_.empty()) {
    for (const auto& action : std::exchange(queue_, {})) action();
  }
}

void BrowserPlatform::environment_changed(Environment environment) {
  environment_ = std::move(environment);
  request_frames();
}

// ---- requests and streams

FetchId BrowserPlatform::fetch(FetchRequest request, std::function<void(FetchResponse)> done) {
  const int handle = next_handle();
  fetches_.emplace(handle, std::move(done));
  web_fetch(handle,
            request.method.c_str(),
            request.url.c_str(),
            headers_text(request.headers).c_str(),
            request.body.data(),
            static_cast<int>(request.body.size()),
            request.timeout_ms);
  return handle;
}

void BrowserPlatform::abort(FetchId id) { web_abort(id); }

void BrowserPlatform::fetched(int handle, FetchResponse response) {
  if (const auto done = take(fetches_, handle)) done(std::move(response));
  request_frames();
}

EventStreamId BrowserPlatform::open_event_stream(const std::string& url,
                                                 const std::string& last_event_id,
                                                 EventStreamHandlers handlers) {
  const int handle = next_handle();
  streams_.emplace(handle, std::move(handlers));
  web_open_stream(handle, url.c_str(), last_event_id.c_str());
  return handle;
}

void BrowserPlatform::close_event_stream(EventStreamId id) {
  if (streams_.erase(id) > 0) web_close_stream(id);
}

// A handler may close its stream: it is copied, so that it outlives the entry.
void BrowserPlatform::stream_opened(int handle) {
  const auto found = streams_.find(handle);
  if (found == streams_.end() || !found->second.opened) return;
  const auto opened = found->second.opened;
  opened();
  request_frames();
}

void BrowserPlatform::stream_joined(int handle) {
  const auto found = streams_.find(handle);
  if (found == streams_.end() || !found->second.joined) return;
  const auto joined = found->second.joined;
  joined();
  request_frames();
}

void BrowserPlatform::stream_event(int handle, const ServerEvent& event) {
  const auto found = streams_.find(handle);
  if (found == streams_.end() || !found->second.received) return;
  const auto received = found->second.received;
  received(event);
  request_frames();
}

void BrowserPlatform::stream_lost(int handle, int status) {
  const auto found = streams_.find(handle);
  if (found == streams_.end() || !found->second.lost) return;
  const auto lost = found->second.lost;
  lost(status);
  request_frames();
}

// ---- storage

void BrowserPlatform::storage_get(const std::string& key,
                                  std::function<void(std::optional<std::string>)> done) {
  const int handle = next_handle();
  gets_.emplace(handle, std::move(done));
  web_storage_get(handle, key.c_str());
}

void BrowserPlatform::storage_value(int handle, std::optional<std::string> value) {
  if (const auto done = take(gets_, handle)) done(std::move(value));
  request_frames();
}

void BrowserPlatform::storage_list(const std::string& key_prefix, std::function<void(StoredEntries)> done) {
  const int handle = next_handle();
  listings_.emplace(handle, Listing{{}, std::move(done)});
  web_storage_list(handle, key_prefix.c_str());
}

void BrowserPlatform::storage_entry(int handle, std::string key, std::string value) {
  listings_[handle].entries.emplace_back(std::move(key), std::move(value));
}

void BrowserPlatform::storage_listed(int handle) {
  Listing listing = take(listings_, handle);
  if (listing.done) listing.done(std::move(listing.entries));
  request_frames();
}

void BrowserPlatform::storage_put(const std::string& key,
                                  std::string value,
                                  std::function<void(Result<void>)> done) {
  const int handle = next_handle();
  puts_.emplace(handle, std::move(done));
  web_storage_put(handle, key.c_str(), value.data(), static_cast<int>(value.size()));
}

void BrowserPlatform::storage_remove(const std::string& key, std::function<void(Result<void>)> done) {
  const int handle = next_handle();
  puts_.emplace(handle, std::move(done));
  web_storage_remove(handle, key.c_str());
}

void BrowserPlatform::storage_remove_all(const std::string& key_prefix,
                                         std::function<void(Result<void>)> done) {
  const int handle = next_handle();
  puts_.emplace(handle, std::move(done));
  web_storage_clear(handle, key_prefix.c_str());
}

void BrowserPlatform::watch_storage(std::function<void()> was_taken_away) {
  storage_lost_ = std::move(was_taken_away);
}

void BrowserPlatform::storage_taken_away() {
  if (storage_lost_) storage_lost_();
  request_frames();
}

void BrowserPlatform::stored(int handle, std::string_view problem) {
  const auto done = take(puts_, handle);
  if (!done) return;
  done(problem.empty() ? Result<void>() : Result<void>(unavailable(std::string(problem))));
  request_frames();
}

bool BrowserPlatform::storage_is_durable() const { return web_storage_is_durable(); }

void BrowserPlatform::tell_tabs(const std::string& text) { web_tell_tabs(text.c_str()); }

void BrowserPlatform::hear_tabs(std::function<void(const std::string&)> heard) {
  heard_ = std::move(heard);
  web_hear_tabs();
}

void BrowserPlatform::told(const std::string& text) {
  if (heard_) heard_(text);
  request_frames();
}

void BrowserPlatform::claim_tab(std::function<void(std::string)> told) {
  own_claim_ = next_handle();
  claims_.emplace(own_claim_, std::move(told));
  web_claim_tab(own_claim_);
}

void BrowserPlatform::claim_ended_tab(const std::string& tab, std::function<void(bool)> done) {
  const int handle = next_handle();
  claims_.emplace(handle, [done = std::move(done)](const std::string& ended) { done(!ended.empty()); });
  web_claim_ended_tab(handle, tab.c_str());
}

void BrowserPlatform::claimed(int handle, std::string tab) {
  const auto told = handle == own_claim_ ? claims_[handle] : take(claims_, handle);
  if (told) told(std::move(tab));
  request_frames();
}

void BrowserPlatform::version_found() {
  if (version_found_) version_found_();
  request_frames();
}

void BrowserPlatform::look_for_version() { web_look_for_version(); }

void BrowserPlatform::load_version() { web_load_version(); }

// ---- the rest of the world

void BrowserPlatform::leaving() {
  run_logic();  // what was typed since the last frame
  if (hooks_.leaving) hooks_.leaving();
}

void BrowserPlatform::copy_text(const std::string& text) { web_copy(text.c_str()); }

void BrowserPlatform::type_stroke(markdown::Stroke stroke) { web_area_stroke(static_cast<int>(stroke)); }

void BrowserPlatform::write_in_place(const std::string& before,
                                     const std::string& written,
                                     std::size_t back) {
  web_area_write_in_place(before.c_str(), written.c_str(), static_cast<int>(back));
}

Timestamp BrowserPlatform::now() const { return {static_cast<std::int64_t>(web_now())}; }

double BrowserPlatform::monotonic_ms() const { return emscripten_get_now(); }

TimeZone BrowserPlatform::time_zone() {
  const auto offset_at = [](Timestamp time) { return web_utc_offset(static_cast<double>(time.unix_ms)); };
  // Whoever travels, or changes the machine's zone, is noticed by its name and by the offset.
  const Timestamp present = now();
  const bool is_another = std::exchange(zone_name_, environment_.time_zone) != environment_.time_zone;
  if (!zone_ || is_another || zone_->offset_minutes_at(present) != offset_at(present)) {
    constexpr std::int64_t years_ms = 366 * ms_per_day;
    zone_ = TimeZone::observed(
        Timestamp{present.unix_ms - 30 * years_ms}, Timestamp{present.unix_ms + 5 * years_ms}, offset_at);
  }
  return *zone_;
}

std::uint64_t BrowserPlatform::random_bits() {
  std::uint64_t bits = 0;
  web_random(&bits, sizeof bits);
  return bits;
}

void BrowserPlatform::download(const std::string& file_name,
                               const std::string& mime_type,
                               std::string_view bytes) {
  web_download(file_name.c_str(), mime_type.c_str(), bytes.data(), static_cast<int>(bytes.size()));
}

void BrowserPlatform::save_url(const std::string& url, const std::string& file_name) {
  web_save_url(url.c_str(), file_name.c_str());
}

void BrowserPlatform::pick_files() { web_pick_files(); }

void BrowserPlatform::file_given(GivenFile file) {
  queue_.emplace_back([this, file = std::move(file)] {
    if (hooks_.file_given) hooks_.file_given(file);
  });
  request_frames();
}

void BrowserPlatform::open_external(const std::string& url) {
  const bool is_own = url.starts_with('/') && !url.starts_with("//");
  for (const std::string_view scheme : {"https://", "http://", "mailto:"}) {
    if (is_own || url.starts_with(scheme)) return web_open_external(url.c_str());
  }
}

}  // namespace dits

// ---- called by library*.js

extern "C" {

EMSCRIPTEN_KEEPALIVE void platform_route(const char* path_and_query) {
  dits::browser().route_changed(path_and_query);
}

EMSCRIPTEN_KEEPALIVE void platform_environment(const char* language,
                                               bool dark,
                                               bool reduced_motion,
                                               bool touch,
                                               bool online,
                                               bool visible,
                                               bool mac,
                                               const char* origin,
                                               const char* time_zone) {
  dits::browser().environment_changed(
      {language, dark, reduced_motion, online, visible, mac, touch, origin, time_zone});
}

EMSCRIPTEN_KEEPALIVE void platform_file(
    const char* name, const char* placeholder, const char* problem, const char* bytes, int size) {
  dits::browser().file_given(
      {name, std::string(bytes, static_cast<std::size_t>(size)), placeholder, problem});
}

EMSCRIPTEN_KEEPALIVE void platform_timer(int handle) { dits::browser().timer_fired(handle); }

EMSCRIPTEN_KEEPALIVE void platform_fonts(const char* bytes, int size) {
  dits::browser().fonts_arrived({bytes, static_cast<std::size_t>(size)});
}

EMSCRIPTEN_KEEPALIVE void platform_fetched(
    int handle, int failure, int status, const char* headers, const char* body, int size) {
  dits::browser().fetched(handle,
                          {status,
                           static_cast<dits::FetchFailure>(failure),
                           dits::headers_from(headers),
                           std::string(body, static_cast<std::size_t>(size))});
}

EMSCRIPTEN_KEEPALIVE void platform_stream_opened(int handle) { dits::browser().stream_opened(handle); }

EMSCRIPTEN_KEEPALIVE void platform_stream_joined(int handle) { dits::browser().stream_joined(handle); }

EMSCRIPTEN_KEEPALIVE void platform_stream_event(int handle,
                                                const char* id,
                                                const char* name,
                                                const char* data) {
  dits::browser().stream_event(handle, {id, name, data});
}

EMSCRIPTEN_KEEPALIVE void platform_stream_lost(int handle, int status) {
  dits::browser().stream_lost(handle, status);
}

EMSCRIPTEN_KEEPALIVE void platform_storage_value(int handle, bool found, const char* value, int size) {
  std::optional<std::string> text;
  if (found) text.emplace(value, static_cast<std::size_t>(size));
  dits::browser().storage_value(handle, std::move(text));
}

EMSCRIPTEN_KEEPALIVE void platform_storage_entry(int handle, const char* key, const char* value, int size) {
  dits::browser().storage_entry(handle, key, std::string(value, static_cast<std::size_t>(size)));
}

EMSCRIPTEN_KEEPALIVE void platform_storage_listed(int handle) { dits::browser().storage_listed(handle); }

EMSCRIPTEN_KEEPALIVE void platform_stored(int handle, const char* problem) {
  dits::browser().stored(handle, problem);
}

EMSCRIPTEN_KEEPALIVE void platform_storage_taken_away() { dits::browser().storage_taken_away(); }

EMSCRIPTEN_KEEPALIVE void platform_told(const char* text) { dits::browser().told(text); }

EMSCRIPTEN_KEEPALIVE void platform_claimed(int handle, const char* tab) {
  dits::browser().claimed(handle, tab);
}

EMSCRIPTEN_KEEPALIVE void platform_version_found() { dits::browser().version_found(); }

EMSCRIPTEN_KEEPALIVE void platform_leaving() { dits::browser().leaving(); }
}
