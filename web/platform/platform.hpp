// The seam between DITS and what it runs in. Two worlds implement it: the browser (emscripten.cpp) and a
// scripted one for tests (headless.hpp). Rooms above ask for a Platform& and never learn which.
//
// Everything that answers later does so through a callback, called between frames and never inside the call
// that asked (so that callers need not be re-entrant); a frame is requested after each. The ARIA mirror, text
// areas, touch, glyphs and the mark of what is drawn, which widgets use within a frame, have headers of their
// own: mirror.hpp, long_text.hpp, touch.hpp, glyphs.hpp, drawing.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/result.hpp"
#include "shared/core/time_zone.hpp"
#include "shared/markdown/writing.hpp"

namespace dits {

// A key as the keymap wants it. `key` is the produced character ("j", "J", "?", "é") or the name that
// browsers give
// ("Enter", "Escape", "ArrowDown", "F2", "Backspace", " "); a layout without Latin letters yields the Latin
// letter of the same place, so that shortcuts work in Cyrillic or Greek. `code` is the place on the keyboard
// ("KeyJ").
struct KeyPress {
  std::string key;
  std::string code;
  bool ctrl = false;
  bool shift = false;
  bool alt = false;
  bool meta = false;
  bool command = false;  // Ctrl, or ⌘ on a Mac: what "Ctrl+K" in the keymap means
  bool repeat = false;   // held down
  bool in_text = false;  // a text field has the caret: plain characters belong to it
};

// A file that the user pasted, dropped or chose.
struct GivenFile {
  std::string name;
  std::string bytes;
  std::string placeholder;  // what stands for it in the text area it was given to; empty: to none
  std::string problem;      // why there are no bytes: "cannot be read"
};

// What the app gives to the platform.
struct PlatformHooks {
  // Draws one frame: called between ImGui::NewFrame and ImGui::Render, sometimes several times an animation
  // frame.
  std::function<void()> frame = {};
  // The address bar changed: path and query, "/issues/128?q=is%3Aopen". Called once at the start, then after
  // navigate and after back and forward.
  std::function<void(const std::string&)> route_changed = {};
  // Whether the app took the key. A key taken reaches neither ImGui nor the browser; one left over goes to
  // both.
  std::function<bool(const KeyPress&)> key_pressed = {};
  // Called between frames.
  std::function<void(GivenFile)> file_given = {};
  // The tab goes into the background or away. Called at once, after the input so far: there may be no frame
  // any more, and nothing that runs later.
  std::function<void()> leaving = {};
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct FetchRequest {
  std::string method = "GET";
  std::string url;  // path and query of our own server
  Headers headers = {};
  std::string body = {};
  int timeout_ms = 30'000;
};

enum class FetchFailure { none, network, timeout, aborted };

struct FetchResponse {
  int status = 0;  // 0: there was no answer, `failure` says why
  FetchFailure failure = FetchFailure::none;
  Headers headers = {};  // names in lower case
  std::string body = {};

  // The value of a header ("etag"), or nothing.
  std::string_view header(std::string_view name) const;
};

struct ServerEvent {
  std::string id;    // the last id seen, also when this event brought none
  std::string name;  // "change"; "message" when the server named none; heartbeats are not handed on
  std::string data;
};

struct EventStreamHandlers {
  std::function<void()> opened = {};
  // Another tab of this browser holds the connection, and its events come here from now on: what happened
  // since the last event id must be asked for. Again after each change of who holds it.
  std::function<void()> joined = {};
  std::function<void(const ServerEvent&)> received = {};
  // The connection ended; `status` is what the server answered (401: signed out), 0 when nothing did. Unless
  // the handler closes the stream, it connects again by itself, with Last-Event-ID, after a growing pause and
  // at once on "online".
  std::function<void(int status)> lost = {};
};

// What the surroundings are like now. A change requests a frame.
struct Environment {
  std::string language = "en";  // BCP 47, "de-AT"
  bool dark = false;            // prefers-color-scheme
  bool reduced_motion = false;
  bool online = true;
  bool visible = true;  // the tab is in front
  bool mac = false;
  bool touch = false;     // the main pointer is a finger
  std::string origin;     // "https://dits.example": where the page comes from
  std::string time_zone;  // its name, "Europe/Vienna"; empty where nobody knows
};

// Of the last animation frame, for the developer overlay and the budgets of the browser tests.
struct FrameStats {
  int frames = 0;              // drawn since the start
  int skipped = 0;             // of these, without work for the GPU because nothing looked different
  double logic_ms = 0;         // hooks.frame and ImGui, all passes
  double render_ms = 0;        // handing over to WebGL
  double key_to_frame_ms = 0;  // from the last key or click to the end of the frame that answered it
};

using FetchId = int;
using EventStreamId = int;

class Platform {
 public:
  virtual ~Platform() = default;

