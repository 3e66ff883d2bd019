#include "server/service/figures.hpp"

#include <algorithm>
#include <utility>

#include "server/service/snippet.hpp"
#include "server/service/word_keeper.hpp"
#include "shared/core/normal_form.hpp"
#include "shared/core/text.hpp"
#include "shared/json/writer.hpp"
#include "shared/query/signs.hpp"

namespace dits {

static Json counts_json(const std::vector<store::CountByKey>& counts, std::string_view key_name) {
  Json list = Json::array();
  for (const store::CountByKey& count : counts) {
    Json item = Json::object();
    item[std::string(key_name)] = count.key.empty() ? Json(nullptr) : Json(count.key);
    item["open"] = count.open;
    item["completed"] = count.completed;
    list.push_back(std::move(item));
  }
  return list;
}

static Json figures_json(const store::IssueFigures& figures) {
  Json json = Json::object();
  json["total"] = figures.totals.all;
  json["open"] = figures.totals.open;
  json["completed"] = figures.totals.completed;
  json["overdue"] = figures.totals.overdue;
  json["byStatus"] = Json::array();
  for (const store::CountByKey& count : figures.by_status) {
    json["byStatus"].push_back({{"statusId", count.key}, {"count", count.open}});
  }
  json["byProject"] = counts_json(figures.by_project, "projectId");
  json["byArea"] = counts_json(figures.by_area, "areaId");
  json["byLabel"] = counts_json(figures.by_label, "labelId");
  json["byPriority"] = counts_json(figures.by_priority, "priority");
  json["throughput"] = Json::array();
  for (const store::WeekFigures& week : figures.throughput) {
    json["throughput"].push_back(
        {{"week", week.week}, {"created", week.created}, {"completed", week.completed}});
  }
  const store::CycleTime& cycle = figures.cycle_time;
  json["cycleTime"] = {{"count", cycle.count},
                       {"meanDays", cycle.mean_days},
                       {"medianDays", cycle.median_days},
                       {"p90Days", cycle.p90_days}};
  return json;
}

static Result<std::string> stats_text(ServiceContext& context,
                                      const Viewer& viewer,
                                      Transaction& transaction) {
  // A change between counting and keeping would leave old figures behind: what is kept names the head it was
  // counted at.
  const std::int64_t head = TRY(store::find_last_change_id(transaction, viewer.user_id));
  if (context.stats != nullptr) {
    if (std::optional<std::string> kept = context.stats->get(viewer.user_id, head)) return *std::move(kept);
  }
  const Timestamp now = context.clock.now();
  const Timestamp since{now.unix_ms - 90 * ms_per_day};
  const store::IssueFigures figures = TRY(store::read_issue_figures(transaction, viewer.user_id, now, since));
  std::string text = dump(figures_json(figures));
  if (context.stats != nullptr) context.stats->set(viewer.user_id, head, text);
  return text;
}

Result<std::string> stats_text(ServiceContext& context, const Viewer& viewer) {
  return context.database.stale_read(Actor::of_user(viewer.user_id), [&](Transaction& transaction) {
    return stats_text(context, viewer, transaction);
  });
}

// The words of a folded text; those of one or two letters tell too little, unless there are no others.
static std::vector<std::string> words_of(std::string_view text) {
  constexpr std::size_t max_words = 8;
  std::vector<std::string> words;
  std::vector<std::string> short_words;
  const std::string folded = std::string(text) + " ";
  std::string word;
  for (const char c : folded) {
    const bool is_letter =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (is_letter) {
      word += c;
    } else if (!word.empty()) {
      std::vector<std::string>& list = word.size() < 3 ? short_words : words;
      if (std::find(list.begin(), list.end(), word) == list.end()) list.push_back(word);
      word.clear();
    }
  }
  if (words.empty()) words = std::move(short_words);
  if (words.size() > max_words) words.resize(max_words);
  return words;
}

// Scripts that put no spaces between words, or endings onto them.
static bool is_spaceless(char32_t c) {
  return (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF) ||
         (c >= 0x2E80 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

// What a search asks for.
struct SearchText {
  std::string text;                   // folded, with plain quotes and spaces
  std::vector<std::string> words;     // its pieces, quotes taken off
  std::vector<std::string> unwanted;  // with a minus before them
  bool are_words = true;              // none has signs within, or is of a script without spaces
};

static std::string with_plain_signs(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const query::Sign sign = query::sign_at(text, at);
    const bool is_space = query::space_length(text, at) != 0 || static_cast<unsigned char>(text[at]) < ' ';
    if (is_space || sign.plain == '"') {
      plain += is_space ? ' ' : '"';
    } else {
      plain += text.substr(at, sign.length);
    }
    at += sign.length;
  }
  return plain;
}

static bool has_words_only(std::string_view piece) {
  for (std::size_t at = 0; at < piece.size();) {
    const char32_t c = take_code_point(piece, at);
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ' || c >= 0x80;
    if (!is_letter || is_spaceless(c)) return false;
  }
  return true;
}

static SearchText read_search(std::string_view typed) {
  SearchText search;
  search.text = with_plain_signs(fold_case(normal_form(typed)));
  const std::string_view text = search.text;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t unseen = text[at] == ' ' ? 1 : query::mark_length(text, at)) {
      at += unseen;
      continue;
    }
    const bool is_unwanted = text[at] == '-' && at + 1 < text.size() && text[at + 1] != ' ';
    if (is_unwanted) ++at;
    const bool is_quoted = text[at] == '"';
    if (is_quoted) ++at;
    const std::size_t end = std::min(text.find(is_quoted ? '"' : ' ', at), text.size());
    const std::string_view piece = query::without_outer_space(text.substr(at, end - at));
    at = end + (is_quoted ? 1 : 0);
    if (piece.empty()) continue;
    (is_unwanted ? search.unwanted : search.words).emplace_back(piece);
    search.are_words = search.are_words && has_words_only(piece);
  }
  return search;
}

