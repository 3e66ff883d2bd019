// Portions of a snapshot for tests: with every odd value there is, and such as a real tracker has.
#pragma once

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "shared/snapshot/portion.hpp"

namespace dits::test {

inline Uuid random_uuid(std::mt19937_64& random, std::int64_t unix_ms) {
  return make_uuid_v7(unix_ms, random(), random());
}

// Each field of each issue at random, the odd values often; some ids of version 4.
inline snapshot::Portion odd_portion(std::mt19937_64& random, std::size_t count) {
  constexpr std::int64_t year_1 = -62'135'596'800'000;
  constexpr std::int64_t year_9999 = 253'402'300'799'999;
  const auto one_of = [&](auto... values) {
    const std::vector all{values...};
    return all[random() % all.size()];
  };
  const bool has_foreign_ids = random() % 3 == 0;
  const auto id = [&] {
    Uuid uuid = random_uuid(random, static_cast<std::int64_t>(random() >> 16U));
    if (has_foreign_ids && random() % 4 == 0)
      uuid.bytes[6] = static_cast<std::uint8_t>(0x40U | random() % 16);
    return uuid;
  };
  const auto time = [&] {
    return Timestamp{one_of(year_1,
                            year_9999,
                            std::int64_t{0},
                            std::int64_t{-1},
                            static_cast<std::int64_t>(random() % 2'000'000'000'000),
                            static_cast<std::int64_t>(random() % 2'000'000'000) * 1000)};
  };
  const auto day = [&] { return date_of(time()); };
  std::vector<Uuid> few;
  for (int at = 0; at < 5; ++at) few.push_back(id());
  snapshot::Portion portion;
  for (std::size_t at = 0; at < count; ++at) {
    Issue issue;
    issue.id.uuid = id();
    issue.number = one_of(std::int64_t{0}, static_cast<std::int64_t>(at), INT64_MAX, std::int64_t{7});
    issue.title =
        one_of(std::string(), std::string("Übersicht 漢字 🎉"), std::string(2000, 'x'), std::string("a b"));
    if (random() % 16 == 0) issue.title = "two\nlines";
    issue.priority = static_cast<Priority>(random() % 5);
    issue.status_id.uuid = one_of(few[0], few[1], Uuid{});
    issue.project_id.uuid = one_of(few[2], Uuid{});
    issue.area_id.uuid = one_of(few[3], few[4], Uuid{});
    issue.parent_issue_id.uuid = one_of(Uuid{}, id(), few[0]);
    if (!portion.issues.empty() && random() % 2 == 0)
      issue.parent_issue_id = portion.issues[random() % at].id;
    if (random() % 2 == 0) issue.start_date = day();
    if (random() % 2 == 0) issue.due_date = day();
    if (random() % 2 == 0) issue.completed_at = time();
    if (random() % 4 == 0) issue.deleted_at = time();
    issue.position =
        one_of(0.0, -0.0, 1.5, -1e300, 5e-324, 9'007'199'254'740'993.0, static_cast<double>(issue.number));
    for (const Uuid& label : few) {
      if (random() % 3 == 0) issue.label_ids.push_back(LabelId{label});
    }
    std::sort(issue.label_ids.begin(), issue.label_ids.end());
    issue.version = one_of(std::int64_t{1}, std::int64_t{0}, INT64_MAX);
    issue.created_at = time();
    issue.updated_at = time();
    issue.has_description = false;
    portion.issues.push_back(std::move(issue));
    portion.git.push_back(static_cast<std::uint8_t>(random() % 8));
  }
  for (std::size_t at = random() % 4; at > 0; --at) {
    IssueRelation relation;
    relation.id.uuid = id();
    relation.source_id.uuid = count > 0 ? portion.issues[random() % count].id.uuid : id();
    relation.target_id.uuid = one_of(id(), few[0]);
    relation.type = static_cast<RelationType>(random() % 5);
    relation.created_at = time();
    portion.relations.push_back(relation);
  }
  return portion;
}

// Like the data of scripts/bench: 20 projects, 5 areas, 30 labels, up to 4 of them an issue, 15% with a
// parent, 25% with a relation; titles of words as English uses them, edits in milliseconds. Newest first.
inline snapshot::Portion real_portion(std::mt19937_64& random, std::size_t count) {
  std::vector<std::string> words;
  for (int at = 0; at < 3000; ++at) {
    std::string word;
    const std::size_t length = 2 + random() % 4 + random() % 6;
    for (std::size_t letter = 0; letter < length; ++letter)
      word += "etaoinshrdlucmfwypvbgkqjxz"[static_cast<std::size_t>(
          26.0 * std::pow(static_cast<double>(random() % 1000) / 1000.0, 2))];
    words.push_back(std::move(word));
  }
  const auto word = [&]() -> const std::string& {
    const double at = std::pow(3000.0, static_cast<double>(random() % 1'000'000) / 1'000'000.0);
    return words[static_cast<std::size_t>(at) % words.size()];
  };
  std::vector<Uuid> nouns;
  for (int at = 0; at < 60; ++at) nouns.push_back(random_uuid(random, 1'700'000'000'000 + at));
  snapshot::Portion portion;
  std::int64_t now = 1'780'000'000'000;
  for (std::size_t at = 0; at < count; ++at) {
    now -= static_cast<std::int64_t>(random() % 2'000'000);
    Issue issue;
    issue.created_at.unix_ms = now;
    issue.id.uuid = random_uuid(random, now);
    issue.number = static_cast<std::int64_t>(count - at);
    for (std::size_t length = 4 + random() % 6; length > 0; --length)
      issue.title += word() + (length > 1 ? " " : "");
    issue.priority = static_cast<Priority>(random() % 5);
    const std::size_t status = random() % 5;
    issue.status_id.uuid = nouns[status];
    issue.project_id.uuid = nouns[5 + random() % 20];
    if (random() % 3 == 0) issue.area_id.uuid = nouns[25 + random() % 5];
    for (std::size_t label = random() % 5; label > 0; --label)
      issue.label_ids.push_back(LabelId{nouns[30 + random() % 30]});
    std::sort(issue.label_ids.begin(), issue.label_ids.end());
    issue.label_ids.erase(std::unique(issue.label_ids.begin(), issue.label_ids.end()), issue.label_ids.end());
    issue.updated_at.unix_ms =
        now + (random() % 2 == 0 ? 0 : static_cast<std::int64_t>(random() % 2'000'000'000));
    if (status == 4) issue.completed_at = issue.updated_at;
    if (random() % 5 == 0)
      issue.due_date = Date{date_of(issue.created_at).days + static_cast<std::int32_t>(random() % 60)};
    if (random() % 100 < 15)
      issue.parent_issue_id.uuid =
          random_uuid(random, now - static_cast<std::int64_t>(random() % 9'000'000'000));
    issue.position = static_cast<double>(issue.number);
    issue.version = 1 + static_cast<std::int64_t>(random() % 4);
    issue.has_description = false;
    portion.issues.push_back(std::move(issue));
    portion.git.push_back(static_cast<std::uint8_t>(random() % 10 == 0 ? snapshot::git_pull_request : 0));
  }
  for (std::size_t at = 0; at < count; at += 4) {
    IssueRelation relation;
    relation.source_id = portion.issues[at].id;
    relation.target_id.uuid = random_uuid(random, now);
    relation.type = RelationType::blocks;
    relation.created_at = portion.issues[at].created_at;
    relation.id.uuid = random_uuid(random, relation.created_at.unix_ms);
    portion.relations.push_back(relation);
  }
  return portion;
}

// What differs, or nothing.
inline std::string difference_between(const snapshot::Portion& a, const snapshot::Portion& b) {
  if (a.issues.size() != b.issues.size()) return "count";
  for (std::size_t at = 0; at < a.issues.size(); ++at) {
    const Issue& x = a.issues[at];
    const Issue& y = b.issues[at];
    const auto same_position = [](double one, double other) {
      return one == other && std::signbit(one) == std::signbit(other);
    };
    if (x.id != y.id) return "id";
    if (x.number != y.number) return "number";
    if (x.title != y.title) return "title";
    if (x.priority != y.priority) return "priority";
    if (x.status_id != y.status_id || x.project_id != y.project_id || x.area_id != y.area_id)
      return "status, project or area";
    if (x.parent_issue_id != y.parent_issue_id) return "parent";
    if (x.start_date != y.start_date || x.due_date != y.due_date) return "date";
    if (x.completed_at != y.completed_at || x.deleted_at != y.deleted_at) return "completed or deleted";
    if (!same_position(x.position, y.position)) return "position";
    if (x.label_ids != y.label_ids) return "labels";
    if (x.version != y.version) return "version";
    if (x.created_at != y.created_at || x.updated_at != y.updated_at) return "created or updated";
    if (x.has_description != y.has_description) return "has_description";
  }
  if (a.git != b.git) return "git";
  if (a.relations.size() != b.relations.size()) return "count of relations";
  for (std::size_t at = 0; at < a.relations.size(); ++at) {
    const IssueRelation& x = a.relations[at];
    const IssueRelation& y = b.relations[at];
    if (x.id != y.id || x.source_id != y.source_id || x.target_id != y.target_id || x.type != y.type ||
        x.created_at != y.created_at)
      return "relation";
  }
  return {};
}

}  // namespace dits::test