  // Frames are drawn only on demand: the next `count` animation frames, or one after `ms`. Input, callbacks
  // and changes of the environment request frames by themselves; animations and clocks on screen must ask.
  virtual void request_frames(int count = 2) = 0;
  virtual void wake_after(int ms) = 0;
  virtual FrameStats frame_stats() const = 0;

  // Calls `action` once after `ms`, also while the tab is hidden. One that is called off asks for no frame
  // either; 0 names no timer, and one that has fired may be called off.
  using TimerId = int;
  virtual TimerId call_after(int ms, std::function<void()> action) = 0;
  virtual void call_off(TimerId timer) = 0;

  // Changes the address bar and calls route_changed before the next frame. Replacing leaves no entry for
  // "back".
  enum class History { push, replace };
  virtual void navigate(const std::string& path_and_query, History history = History::push) = 0;
  virtual void go_back() = 0;
  virtual void set_title(const std::string& title) = 0;

  // Sends a request to our own server with the session cookie. `done` is called exactly once.
  virtual FetchId fetch(FetchRequest request, std::function<void(FetchResponse)> done) = 0;
  // Ends a request early; `done` hears FetchFailure::aborted.
  virtual void abort(FetchId id) = 0;

  // Server-sent events from `url`, continuing after `last_event_id` unless empty. The tabs of a browser that
  // want the same share one connection, where the browser lets them agree on who holds it.
  virtual EventStreamId open_event_stream(const std::string& url,
                                          const std::string& last_event_id,
                                          EventStreamHandlers handlers) = 0;
  virtual void close_event_stream(EventStreamId id) = 0;

  // A store that survives the tab (IndexedDB), shared by the tabs of this origin; values of many MB are fine.
  // Where the browser denies it, values live as long as the tab, and `storage_is_durable` says so. A put is
  // there when `done` hears.
  using StoredEntries = std::vector<std::pair<std::string, std::string>>;
  virtual void storage_get(const std::string& key, std::function<void(std::optional<std::string>)> done) = 0;
  virtual void storage_list(const std::string& key_prefix,
                            std::function<void(StoredEntries)> done) = 0;  // by key
  virtual void storage_put(const std::string& key,
                           std::string value,
                           std::function<void(Result<void>)> done) = 0;
  virtual void storage_remove(const std::string& key, std::function<void(Result<void>)> done) = 0;
  // All whose keys begin so.
  virtual void storage_remove_all(const std::string& key_prefix, std::function<void(Result<void>)> done) = 0;
  virtual bool storage_is_durable() const = 0;
  // Called when the browser has taken the store away under the page, and a new one is there, empty.
  virtual void watch_storage(std::function<void()> was_taken_away) = 0;

  // The name of this tab: the same after a reload, and of no other tab that lives. It is told again when it
  // is another one: others may have taken a tab for ended that was frozen for long (where browsers give no
  // locks).
  virtual void claim_tab(std::function<void(std::string)> told) = 0;
  // Whether the tab of this name has ended. Then its name is ours as long as we live, so that nobody else is
  // told the same.
  virtual void claim_ended_tab(const std::string& tab, std::function<void(bool)> done) = 0;

  // Says something to the other tabs of this origin that listen; whoever is not there hears nothing.
  virtual void tell_tabs(const std::string& text) = 0;
  virtual void hear_tabs(std::function<void(const std::string&)> heard) = 0;

  // The browser keeps the program, so that it starts without the server, where browsers do that: from the
  // first picture on, and never on plain http to another machine. `found` is called when a version is there
  // that is another one than the one that runs; again for each.
  virtual void watch_versions(std::function<void()> found) = 0;
  // Asks the server for one.
  virtual void look_for_version() = 0;
  // Begins the page anew, in the newest version that is here.
  virtual void load_version() = 0;

  // Puts text on the clipboard. Within the handling of a key or click browsers allow it everywhere, plain
  // http included.
  virtual void copy_text(const std::string& text) = 0;

  // In the text area that has or had the caret (long_text.hpp), each one step of its own undo. What stands
  // before the caret, if it is `before`, becomes `written`; the caret then goes back by so many characters.
  virtual void write_in_place(const std::string& before, const std::string& written, std::size_t back) = 0;
  virtual void type_stroke(markdown::Stroke stroke) = 0;

  virtual Timestamp now() const = 0;
  virtual double monotonic_ms() const = 0;
  // The user's.
  virtual TimeZone time_zone() = 0;
  // Unpredictable bits, for ids.
  virtual std::uint64_t random_bits() = 0;

  virtual const Environment& environment() const = 0;

  // Saves bytes as a file of the user's.
  virtual void download(const std::string& file_name,
                        const std::string& mime_type,
                        std::string_view bytes) = 0;
  // Saves what our own server has at this path.
  virtual void save_url(const std::string& url, const std::string& file_name) = 0;
  // Lets the user choose files, within the handling of a key or click; they come to hooks.file_given.
  virtual void pick_files() = 0;
  // Opens a page of someone else's in a tab of its own; only http, https and mailto.
  virtual void open_external(const std::string& url) = 0;
};

}  // namespace dits