// Where the words of the texts are remembered, only the issues are looked at that may have these.
static Result<std::vector<store::SearchHit>> search_literally(ServiceContext& context,
                                                              UserId user_id,
                                                              store::LiteralSearch search,
                                                              std::int64_t limit) {
  if (context.words != nullptr) {
    query::PlanNode all;
    for (const std::string& word : search.words) {
      query::PlanNode& node = all.children.emplace_back();
      node.kind = query::PlanNode::Kind::test;
      node.test.kind = query::TestKind::text;
      node.test.text = {word, false};
    }
    auto found = context.words->search(
        user_id, all, [&](Transaction& transaction, const std::vector<std::int64_t>& numbers) {
          search.within = numbers;
          return store::search_issues_literally(transaction, user_id, search, limit);
        });
    if (found) return std::move(*found);
    search.within.reset();
  }
  return context.database.stale_read(Actor::of_user(user_id), [&](Transaction& transaction) {
    return store::search_issues_literally(transaction, user_id, search, limit);
  });
}

// What has the words within others, as a query finds them, comes behind what has them whole: as much as there
// is room for.
static Result<void> add_literal_hits(ServiceContext& context,
                                     UserId user_id,
                                     const SearchText& wanted,
                                     std::int64_t limit,
                                     std::vector<store::SearchHit>& hits) {
  if (wanted.words.empty() || static_cast<std::int64_t>(hits.size()) >= limit) return {};
  std::vector<store::SearchHit> found = TRY(search_literally(
      context, user_id, {wanted.words, wanted.unwanted}, limit + static_cast<std::int64_t>(hits.size())));
  const std::size_t whole = hits.size();
  for (store::SearchHit& hit : found) {
    const auto begin = hits.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(whole);
    const bool is_there =
        std::find_if(begin, end, [&](const store::SearchHit& each) { return each.id == hit.id; }) != end;
    if (is_there || static_cast<std::int64_t>(hits.size()) >= limit) continue;
    if (whole > 0) hit.rank = std::min(hit.rank, hits[whole - 1].rank);
    hits.push_back(std::move(hit));
  }
  return {};
}

Result<SearchAnswer> search(ServiceContext& context,
                            const Viewer& viewer,
                            const std::string& text,
                            std::int64_t limit) {
  if (trim(text).empty()) return invalid("q", "Say what to look for.");
  const SearchText wanted = read_search(text);
  const store::Reader reader{context.database, viewer.user_id, Access::stale_read};
  SearchAnswer answer;
  if (wanted.are_words) answer.hits = TRY(store::search_issues(reader, viewer.user_id, wanted.text, limit));
  for (store::SearchHit& hit : answer.hits) hit.snippet = snippet_of(hit.snippet, wanted.words);
  TRY(add_literal_hits(context, viewer.user_id, wanted, limit, answer.hits));
  const std::vector<std::string> words = words_of(wanted.text);
  if (!answer.hits.empty() || words.empty()) return answer;
  answer.hits =
      TRY(context.database.stale_read(Actor::of_user(viewer.user_id), [&](Transaction& transaction) {
        return store::search_issues_loosely(transaction, viewer.user_id, words, limit);
      }));
  answer.is_loose = !answer.hits.empty();
  return answer;
}

}  // namespace dits
