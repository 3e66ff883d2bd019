// The way to the server and to the browser's storage: who is signed in, the snapshot and what changes after
// it, writes in order, texts that are loaded when they are looked at. Everything that arrives goes to the
// listener as changes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "shared/json/sync_json.hpp"
#include "shared/snapshot/page.hpp"
#include "web/api/client.hpp"
#include "web/api/write_queue.hpp"
#include "web/platform/platform.hpp"
#include "web/store/change.hpp"
#include "web/store/forms.hpp"
#include "web/store/insights.hpp"
#include "web/store/state.hpp"
#include "web/store/studio.hpp"

namespace dits::web {

class GatewayListener {
 public:
  virtual ~GatewayListener() = default;
  virtual void arrived(const std::vector<Change>& changes) = 0;
  // The server did what belongs to this undo step, as this change of the log.
  virtual void confirmed(std::uint64_t undo_token, std::int64_t change_id) = 0;
  virtual void refused(const std::vector<std::uint64_t>& undo_tokens) = 0;
  // The server did not take back these changes, but may yet: they belong on the stack again.
  virtual void undo_refused(const std::string& title, const std::vector<std::int64_t>& change_ids) = 0;
  // It was deleted for ever: nothing of it is kept here either.
  virtual void gone_for_ever(const Uuid& id) = 0;
  virtual void found_undo(const std::string& text) = 0;  // kept by keep_undo, of this tab or one that ended
};

class Gateway {
 public:
  // `state` is read only; `listener` changes it. Both outlive the gateway.
  Gateway(Platform& platform, const State& state, GatewayListener& listener);

  void start();
  // Follows the connection of the browser; every frame.
  void tick();
  Ticked clock();
  EnvironmentChanged surroundings() const;

  // ---- writes
  void enqueue(Write write);
  std::string new_key();
  // One after the other, the last first. `title`: of the step, empty when it is on no stack; `rollback`: what
  // takes back what is shown already.
  void undo_of_log(std::vector<std::int64_t> change_ids, std::string title, std::vector<Change> rollback);

  // ---- what is looked at
  void look_at(IssueId id);  // text, comments, links and history, when the cursor rests on it
  void find_texts(const std::vector<std::string>& texts);
  void load_trash();

  // ---- files
  // Sends a file that shall hang on the issue. `done` hears it as the server keeps it, or why not.
  void upload(IssueId id,
              const std::string& name,
              std::string bytes,
              std::function<void(const Result<Attachment>&)> done);
  // Sends a whole file to be imported: a table when its name ends in .csv, else an export of DITS. What comes
  // of it arrives as TransferChanged, and then everything anew.
  void import_file(const std::string& name, std::string bytes);
  void pick_files() { platform_.pick_files(); }
  void save_text(const std::string& name, const std::string& type, const std::string& text) {
    platform_.download(name, type, text);
  }
  void save_url(const std::string& url, const std::string& name) { platform_.save_url(url, name); }

  // ---- the account
  void sign_in(const Credentials& who);
  void make_first_account(const Credentials& who, const std::string& setup_token);
  // Unless confirmed, words that the server does not have are told of first, in a dialog.
  void sign_out(bool is_confirmed);
  // Words of ours that were written before the server's data was replaced: into the queue, or away.
  void send_older_words();
  void drop_older_words();
  void change_password(const PasswordChange& password);
  void load_sessions();
  void load_backups();
  void start_backup();
  void revoke_session(SessionId id);
  void revoke_other_sessions();
  void load_tokens();
  void make_token(const TokenRequest& token);
  void revoke_token(ApiTokenId id);
  void sync_now();
  // Begins the page anew, once what was written is stored; else says why not.
  void load_version();

  // ---- Studio (studio.cpp)
  void open_studio(const Route& route);  // what the URL names, unless it is here
  void call_studio(const StudioCall& call);

  // ---- the browser
  void leaving();                    // the tab goes into the background, or away
  void noted(const Change& change);  // after it was reduced: keeps what must survive a reload
  void keep_undo(const std::string& text);
  void go_to(const std::string& url, bool replaces);
  void go_back() { platform_.go_back(); }
  void copy_text(const std::string& text) { platform_.copy_text(text); }
  void write_in_place(const std::string& before, const std::string& written, std::size_t back) {
    platform_.write_in_place(before, written, back);
  }
  void type_stroke(markdown::Stroke stroke) { platform_.type_stroke(stroke); }
  void open_url(const std::string& url) { platform_.open_external(url); }
  void wake_after(int ms) { platform_.wake_after(ms); }
  void call_after(int ms, std::function<void()> action) { platform_.call_after(ms, std::move(action)); }

