// An account with one of everything, its exports and imports.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include "server/service/areas.hpp"
#include "server/service/attachment_files.hpp"
#include "server/service/attachments.hpp"
#include "server/service/export.hpp"
#include "server/service/import.hpp"
#include "server/service/issue_parts.hpp"
#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/saved_views.hpp"
#include "tests/support/service_world.hpp"

namespace dits::test {

struct TransferWorld {
  TransferWorld() : files(directory.path() + "/files", AttachmentLimits{1 << 20, 1 << 22, 0}) {
    world.context().files = &files;
    viewer = world.add_viewer("a@example.org");
  }

  std::string exported(ExportFormat format, const Viewer& whose) {
    std::string text;
    world.must(export_account(
        world.context(),
        whose,
        format,
        [&](std::string_view bytes) -> Result<void> {
          text += bytes;
          return {};
        },
        nullptr));
    return text;
  }
  std::string exported(ExportFormat format = ExportFormat::json) { return exported(format, viewer); }

  Result<ImportCounts> import_json(const Viewer& whose, std::string_view text) {
    const std::unique_ptr<Import> import = TRY(begin_json_import(world.context(), whose));
    return push(*import, text);
  }
  Result<ImportCounts> import_csv(const Viewer& whose, std::string_view text, CsvImportOptions options = {}) {
    const std::unique_ptr<Import> import = TRY(begin_csv_import(world.context(), whose, std::move(options)));
    return push(*import, text);
  }
  static Result<ImportCounts> push(Import& import, std::string_view text) {
    while (!text.empty()) {
      TRY(import.add(text.substr(0, 1000)));
      text.remove_prefix(std::min<std::size_t>(1000, text.size()));
    }
    return import.finish();
  }

  // One of everything, with a past.
  void live() {
    ServiceContext& context = world.context();
    Project project;
    project.name = "Projekt \"Ä\"";
    project = world.must(create_project(context, viewer, project));
    Area area;
    area.name = "Home";
    area = world.must(create_area(context, viewer, area));
    Label label;
    label.name = "bug";
    label = world.must(create_label(context, viewer, label));
    Label gone;
    gone.name = "gone";
    gone = world.must(create_label(context, viewer, gone));
    world.must(remove_label(context, viewer, gone.id));
    Issue draft;
    draft.title = "=First, with \"everything\"";
    draft.description = "Text\nof two lines";
    draft.project_id = project.id;
    draft.area_id = area.id;
    draft.label_ids = {label.id};
    draft.priority = Priority::high;
    draft.metadata = R"({"b":1,"a":{"deep":[1,2.5,"x"]}})";
    first = world.must(create_issue(context, viewer, draft));
    Issue child;
    child.title = "Child";
    child.parent_issue_id = first.id;
    second = world.must(create_issue(context, viewer, child));
    world.must(
        create_relation(context, viewer, {first.id, 0}, {{}, {}, second.id, RelationType::blocks, {}}));
    world.must(create_comment(context, viewer, {first.id, 0}, {{}, {}, "A comment", {}, {}, {}}));
    GitIntegration link;
    link.repository = "a/b";
    link.branch_name = "main";
    world.must(create_git_integration(context, viewer, {first.id, 0}, link));
    std::string bytes(300'000, 'x');
    const BodyPieces pieces = [&]() -> Result<std::string_view> {
      sent = std::move(bytes);
      bytes.clear();
      return std::string_view(sent);
    };
    file = world.must(create_attachment(context, viewer, {first.id, 0}, {{}, "big.txt", 0}, pieces));
    SavedView view;
    view.name = "Mine";
    view.query = "is:open";
    world.must(create_saved_view(context, viewer, view));
    IssueUpdate update;
    update.patch.status_id = world.status_named(viewer, "Done");
    world.must(update_issue(context, viewer, {second.id, 0}, update, std::nullopt));
    const Issue trashed = world.add_issue(viewer, "In the trash");
    world.must(remove_issue(context, viewer, {trashed.id, 0}, std::nullopt));
  }

  TemporaryDirectory directory;
  ServiceWorld world;
  AttachmentFiles files;
  Viewer viewer;
  Issue first;
  Issue second;
  Attachment file;
  std::string sent;
};

inline std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

}  // namespace dits::test
