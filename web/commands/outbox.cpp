// The outbox's functions, so that screens need not know how a Change is kept.
#include "web/commands/outbox.hpp"

#include <utility>

namespace dits::web {

Outbox::Outbox() = default;
Outbox::~Outbox() = default;

void Outbox::run(std::string_view command, Argument argument, std::vector<IssueId> targets) {
  items_.push_back(Invocation{std::string(command), std::move(argument), std::move(targets)});
}

void Outbox::run_at(
    float x, float y, std::string_view command, Argument argument, std::vector<IssueId> targets) {
  items_.push_back(Invocation{std::string(command), std::move(argument), std::move(targets), true, x, y});
}

template <typename Kind>
void Outbox::change(Kind kind) {
  items_.push_back(Change(std::move(kind)));
}

std::vector<Outbox::Item> Outbox::take() { return std::exchange(items_, {}); }

// Every kind of Change, in the order of web/store/change.hpp.
template void Outbox::change(IssueCreated);
template void Outbox::change(IssuesPatched);
template void Outbox::change(IssuesTrashed);
template void Outbox::change(IssuesRestored);
template void Outbox::change(IssuePurged);
template void Outbox::change(RelationAdded);
template void Outbox::change(RelationRemoved);
template void Outbox::change(GitLinkAdded);
template void Outbox::change(GitLinkRemoved);
template void Outbox::change(CommentSaved);
template void Outbox::change(ProjectSaved);
template void Outbox::change(AreaSaved);
template void Outbox::change(LabelSaved);
template void Outbox::change(WorkflowSaved);
template void Outbox::change(ViewSaved);
template void Outbox::change(ProfileSaved);
template void Outbox::change(SnapshotBegan);
template void Outbox::change(IssuesArrived);
template void Outbox::change(SnapshotEnded);
template void Outbox::change(ProjectArrived);
template void Outbox::change(AreaArrived);
template void Outbox::change(LabelArrived);
template void Outbox::change(WorkflowArrived);
template void Outbox::change(ViewArrived);
template void Outbox::change(CommentArrived);
template void Outbox::change(RelationArrived);
template void Outbox::change(GitLinkArrived);
template void Outbox::change(NounGone);
template void Outbox::change(DescriptionArrived);
template void Outbox::change(CommentsArrived);
template void Outbox::change(GitLinksArrived);
template void Outbox::change(ActivityArrived);
template void Outbox::change(TextHitsArrived);
template void Outbox::change(ChangeIdReached);
template void Outbox::change(SyncChanged);
template void Outbox::change(QueueChanged);
template void Outbox::change(ConflictFound);
template void Outbox::change(ConflictSettled);
template void Outbox::change(IssueMissing);
template void Outbox::change(SignedIn);
template void Outbox::change(SignedOut);
template void Outbox::change(SessionLost);
template void Outbox::change(SetupNeeded);
template void Outbox::change(FormSent);
template void Outbox::change(FormAnswered);
template void Outbox::change(SessionsArrived);
template void Outbox::change(TokensArrived);
template void Outbox::change(TokenMade);
template void Outbox::change(Ticked);
template void Outbox::change(Navigated);
template void Outbox::change(QueryTyped);
template void Outbox::change(QueryRemembered);
template void Outbox::change(CursorMoved);
template void Outbox::change(CursorWent);
template void Outbox::change(ScrollDone);
template void Outbox::change(SelectionChanged);
template void Outbox::change(SelectionToggled);
template void Outbox::change(GroupFolded);
template void Outbox::change(DisplayChanged);
template void Outbox::change(AppearanceChanged);
template void Outbox::change(EnvironmentChanged);
template void Outbox::change(ModeChanged);
template void Outbox::change(RegionFocused);
template void Outbox::change(SidebarCursorMoved);
template void Outbox::change(KeysPending);
template void Outbox::change(PickerOpened);
template void Outbox::change(PickerChanged);
template void Outbox::change(PickerClosed);
template void Outbox::change(PaletteChanged);
template void Outbox::change(PaletteClosed);
template void Outbox::change(CommandRemembered);
template void Outbox::change(DialogChanged);
template void Outbox::change(DialogClosed);
template void Outbox::change(QuickCreateChanged);
template void Outbox::change(QuickCreateClosed);
template void Outbox::change(EditorOpened);
template void Outbox::change(EditorTyped);
template void Outbox::change(EditorClosed);
template void Outbox::change(DraftsLoaded);
template void Outbox::change(DragChanged);
template void Outbox::change(ToastShown);
template void Outbox::change(ToastDismissed);
template void Outbox::change(Announced);
template void Outbox::change(PageItemMoved);
template void Outbox::change(PageScrolled);
template void Outbox::change(UndoStackChanged);

}  // namespace dits::web