 private:
  struct Awaited {    // a write that was sent and whose change of the log is still to come
    std::string key;  // of the write
    Uuid entity_id;
    std::vector<std::uint64_t> undo_tokens;
  };

  // The one way in: what waits is seen over it.
  void arrive(std::vector<Change> changes) {
    queue_.lay_over(state_, changes);
    listener_.arrived(changes);
  }
  void toast(ToastKind kind, std::string text);

  void watch_import();
  void hear_import(const Answer& answer);

  // account.cpp
  void ask_who();
  void show_early();
  void hear_who(const Answer& answer);
  void wait_for_who();
  void go_on_alone();
  bool may_go_on_alone() const { return cached_me_.id.is_set() && !copy_is_closed_; }
  void close_copy();
  void open_copy();
  void signed_in(const User& me);
  void keep_time_zone(const User& me);
  void session_lost();
  void send_sign_out();
  void leave_account();
  void forget_account_records(const User& me);
  void hear_tab(const std::string& text);
  void check_setup_link();
  void answer_form(FormKind form, const Answer& answer);

  // sync.cpp
  void begin_sync();
  void load_snapshot();
  void ask_snapshot(const std::string& cursor, std::uint64_t ticket);
  void take_first_page(snapshot::Page& page, SyncSnapshot& head);
  void take_portion(snapshot::Page& page, std::vector<Change> changes);
  void load_links(const AuditEntry& entry);
  void ask_changes();
  void open_stream();
  void close_stream();
  void hear_event(const ServerEvent& event);
  void flush_events();
  void apply_entries(const std::vector<AuditEntry>& entries);
  void went_offline();
  void sync_failed(const Error& error);
  void try_again_later(int at_least_s);
  void reached_server();  // by a write
  void back_online();

  // sending.cpp
  void send_next();
  void hear_write(const Answer& answer);
  void forget_sending();  // an answer that is still to come belongs to nothing any more
  void await_entry(const Write& write);
  void forget_awaited(const Write& write);
  void take_answer(const Write& write, const Answer& answer);
  void take_undo(const Answer& answer);
  void retry_later(int seconds);
  void queue_changed();  // keeps it, too
  void tell_queue();

  // refusals.cpp
  void hear_conflict(const Answer& answer);
  void refuse_write(const Error& error);
  void reload_issues(const std::vector<IssueId>& ids);

  // kept_copy.cpp
  struct Copy;
  struct Saving;
  void read_cache();
  void hear_cache(Platform::StoredEntries entries);
  void show_copy(const std::shared_ptr<Copy>& copy, std::uint64_t ticket);
  void drop_copy();
  void cache_is_read();
  void copy_is_in();
  void touch_slot(Slot slot);
  void touch_all();
  void save_cache_soon();
  void save_cache();
  void save_portions(const std::shared_ptr<Saving>& saving);
  void save_meta(const Saving& saving);
  void claim_cache();
  void cache_saved(const Saving& saving);
  bool may_go_on(const Saving& saving);
  std::size_t portion_count() const;

  // keeping.cpp
  void storage_failed();
  void take_name(std::string tab);

  // kept_words.cpp
  std::string words(std::string_view kind) const;
  std::string words_of_log(std::string_view kind) const;
  void open_words(const User& me, const std::string& log, std::function<void()> then);
  void take_words(const Platform::StoredEntries& entries);
  void set_words_aside();
  void adopt_unnamed_words(const User& owner, const std::string& log, std::function<void()> then);
  void tell_of_other_words(const Platform::StoredEntries& entries);
  void tell_of_older_words(const Platform::StoredEntries& entries);
  void lay_over_issues();
  void keep_all_again();

  // kept_texts.cpp
  void load_look();
  void take_texts(const Platform::StoredEntries& entries);
  void save_texts_soon();
  void save_texts();
  void save_draft(const std::string& key, const std::string& text, std::set<std::string>& seen);
  void take_over_form(const std::string& tab);
  void keep_conflict(const Conflict& conflict);
  void note_conflicts(const Change& change);

  // kept_writes.cpp
  void take_write(const std::string& key, const std::string& text);
  void load_writes(const std::string& tab);
  void keep_writes();
  void take_over_ended_tabs();
  void take_over(const std::string& tab);
  void look_again_for(const std::string& tab);
  std::string next_place();

