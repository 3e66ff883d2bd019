// The scripted world of tests: time, server, storage and streams as headless.hpp tells. Frames and input are
// in headless_input.cpp.
#include "web/platform/headless.hpp"

#include <algorithm>

namespace dits {

void HeadlessPlatform::request_frames(int count) { wanted_frames_ = std::max(wanted_frames_, count); }

void HeadlessPlatform::wake_after(int ms) {
  call_after(ms, [this] { request_frames(1); });
}

Platform::TimerId HeadlessPlatform::call_after(int ms, std::function<void()> action) {
  timers_.push_back({++last_timer_, monotonic_ms_ + ms, std::move(action)});
  return last_timer_;
}

void HeadlessPlatform::call_off(TimerId timer) {
  std::erase_if(timers_, [&](const Timer& waiting) { return waiting.id == timer; });
}

void HeadlessPlatform::advance(int ms) {
  const double end = monotonic_ms_ + ms;
  while (true) {
    const auto first = std::min_element(
        timers_.begin(), timers_.end(), [](const Timer& a, const Timer& b) { return a.due_ms < b.due_ms; });
    if (first == timers_.end() || first->due_ms > end) break;
    const Timer due = std::move(*first);
    timers_.erase(first);
    now_.unix_ms += static_cast<std::int64_t>(due.due_ms - monotonic_ms_);
    monotonic_ms_ = due.due_ms;
    due.action();
    request_frames();
    draw();
  }
  now_.unix_ms += static_cast<std::int64_t>(end - monotonic_ms_);
  monotonic_ms_ = end;
  request_frames();
  draw();
}

void HeadlessPlatform::navigate(const std::string& path_and_query, History history) {
  if (history == History::push) {
    history_.push_back(path_and_query);
  } else {
    history_.back() = path_and_query;
  }
  queue_.emplace_back([this, path_and_query] {
    if (hooks_.route_changed) hooks_.route_changed(path_and_query);
  });
  request_frames();
}

void HeadlessPlatform::go_back() {
  if (history_.size() < 2) return;
  history_.pop_back();
  navigate(history_.back(), History::replace);
}

void HeadlessPlatform::go_to(const std::string& path_and_query) {
  navigate(path_and_query);
  draw();
}

std::string HeadlessPlatform::location() const { return history_.back(); }

FetchId HeadlessPlatform::fetch(FetchRequest request, std::function<void(FetchResponse)> done) {
  const FetchId id = next_id_++;
  requests_.push_back(request);
  pending_.push_back({id, std::move(request), std::move(done)});
  request_frames();
  return id;
}

void HeadlessPlatform::abort(FetchId id) {
  const auto found = std::find_if(
      pending_.begin(), pending_.end(), [&](const Pending& pending) { return pending.id == id; });
  if (found == pending_.end()) return;
  queue_.emplace_back([done = std::move(found->done)] { done({.failure = FetchFailure::aborted}); });
  pending_.erase(found);
  request_frames();
}

void HeadlessPlatform::deliver_answers(std::string_view url_part) {
  std::vector<Pending> answered;
  for (Pending& pending : std::exchange(pending_, {})) {
    const bool is_meant = pending.request.url.find(url_part) != std::string::npos;
    (is_meant ? answered : pending_).push_back(std::move(pending));
  }
  for (const Pending& pending : answered) {
    pending.done(server ? server(pending.request) : FetchResponse{.failure = FetchFailure::network});
  }
  if (!answered.empty()) request_frames();
}

EventStreamId HeadlessPlatform::open_event_stream(const std::string& url,
                                                  const std::string& last_event_id,
                                                  EventStreamHandlers handlers) {
  const EventStreamId id = next_id_++;
  streams_.push_back({id, url, last_event_id, handlers});
  if (handlers.opened) queue_.emplace_back(handlers.opened);
  request_frames();
  return id;
}

void HeadlessPlatform::close_event_stream(EventStreamId id) {
  std::erase_if(streams_, [&](const OpenStream& stream) { return stream.id == id; });
}

void HeadlessPlatform::send_event(const ServerEvent& event) {
  for (OpenStream& stream : streams_) {
    if (!event.id.empty()) stream.last_event_id = event.id;
    queue_.emplace_back([received = stream.handlers.received, event] { received(event); });
  }
  request_frames();
  draw();
}

void HeadlessPlatform::lose_streams(int status) {
  const auto lost = streams_;
  for (const OpenStream& stream : lost) {
    if (stream.handlers.lost) stream.handlers.lost(status);
  }
  for (const OpenStream& stream : streams_) {
    if (stream.handlers.opened) queue_.emplace_back(stream.handlers.opened);
  }
  request_frames();
  draw();
}

void HeadlessPlatform::storage_get(const std::string& key,
                                   std::function<void(std::optional<std::string>)> done) {
  queue_.emplace_back([this, key, done = std::move(done)] {
    const auto found = storage_->find(key);
    done(found == storage_->end() ? std::nullopt : std::optional<std::string>(found->second));
  });
  request_frames();
}

void HeadlessPlatform::storage_list(const std::string& key_prefix, std::function<void(StoredEntries)> done) {
  queue_.emplace_back([this, key_prefix, done = std::move(done)] {
    StoredEntries entries;
    for (auto entry = storage_->lower_bound(key_prefix); entry != storage_->end(); ++entry) {
      if (!entry->first.starts_with(key_prefix)) break;
      entries.emplace_back(*entry);
    }
    done(std::move(entries));
  });
  request_frames();
}

void HeadlessPlatform::storage_put(const std::string& key,
                                   std::string value,
                                   std::function<void(Result<void>)> done) {
  const bool is_put = !storage_is_full;
  if (is_put) (*storage_)[key] = std::move(value);
  if (done) {
    queue_.emplace_back([done = std::move(done), is_put] {
      done(is_put ? Result<void>() : Result<void>(unavailable("The storage is full")));
    });
  }
  request_frames();
}

void HeadlessPlatform::storage_remove(const std::string& key, std::function<void(Result<void>)> done) {
  storage_->erase(key);
  if (done) queue_.emplace_back([done = std::move(done)] { done({}); });
  request_frames();
}

void HeadlessPlatform::storage_remove_all(const std::string& key_prefix,
                                          std::function<void(Result<void>)> done) {
  std::erase_if(*storage_, [&](const auto& entry) { return entry.first.starts_with(key_prefix); });
  if (done) queue_.emplace_back([done = std::move(done)] { done({}); });
  request_frames();
}

void HeadlessPlatform::share_storage(HeadlessPlatform& with) {
  storage_ = with.storage_;
  if (with.tabs_ == nullptr) with.tabs_ = std::make_shared<std::set<HeadlessPlatform*>>();
  tabs_ = with.tabs_;
  tabs_->insert({this, &with});
}

void HeadlessPlatform::take_storage_away() {
  storage_->clear();
  if (storage_lost_) queue_.emplace_back(storage_lost_);
  request_frames();
  draw();
}

void HeadlessPlatform::find_version() {
  if (version_found_) queue_.emplace_back(version_found_);
  request_frames();
  draw();
}

void HeadlessPlatform::tell_tabs(const std::string& text) {
  if (tabs_ == nullptr) return;
  for (HeadlessPlatform* other : *tabs_) {
    if (other == this || !other->heard_) continue;
    other->queue_.emplace_back([other, text] { other->heard_(text); });
    other->request_frames();
  }
}

void HeadlessPlatform::claim_tab(std::function<void(std::string)> told) {
  tab_told_ = std::move(told);
  rename_tab(tab);
}

void HeadlessPlatform::rename_tab(std::string name) {
  tab = std::move(name);
  queue_.emplace_back([this] { tab_told_(tab); });
  request_frames();
}

void HeadlessPlatform::claim_ended_tab(const std::string& name, std::function<void(bool)> done) {
  queue_.emplace_back([this, name, done = std::move(done)] { done(!living_tabs.contains(name)); });
  request_frames();
}

void HeadlessPlatform::change_visible(bool visible) {
  environment_.visible = visible;
  if (!visible && hooks_.leaving) hooks_.leaving();
  request_frames();
  if (visible) draw();
}

std::uint64_t HeadlessPlatform::random_bits() {
  // splitmix64: the same ids in each run.
  std::uint64_t bits = random_state_ += 0x9E3779B97F4A7C15ULL;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBULL;
  return bits ^ (bits >> 31);
}

void HeadlessPlatform::give_file(GivenFile file) {
  hooks_.file_given(std::move(file));
  draw();
}

void HeadlessPlatform::download(const std::string& file_name, const std::string&, std::string_view bytes) {
  downloaded_name = file_name;
  downloaded_bytes = bytes;
}

}  // namespace dits
