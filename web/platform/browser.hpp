// The browser as a Platform. Only main.cpp makes it; everyone else sees Platform.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "web/platform/platform.hpp"

namespace dits {

class BrowserPlatform : public Platform {
 public:
  // Takes the canvas and makes the Dear ImGui context; fonts are the caller's to add before start.
  // Errors: unavailable, when there is no WebGL 2.
  static Result<BrowserPlatform*> open();

  // The fonts that the page asked for together with the program, between two frames; later, or never, where
  // they are late. Call once.
  void when_fonts_arrive(std::function<void(std::string)> arrived);

  // Calls route_changed with the address and begins to draw.
  void start(PlatformHooks hooks);

  void request_frames(int count = 2) override;
  void wake_after(int ms) override;
  FrameStats frame_stats() const override;
  TimerId call_after(int ms, std::function<void()> action) override;
  void call_off(TimerId timer) override { timers_.erase(timer); }
  void navigate(const std::string& path_and_query, History history = History::push) override;
  void go_back() override;
  void set_title(const std::string& title) override;
  FetchId fetch(FetchRequest request, std::function<void(FetchResponse)> done) override;
  void abort(FetchId id) override;
  EventStreamId open_event_stream(const std::string& url,
                                  const std::string& last_event_id,
                                  EventStreamHandlers handlers) override;
  void close_event_stream(EventStreamId id) override;
  void storage_get(const std::string& key, std::function<void(std::optional<std::string>)> done) override;
  void storage_list(const std::string& key_prefix, std::function<void(StoredEntries)> done) override;
  void storage_put(const std::string& key,
                   std::string value,
                   std::function<void(Result<void>)> done) override;
  void storage_remove(const std::string& key, std::function<void(Result<void>)> done) override;
  void storage_remove_all(const std::string& key_prefix, std::function<void(Result<void>)> done) override;
  bool storage_is_durable() const override;
  void watch_storage(std::function<void()> was_taken_away) override;
  void tell_tabs(const std::string& text) override;
  void hear_tabs(std::function<void(const std::string&)> heard) override;
  void claim_tab(std::function<void(std::string)> done) override;
  void claim_ended_tab(const std::string& tab, std::function<void(bool)> done) override;
  void watch_versions(std::function<void()> found) override { version_found_ = std::move(found); }
  void look_for_version() override;
  void load_version() override;
  void copy_text(const std::string& text) override;
  void write_in_place(const std::string& before, const std::string& written, std::size_t back) override;
  void type_stroke(markdown::Stroke stroke) override;
  Timestamp now() const override;
  double monotonic_ms() const override;
  TimeZone time_zone() override;
  std::uint64_t random_bits() override;
  const Environment& environment() const override { return environment_; }
  void download(const std::string& file_name, const std::string& mime_type, std::string_view bytes) override;
  void save_url(const std::string& url, const std::string& file_name) override;
  void pick_files() override;
  void open_external(const std::string& url) override;

  // ---- what the browser tells; called by the exported functions of this room only
  const PlatformHooks& hooks() const { return hooks_; }
  void route_changed(std::string path_and_query);
  void environment_changed(Environment environment);
  void file_given(GivenFile file);
  void timer_fired(int handle);
  void fonts_arrived(std::string fonts);
  void fetched(int handle, FetchResponse response);
  void stream_opened(int handle);
  void stream_joined(int handle);
  void stream_event(int handle, const ServerEvent& event);
  void stream_lost(int handle, int status);
  void storage_value(int handle, std::optional<std::string> value);
  void storage_entry(int handle, std::string key, std::string value);
  void storage_listed(int handle);
  void stored(int handle, std::string_view problem);
  void storage_taken_away();
  void told(const std::string& text);         // by another tab
  void claimed(int handle, std::string tab);  // empty: it lives
  void version_found();
  void leaving();
  // Runs what waits for the time between frames.
  void run_queue();

 private:
  struct Listing {
    StoredEntries entries;
    std::function<void(StoredEntries)> done;
  };

  BrowserPlatform() = default;
  int next_handle() { return ++last_handle_; }

  PlatformHooks hooks_;
  std::function<void(std::string)> fonts_wanted_;
  Environment environment_;
  std::optional<TimeZone> zone_;
  std::string zone_name_;  // of that
  int last_handle_ = 0;
  std::vector<std::function<void()>> queue_;
  std::unordered_map<int, std::function<void()>> timers_;
  std::unordered_map<int, std::function<void(FetchResponse)>> fetches_;
  std::unordered_map<int, EventStreamHandlers> streams_;
  std::unordered_map<int, std::function<void(std::optional<std::string>)>> gets_;
  std::unordered_map<int, Listing> listings_;
  std::unordered_map<int, std::function<void(Result<void>)>> puts_;
  std::unordered_map<int, std::function<void(std::string)>> claims_;
  int own_claim_ = 0;  // that of this tab, which may be answered more than once
  std::function<void()> storage_lost_;
  std::function<void()> version_found_;
  std::function<void(const std::string&)> heard_;
};

// The one that open() made.
BrowserPlatform& browser();

}  // namespace dits