  // studio.cpp
  void change_studio(const std::function<void(StudioState&)>& change);
  void save_studio_texts();
  void take_studio_texts(const std::string& text);
  void take_kept_texts(StudioState& studio) const;  // of an earlier visit
  void load_studio_tables();
  void load_studio_rows(bool is_more);
  void load_whole_row();
  void load_column_statistics();
  void save_studio();
  void run_sql(const StudioCall& call);
  void explain_sql(bool is_run);

  // system.cpp
  void watch_system();  // asks while the page is looked at
  void ask_system(bool is_whole);
  void hear_system(const Answer& answer, bool is_part);
  void change_system(const std::function<void(SystemView&)>& change);

  // insights.cpp
  void watch_insights();  // asks while they are looked at, and again when the query or an issue has changed
  void ask_insights(const InsightsQuestion& question);
  void hear_insights(const Answer& answer, const InsightsQuestion& question);

  void load_details(IssueId id);
  void ask_text(const std::string& text, const std::string& cursor, std::vector<IssueId> found, int pages);

  Platform& platform_;
  const State& state_;
  GatewayListener& listener_;
  Client client_;
  WriteQueue queue_;
  std::vector<Awaited> awaited_;
  std::vector<AuditEntry> events_;  // received, not applied yet
  std::uint32_t uploads_ = 0;       // running
  bool flush_is_due_ = false;
  bool is_sending_ = false;
  bool retry_is_due_ = false;
  bool was_online_ = true;
  bool is_synced_once_ = false;
  bool is_reading_cache_ = true;
  bool system_is_asked_ = false;          // and has not answered
  double system_due_ms_ = 0;              // when to ask again
  InsightsQuestion insights_wanted_;      // the last one that was seen
  std::int64_t insights_change_id_ = -1;  // of the log when it was asked
  Date insights_day_;                     // today when it was asked
  bool insights_are_asked_ = false;       // and have not come
  double insights_due_ms_ = 0;            // when to ask at the earliest
  bool who_is_known_ = false;             // the server has answered who we are
  Platform::TimerId who_timer_ = 0;       // tells that the question who we are waits for long
  bool who_is_late_ = false;              // and that question waits for long
  bool copy_is_closed_ = false;           // the server did not know its account any more
  bool copy_is_in_ = false;               // what the browser kept is in the store, as far as there is any
  std::optional<Answer> early_who_;       // the answer that came before that
  User cached_me_;
  std::uint64_t load_ticket_ = 0;  // of the snapshot or the copy that is on its way
  EventStreamId stream_ = 0;
  bool stream_is_open_ = false;
  std::uint64_t send_ticket_ = 0;          // of the write under way
  std::string tab_;                        // the name of this tab, once known
  std::set<std::string> tabs_taken_over_;  // or asked for
  User owner_;                             // whose words are here; of no id while none are
  std::string owner_log_;                  // and over which log they were written
  std::uint64_t words_ticket_ = 0;
  bool words_are_adopted_ = false;
  bool tells_of_others_ = false;  // after someone has signed in
  // The server has said, since it was away last, that its log is the one of our words.
  bool log_is_sure_ = false;
  struct KeptWrite {
    std::string text;
    bool is_stored = false;  // the storage has said so
  };
  std::map<std::string, KeptWrite> kept_writes_;  // in the browser's storage, by key
  std::map<std::string, std::string> kept_drafts_;
  std::string kept_look_;
  std::string kept_view_;
  std::string kept_studio_;
  std::string kept_undo_;
  std::int64_t last_place_ = 0;
  bool storage_has_failed_ = false;  // and the user knows
  bool was_visible_ = true;
  int offline_tries_ = 0;
  IssueId looked_at_;
  Platform::TimerId look_timer_ = 0;
  std::set<std::string> asked_texts_;
  std::set<std::size_t> dirty_portions_;
  bool nouns_are_dirty_ = false;
  bool cache_save_is_due_ = false;
  bool is_saving_cache_ = false;
  bool texts_save_is_due_ = false;
  bool texts_are_loaded_ = false;
  std::size_t stored_portions_ = 0;
  bool cache_is_ours_ = false;        // one tab keeps the copy: places of issues differ between tabs
  bool cache_places_differ_ = false;  // from ours, in what is stored: all of it is written anew
  std::string cache_mark_;            // of what was written over the places that issues have here now
};

}  // namespace dits::web
