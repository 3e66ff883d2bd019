// What waits is seen over whatever the server says meanwhile, of whichever kind it is.
#include <doctest/doctest.h>

#include "tests/web/support/browser.hpp"
#include "tests/web/support/world.hpp"
#include "web/api/write_queue.hpp"
#include "web/commands/request_for.hpp"
#include "web/store/reduce.hpp"

namespace dits::web::test {

namespace {

template <typename Noun>
std::vector<Noun> nouns_of(const std::unordered_map<IssueId, std::vector<Noun>, IdHash>& all, IssueId id) {
  const auto found = all.find(id);
  return found == all.end() ? std::vector<Noun>{} : found->second;
}

template <typename Noun>
void describe(std::string& out, const std::vector<Noun>& nouns) {
  for (const Noun& noun : nouns) {
    out += to_string(noun.id);
    if constexpr (requires { noun.name; }) out += " " + noun.name;
    if constexpr (requires { noun.body; }) out += " " + noun.body;
    if constexpr (requires { noun.repository; }) out += " " + noun.repository;
    if constexpr (requires { noun.statuses; }) {
      for (const Status& status : noun.statuses)
        out += " " + status.name + std::to_string(status.position) + to_string(status.workflow_id);
    }
    if constexpr (requires { noun.deleted_at; }) out += noun.deleted_at ? " in the trash" : "";
    out += "\n";
  }
}

// What may wait to be written, and times apart.
std::string seen(const State& state) {
  std::string out;
  for (std::int64_t number = 1; number <= 9; ++number) {
    const Issue* issue = find_issue(state.entities, world_issue(number));
    if (issue == nullptr) continue;
    out += std::to_string(number) + " " + issue->title + " " + std::string(name_of(issue->priority)) +
           (issue->deleted_at ? " in the trash" : "") + (issue->completed_at ? " done" : "") + " " +
           issue->description + "\n";
    describe(out, nouns_of(state.entities.comments, issue->id));
    describe(out, nouns_of(state.entities.attachments, issue->id));
    describe(out, nouns_of(state.entities.git_links, issue->id));
  }
  for (const IssueRelation& relation : state.entities.relations)
    if (relation.id.is_set()) out += to_string(relation.id) + "\n";
  describe(out, state.entities.projects);
  describe(out, state.entities.areas);
  describe(out, state.entities.labels);
  describe(out, state.entities.workflows);
  describe(out, state.entities.views);
  return out + state.session.me.name;
}

// All that the server knows, as it says it: at the first load and when an issue is looked at.
std::vector<Change> told(const State& server, bool in_one) {
  SnapshotBegan began = world_snapshot();
  began.projects = server.entities.projects;
  began.areas = server.entities.areas;
  began.labels = server.entities.labels;
  began.workflows = server.entities.workflows;
  began.views = server.entities.views;
  began.me = server.session.me;
  IssuesArrived arrived;
  for (const Issue& issue : server.entities.issues) {
    if (issue.id.is_set()) arrived.issues.push_back(issue);
  }
  arrived.git.assign(arrived.issues.size(), std::uint8_t{0});
  for (const IssueRelation& relation : server.entities.relations) {
    if (relation.id.is_set()) arrived.relations.push_back(relation);
  }
  std::vector<Change> changes;
  if (in_one) changes.emplace_back(std::move(began));
  changes.emplace_back(std::move(arrived));
  changes.emplace_back(SnapshotEnded{1});
  for (const auto& [id, comments] : server.entities.comments)
    changes.emplace_back(CommentsArrived{id, comments});
  for (const auto& [id, files] : server.entities.attachments)
    changes.emplace_back(AttachmentsArrived{id, files});
  for (const auto& [id, links] : server.entities.git_links) changes.emplace_back(GitLinksArrived{id, links});
  for (const Project& noun : server.entities.projects) changes.emplace_back(ProjectArrived{noun});
  for (const Area& noun : server.entities.areas) changes.emplace_back(AreaArrived{noun});
  for (const Label& noun : server.entities.labels) changes.emplace_back(LabelArrived{noun});
  for (const Workflow& noun : server.entities.workflows) changes.emplace_back(WorkflowArrived{noun});
  for (const SavedView& noun : server.entities.views) changes.emplace_back(ViewArrived{noun});
  for (const IssueRelation& relation : server.entities.relations) {
    if (relation.id.is_set()) changes.emplace_back(RelationArrived{relation});
  }
  return changes;
}

struct World {
  State state = make_world(6);
  Comment comment;
  Attachment file;
  GitIntegration link;
  IssueRelation relation;
  Area area;
  SavedView view;

