// The platform of tests: no browser, no window, no clock but the one the test moves. Screens are drawn with
// Dear ImGui into nowhere, and what they tell the mirror is read as text.
//
//   HeadlessPlatform platform;
//   platform.start({.frame = [&] { labels_screen(state, outbox); }});
//   platform.click("button", "New label");
//   platform.type("bug");
//   CHECK(platform.mirror_text() == "...");
//
// Every action draws frames until nothing asks for one, so the text read afterwards is settled.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "web/platform/platform.hpp"

struct ImGuiContext;

namespace dits {

class HeadlessPlatform : public Platform {
 public:
  // Makes a Dear ImGui context of its own and makes it the current one; fonts are the caller's to add before
  // start.
  explicit HeadlessPlatform(float width = 1440, float height = 900);
  ~HeadlessPlatform() override;
  HeadlessPlatform(const HeadlessPlatform&) = delete;
  HeadlessPlatform& operator=(const HeadlessPlatform&) = delete;

  // Calls route_changed with `route`, where it is given, and draws.
  void start(PlatformHooks hooks, const std::string& route = "/");

  // ---- what the user does
  void click(std::string_view role, std::string_view name);  // with the mouse, in the middle of the node
  void double_click(std::string_view role, std::string_view name);
  void activate(std::string_view role, std::string_view name);  // as a screen reader does
  void fill(std::string_view role, std::string_view name, std::string_view value);
  void drag(std::string_view role, std::string_view name, std::string_view to_role, std::string_view to_name);
  // The same until the button goes up again.
  void hold(std::string_view role, std::string_view name, std::string_view to_role, std::string_view to_name);
  void release();
  void click_at(float x, float y, int button = 0);
  void move_mouse(float x, float y);
  void scroll(float x, float y, float wheel_y);
  // "j", "?", "Enter", "Shift+Tab", "Ctrl+K", "ArrowDown"; a sequence is several calls.
  void press(std::string_view key);
  void press_at_once(const std::vector<std::string_view>& keys);  // before the next frame
  void type(std::string_view text);                               // characters into what has the caret
  void resize(float width, float height);
  void go_to(const std::string& path_and_query);  // as the address bar does
  void give_file(GivenFile file);                 // as a paste, a drop or a choice does

  // ---- what the user finds
  // A line a node, two spaces a level:  button "New issue" [disabled]
  std::string mirror_text() const;
  bool sees(std::string_view role, std::string_view name) const;
  // How many nodes have this role.
  int count(std::string_view role) const;
  std::string value_of(std::string_view role, std::string_view name) const;
  std::string title() const { return title_; }
  std::string location() const;
  std::string copied() const { return copied_; }
  const std::vector<std::string>& announced() const { return announced_; }

  // ---- the world, as the test wants it
  // Answers requests; without one each gets no answer (FetchFailure::network). Answers arrive before the next
  // frame.
  std::function<FetchResponse(const FetchRequest&)> server;
  // Holds answers back until deliver_answers(), to test what shows meanwhile.
  bool hold_answers = false;
  // Only those whose address contains `url_part`.
  void deliver_answers(std::string_view url_part = {});
  const std::vector<FetchRequest>& requests() const { return requests_; }
  struct OpenStream {
    EventStreamId id;
    std::string url;
    std::string last_event_id;
    EventStreamHandlers handlers;
  };
  const std::vector<OpenStream>& streams() const { return streams_; }
  void send_event(const ServerEvent& event);  // to every open stream
  void lose_streams(int status);              // then, unless closed, they open again
  void advance(int ms);                       // moves the clock, fires what is due, draws
  void set_now(Timestamp now) { now_ = now; }
  Environment& change_environment() { return environment_; }
  std::map<std::string, std::string>& storage() { return *storage_; }
  // Two tabs of one browser: they share what is stored and hear each other.
  void share_storage(HeadlessPlatform& with);
  bool storage_is_full = false;  // nothing can be put any more
  void take_storage_away();      // as another page does that deletes the database
  void find_version();           // the browser has fetched another version of the program
  int versions_asked = 0;        // times that the server was to be asked for one
  int versions_loaded = 0;       // times that the page was to begin anew
  bool is_durable = true;
  std::string tab = "tab-1";               // its name
  void rename_tab(std::string name);       // as when it was frozen, and another one has taken its name
  std::set<std::string> living_tabs;       // the names of others
  void leave() { change_visible(false); }  // into the background, without a frame
  void come_back() { change_visible(true); }
  void draw();  // until settled, at most 50 frames

