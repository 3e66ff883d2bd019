// The three parts of reduce: data, what the server says, and what the user looks at. A new change does not
// compile until one has it.
#pragma once

#include "web/store/change.hpp"
#include "web/store/state.hpp"

namespace dits::web {

void apply(State& state, const IssueCreated& change);
void apply(State& state, const IssuesPatched& change);
void apply(State& state, const IssuesTrashed& change);
void apply(State& state, const IssuesRestored& change);
void apply(State& state, const IssuePurged& change);
void apply(State& state, const RelationAdded& change);
void apply(State& state, const RelationRemoved& change);
void apply(State& state, const GitLinkAdded& change);
void apply(State& state, const GitLinkRemoved& change);
void apply(State& state, const CommentSaved& change);
void apply(State& state, const AttachmentSaved& change);
void apply(State& state, const ProjectSaved& change);
void apply(State& state, const AreaSaved& change);
void apply(State& state, const LabelSaved& change);
void apply(State& state, const WorkflowSaved& change);
void apply(State& state, const ViewSaved& change);
void apply(State& state, const ProfileSaved& change);

void apply(State& state, const SnapshotBegan& change);
void apply(State& state, const IssuesArrived& change);
void apply(State& state, const SnapshotEnded& change);
void apply(State& state, const ProjectArrived& change);
void apply(State& state, const AreaArrived& change);
void apply(State& state, const LabelArrived& change);
void apply(State& state, const WorkflowArrived& change);
void apply(State& state, const ViewArrived& change);
void apply(State& state, const CommentArrived& change);
void apply(State& state, const AttachmentArrived& change);
void apply(State& state, const RelationArrived& change);
void apply(State& state, const GitLinkArrived& change);
void apply(State& state, const NounGone& change);
void apply(State& state, const DescriptionArrived& change);
void apply(State& state, const CommentsArrived& change);
void apply(State& state, const AttachmentsArrived& change);
void apply(State& state, const UploadsChanged& change);
void apply(State& state, const TransferChanged& change);
void apply(State& state, const GitLinksArrived& change);
void apply(State& state, const ActivityArrived& change);
void apply(State& state, const TextHitsArrived& change);
void apply(State& state, const ChangeIdReached& change);
void apply(State& state, const SyncChanged& change);
void apply(State& state, const QueueChanged& change);
void apply(State& state, const ConflictFound& change);
void apply(State& state, const WordsSetAside& change);
void apply(State& state, const ConflictSettled& change);
void apply(State& state, const IssueMissing& change);

void apply(State& state, const SignedIn& change);
void apply(State& state, const SignedOut& change);
void apply(State& state, const SessionLost& change);
void apply(State& state, const SetupNeeded& change);
void apply(State& state, const FormSent& change);
void apply(State& state, const FormAnswered& change);
void apply(State& state, const SessionsArrived& change);
void apply(State& state, const TokensArrived& change);
void apply(State& state, const BackupsArrived& change);
void apply(State& state, const TokenMade& change);

void apply(State& state, const Ticked& change);
void apply(State& state, const Navigated& change);
void apply(State& state, const QueryTyped& change);
void apply(State& state, const QueryRemembered& change);
void apply(State& state, const CursorMoved& change);
void apply(State& state, const CursorWent& change);
void apply(State& state, const CalendarChanged& change);
void apply(State& state, const PlanChanged& change);
void apply(State& state, const ScrollDone& change);
void apply(State& state, const SelectionChanged& change);
void apply(State& state, const SelectionToggled& change);
void apply(State& state, const GroupFolded& change);
void apply(State& state, const DisplayChanged& change);
void apply(State& state, const AppearanceChanged& change);
void apply(State& state, const EnvironmentChanged& change);
void apply(State& state, const ModeChanged& change);
void apply(State& state, const RegionFocused& change);
void apply(State& state, const SidebarCursorMoved& change);
void apply(State& state, const KeysPending& change);
void apply(State& state, const PickerOpened& change);
void apply(State& state, const PickerChanged& change);
void apply(State& state, const PickerClosed& change);
void apply(State& state, const CaretMenuChanged& change);
void apply(State& state, const PaletteChanged& change);
void apply(State& state, const PaletteClosed& change);
void apply(State& state, const CommandRemembered& change);
void apply(State& state, const DialogChanged& change);
void apply(State& state, const DialogClosed& change);
void apply(State& state, const QuickCreateChanged& change);
void apply(State& state, const QuickCreateClosed& change);
void apply(State& state, const EditorOpened& change);
void apply(State& state, const EditorTyped& change);
void apply(State& state, const EditorClosed& change);
void apply(State& state, const EditorSaved& change);
void apply(State& state, const DraftKept& change);
void apply(State& state, const DraftTaken& change);
void apply(State& state, const DraftDropped& change);
void apply(State& state, const DraftsLoaded& change);
void apply(State& state, const DragChanged& change);
void apply(State& state, const ToastShown& change);
void apply(State& state, const VersionOffered& change);
void apply(State& state, const ToastDismissed& change);
void apply(State& state, const Announced& change);
void apply(State& state, const PageItemMoved& change);
void apply(State& state, const PageScrolled& change);
void apply(State& state, const StudioChanged& change);
void apply(State& state, const SystemChanged& change);
void apply(State& state, const InsightsChanged& change);
void apply(State& state, const UndoStackChanged& change);

// Shared by the parts: a noun in its list, in place of the one with its id.
template <typename Noun>
void put_noun(std::vector<Noun>& nouns, const Noun& noun) {
  for (Noun& here : nouns) {
    if (here.id == noun.id) {
      here = noun;
      return;
    }
  }
  nouns.push_back(noun);
}

void show_toast(State& state, Toast toast);
// Tells the user once that the text which is being written was changed elsewhere.
void note_overtaken_editor(State& state, const Issue& issue);

}  // namespace dits::web