  World() {
    comment.id = CommentId{world_uuid(901)};
    comment.body = "Said before";
    file.id = AttachmentId{world_uuid(902)};
    file.file_name = "a.txt";
    link.id = GitIntegrationId{world_uuid(903)};
    link.repository = "owner/name";
    link.branch_name = "branch";
    comment.issue_id = file.issue_id = link.issue_id = world_issue(4);
    relation = {RelationId{world_uuid(904)}, world_issue(1), world_issue(2), RelationType::blocks, world_now};
    area.id = AreaId{world_uuid(905)};
    area.name = "House";
    view.id = SavedViewId{world_uuid(906)};
    view.name = "Mine";
    reduce_all(state,
               {CommentsArrived{world_issue(4), {comment}},
                AttachmentsArrived{world_issue(4), {file}},
                GitLinksArrived{world_issue(4), {link}},
                RelationArrived{relation},
                AreaArrived{area},
                ViewArrived{view}});
    Issue trashed = *find_issue(state.entities, world_issue(3));
    trashed.deleted_at = world_now;
    reduce(state, IssuesArrived{{trashed}});
  }
};

template <typename Noun, typename Edit>
Saved<Noun> saved(const Noun& before, Edit edit) {
  Saved<Noun> change{before, before};
  edit(change.after);
  return change;
}

Issue made_meanwhile(const World& world) {
  Issue made = *find_issue(world.state.entities, world_issue(1));
  made.id = world_issue(9);
  made.number = 9;
  made.title = "Made meanwhile";
  made.completed_at.reset();
  made.status_id = world_status(1);
  return made;
}

// One of each kind that can wait.
std::vector<Change> all_kinds(const World& world) {
  const auto to_trash = [](auto& noun) { noun.deleted_at = world_now; };
  const auto rename = [](auto& noun) { noun.name = "Another name"; };
  IssuePatch patch;
  patch.title = "Another title";
  patch.description = "Another text";
  patch.status_id = world_status(4);
  IssuePatch other;
  other.priority = Priority::urgent;
  Comment reply = world.comment;
  reply.id = CommentId{world_uuid(911)};
  reply.body = "Said meanwhile";
  GitIntegration link = world.link;
  link.id = GitIntegrationId{world_uuid(913)};
  link.repository = "owner/another";
  Label label;
  label.id = LabelId{world_uuid(914)};
  label.name = "new label";
  const Project& project = world.state.entities.projects.front();
  const Label& known = world.state.entities.labels.front();
  const Workflow& workflow = world.state.entities.workflows.front();
  ProfileSaved profile{world.state.session.me, world.state.session.me};
  profile.after.name = "Another name";
  return {IssueCreated{made_meanwhile(world)},
          IssuesPatched{{{world_issue(1), patch}}, world_now},
          IssuesPatched{{{world_issue(1), other}, {world_issue(2), patch}}, world_now},
          IssuesTrashed{{world_issue(1)}, world_now},
          IssuesTrashed{{world_issue(1), world_issue(2)}, world_now},
          IssuesRestored{{world_issue(3)}, world_now},
          IssuesRestored{{world_issue(2), world_issue(3)}, world_now},
          IssuePurged{world_issue(3)},
          RelationRemoved{world.relation},
          GitLinkAdded{link},
          GitLinkRemoved{world.link},
          CommentSaved{{}, reply},
          saved(world.comment, [](Comment& comment) { comment.body = "Said otherwise"; }),
          saved(world.comment, to_trash),
          saved(world.file, to_trash),
          saved(project, rename),
          saved(project, to_trash),
          saved(world.area, rename),
          saved(known, rename),
          saved(known, to_trash),
          LabelSaved{{}, label},
          saved(workflow, rename),
          saved(workflow, [](Workflow& changed) { changed.statuses.front().name = "Another status"; }),
          saved(world.view, rename),
          profile};
}

}  // namespace

TEST_CASE("Whatever waits is seen as it was written, when the server says again what it has") {
  const World world;
  for (const Change& change : all_kinds(world)) {
    for (const bool in_one : {true, false}) {
      State here = world.state;
      WriteQueue queue;
      const std::vector<Write> writes = request_for(change, here);
      REQUIRE_FALSE(writes.empty());
      CAPTURE(writes.front().method);
      CAPTURE(writes.front().path);
      CAPTURE(writes.front().body);
      // As after a reload, too: from the browser's storage.
      for (const Write& write : writes) queue.push(*write_from_text(write_to_text(write)));
      reduce(here, change);
      const std::string written = seen(here);
      CHECK(written != seen(world.state));
      std::vector<Change> changes = told(world.state, in_one);
      queue.lay_over(here, changes);
      reduce_all(here, changes);
      CHECK(seen(here) == written);
    }
  }
}

TEST_CASE("What was made here and changed before it was sent is seen as changed, after a reload too") {
  const World world;
  const IssueId made = world_issue(9);
  IssuePatch patch;
  patch.title = "Renamed before it was sent";
  patch.description = "Another text";
  patch.priority = Priority::urgent;
  patch.status_id = world_status(4);
  const std::vector<std::vector<Change>> all_later = {
      {IssuesPatched{{{made, patch}}, world_now}},
      {IssuesPatched{{{made, patch}, {world_issue(2), patch}}, world_now}},
      {IssuesTrashed{{made}, world_now}},
      {IssuesTrashed{{made}, world_now}, IssuesRestored{{made}, world_now}},
      {IssuesTrashed{{made}, world_now}, IssuePurged{made}}};
  for (const std::vector<Change>& later : all_later) {
    State here = world.state;
    WriteQueue queue;
    std::vector<Change> written{IssueCreated{made_meanwhile(world)}};
    written.insert(written.end(), later.begin(), later.end());
    for (const Change& change : written) {
      for (const Write& write : request_for(change, here)) queue.push(*write_from_text(write_to_text(write)));
      reduce(here, change);
    }
    State reloaded = world.state;
    std::vector<Change> changes = told(world.state, true);
    queue.lay_over(reloaded, changes);
    reduce_all(reloaded, changes);
    CAPTURE(later.size());
    CHECK(seen(reloaded) == seen(here));
  }
}

TEST_CASE("What the server has in its trash stays there under a change that waits") {
  const World world;
  const Project& project = world.state.entities.projects.front();
  const Saved<Project> renamed = saved(project, [](Project& noun) { noun.name = "Another name"; });
  State here = world.state;
  WriteQueue queue;
  for (const Write& write : request_for(renamed, here)) queue.push(*write_from_text(write_to_text(write)));
  reduce(here, renamed);
  State server = world.state;
  reduce(server, saved(project, [](Project& noun) { noun.deleted_at = world_now; }));
  std::vector<Change> changes = told(server, true);
  queue.lay_over(here, changes);
  reduce_all(here, changes);
  const Project* seen_now = find_project(here.entities, project.id);
  REQUIRE(seen_now != nullptr);
  CHECK(seen_now->deleted_at.has_value());
  CHECK(seen_now->name == "Another name");
}

TEST_CASE("The answer to one write does not show again what the next one has put into the trash") {
  FakeServer server;
  Browser browser(server);
  browser.open();
  browser.platform.server = [&](const FetchRequest& request) {
    if (request.method == "DELETE") return FetchResponse{0, FetchFailure::network, {}, {}};
    return server.answer(request);
  };
  browser.run("issue.title.set", std::string("Renamed, then thrown away"), 1);
  browser.run("issue.trash", {}, 1);
  browser.platform.advance(500);
  REQUIRE(server.find(to_string(world_issue(1)))->title == "Renamed, then thrown away");
  CHECK(browser.desk.state().sync.waiting == 1);
  CHECK(browser.issue(1).deleted_at.has_value());
}

}  // namespace dits::web::test