  // ---- Platform
  void request_frames(int count = 2) override;
  void wake_after(int ms) override;
  FrameStats frame_stats() const override { return stats_; }
  TimerId call_after(int ms, std::function<void()> action) override;
  void call_off(TimerId timer) override;
  void navigate(const std::string& path_and_query, History history = History::push) override;
  void go_back() override;
  void set_title(const std::string& title) override { title_ = title; }
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
  bool storage_is_durable() const override { return is_durable; }
  void watch_storage(std::function<void()> was_taken_away) override {
    storage_lost_ = std::move(was_taken_away);
  }
  void tell_tabs(const std::string& text) override;
  void hear_tabs(std::function<void(const std::string&)> heard) override { heard_ = std::move(heard); }
  void claim_tab(std::function<void(std::string)> told) override;
  void claim_ended_tab(const std::string& name, std::function<void(bool)> done) override;
  void watch_versions(std::function<void()> found) override { version_found_ = std::move(found); }
  void look_for_version() override { ++versions_asked; }
  void load_version() override { ++versions_loaded; }
  void copy_text(const std::string& text) override { copied_ = text; }
  void write_in_place(const std::string& before, const std::string& written, std::size_t back) override;
  void type_stroke(markdown::Stroke stroke) override;
  Timestamp now() const override { return now_; }
  double monotonic_ms() const override { return monotonic_ms_; }
  TimeZone time_zone() override { return zone; }
  std::uint64_t random_bits() override;
  const Environment& environment() const override { return environment_; }
  void download(const std::string& file_name, const std::string& mime_type, std::string_view bytes) override;
  void save_url(const std::string& url, const std::string&) override { opened_ = url; }
  void pick_files() override { ++files_asked; }
  void open_external(const std::string& url) override { opened_ = url; }

  TimeZone zone;
  std::string downloaded_name, downloaded_bytes;
  int files_asked = 0;  // times that a choice of files was offered
  const std::string& opened() const { return opened_; }

 private:
  struct Pending {
    FetchId id;
    FetchRequest request;
    std::function<void(FetchResponse)> done;
  };
  struct Timer {
    TimerId id;
    double due_ms;
    std::function<void()> action;
  };
  struct Point {
    float x, y;
  };
  void queue_key(const KeyPress& press);

  void frame();
  void change_visible(bool visible);
  void run_queue();
  Point middle_of(std::string_view role, std::string_view name) const;
  void press_mouse(Point at, int button, int times);

  ImGuiContext* context_ = nullptr;
  PlatformHooks hooks_;
  int wanted_frames_ = 0;
  FrameStats stats_;
  std::vector<std::function<void()>> queue_;  // callbacks that are due before the next frame
  std::vector<Timer> timers_;
  TimerId last_timer_ = 0;
  std::vector<std::string> history_{"/"};
  std::string title_, copied_, opened_;
  std::vector<std::string> announced_;
  std::vector<FetchRequest> requests_;
  std::vector<Pending> pending_;
  std::vector<OpenStream> streams_;
  std::shared_ptr<std::map<std::string, std::string>> storage_ =
      std::make_shared<std::map<std::string, std::string>>();
  std::shared_ptr<std::set<HeadlessPlatform*>> tabs_;  // of this browser; null while it has one
  std::function<void(std::string)> tab_told_;
  std::function<void()> storage_lost_;
  std::function<void()> version_found_;
  std::function<void(const std::string&)> heard_;
  Environment environment_;
  Timestamp now_{1'750'000'000'000};
  double monotonic_ms_ = 0;
  int next_id_ = 1;
  std::uint64_t random_state_ = 1;
};

// What drawing.hpp says of ends of the program, as tests want it.
struct EndedDrawings {
  std::set<std::string> names;     // the program ended while these were drawn
  std::vector<std::string> begun;  // what was drawn, in order
};
EndedDrawings& ended_drawings();

}  // namespace dits
