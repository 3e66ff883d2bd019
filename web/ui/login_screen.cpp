// A sheet of an editor: line numbers every 34, and the live line lit across the page.
#include "web/ui/login_screen.hpp"

#include <array>
#include <cmath>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/mode_line.hpp"
#include "web/widgets/text_field.hpp"

namespace dits::web {

namespace {

constexpr float line = 34;
constexpr float gutter = 72;

// What is being typed; it leaves with the form and is never kept.
struct FormText {
  std::string name;
  std::string email;
  std::string password;
  std::string again;
  bool shows_password = false;
  struct Complaints {  // what is wrong with each field
    std::string name;
    std::string email;
    std::string password;
    std::string again;
  } complaints;
  float live_line = -1;  // y of the lit line, from the frame before
};
FormText form;

void draw_sheet(Rect r) {
  const theme::Palette& c = theme::colors();
  fill(r, c.bg_canvas);
  if (is_phone()) return;
  if (form.live_line >= 0) fill({r.x, form.live_line, r.w, line}, c.bg_selected);
  const Rect side{r.x, r.y, gutter, r.h};
  fill(side, c.bg_panel);
  vertical_line(side.right() - 1, side.y, side.h, c.border_default);
  int number = 1;
  for (float y = r.y; y < r.bottom(); y += line, ++number) {
    const bool is_live = std::abs(y - form.live_line) < 1;
    const Rect cell{side.x, y, side.w - 1, line};
    if (is_live) fill(cell, c.bg_selected);
    draw_text_in({cell.x, cell.y, cell.w - 15, cell.h},
                 std::to_string(number),
                 is_live ? theme::mono_medium : theme::mono,
                 is_live ? c.accent_text : c.text_disabled,
                 Align::right);
  }
}

// The column, its top on a line of the sheet.
Rect form_column(Rect r, float width, int lines) {
  if (is_phone()) return {r.x + 16, r.y + 40, r.w - 32, r.h - 40};
  const float free = std::max(0.0f, r.h - static_cast<float>(lines) * line);
  const float top = r.y + std::floor(free / 2 / line) * line;
  const float w = std::min(width, r.w - gutter - 32);
  return {r.x + std::max(gutter + 16, (r.w - w) / 2), top, w, static_cast<float>(lines) * line};
}

struct FieldText {
  HeldText id;
  HeldText label;
  HeldText placeholder = {};
  bool is_secret = false;
  bool takes_focus = false;
};

// A label on one line and its field on the next. True on Enter.
bool form_field(Rect& column, const FieldText& field, std::string& text, std::string_view error) {
  const theme::Palette& c = theme::colors();
  const Rect label = cut_top(column, line);
  draw_text(label.x, label.center_y(), field.label, theme::body_medium, c.text_primary);
  const Rect r = cut_top(column, line);
  TextFieldOptions options;
  options.name = field.label;
  options.placeholder = field.placeholder;
  options.is_secret = field.is_secret && !form.shows_password;
  options.takes_focus = field.takes_focus;
  options.keeps_caret = true;
  options.error = error;
  options.room_right = field.is_secret ? 26 : 0;
  const TextFieldEvents events = text_field(field.id, r, text, options);
  if (events.changed) form.complaints = {};
  if (events.focused) form.live_line = r.y;
  if (field.is_secret) {
    const std::string eye = std::string(field.id) + "-eye";
    const Rect place{r.right() - 31, r.y + 3, 28, 28};
    const char* icon = form.shows_password ? icons::eye_off : icons::eye;
    if (icon_button(eye,
                    place,
                    icon,
                    form.shows_password ? "Hide the password" : "Show the password",
                    {.color = c.text_tertiary})) {
      form.shows_password = !form.shows_password;
    }
  }
  if (!error.empty()) field_error(column.x, cut_top(column, 22).y, column.w, error);
  return events.submitted;
}

std::string_view error_for(const FormState& state, std::string_view field) {
  if (!state.error) return {};
  for (const FieldError& each : state.error->fields) {
    if (each.field == field) return each.message;
  }
  return state.error->field == field ? std::string_view(state.error->message) : std::string_view{};
}

// An error that belongs to no field.
std::string_view general_error(const FormState& state) {
  if (!state.error || !state.error->field.empty() || !state.error->fields.empty()) return {};
  return state.error->message;
}

void draw_brand(Rect& column, std::string_view title, std::string_view text) {
  const theme::Palette& c = theme::colors();
  const Rect head = cut_top(column, line);
  draw_logo(head.x + 13, head.center_y(), 26);
  draw_text(head.x + 36, head.center_y(), title, theme::page, c.text_primary);
  mirror(id_of("heading"), head, {.role = Aria::heading, .name = title, .level = 1});
  const Rect second = cut_top(column, line);
  draw_text_in(second, text, theme::body, c.text_secondary);
  mirror(id_of("subtitle"), second, {.role = Aria::text, .name = text});
}

}  // namespace

void forget_login_forms() {
  if (!form.email.empty() || !form.password.empty() || !form.name.empty()) form = {};
}

void login_screen(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("login");
  Rect rest = r;
  if (!is_phone())
    plain_mode_line({"LOGIN", "not signed in", {{"Tab", "next field"}, {"⏎", "sign in"}}},
                    cut_bottom(rest, theme::mode_line_height));
  draw_sheet(rest);
  form.live_line = -1;
  Rect column = form_column(rest, 368, 11);
  const a11y::Scope main(scope_node(id_of("main"), column, Aria::main, "Sign in"));
  const a11y::Scope scope(scope_node(id_of("form"), column, Aria::form, "Sign in"));
  draw_brand(column, "dits", "Sign in to your tracker");
  const FormState& answer = state.session.login;
  bool is_sent =
      form_field(column, {"email", "Email", {}, false, true}, form.email, error_for(answer, "email"));
  const std::string_view wrong = general_error(answer);
  // Refused: the caret is in the password again, whoever sent it.
  static bool was_refused = false;
  const bool is_refused = answer.error.has_value() && !answer.is_sending;
  if (is_refused && !was_refused) focus_text_field(text_field_id("password"));
  was_refused = is_refused;
  is_sent |= form_field(column,
                        {"password", "Password", {}, true},
                        form.password,
                        wrong.empty() ? error_for(answer, "password") : wrong);
  cut_top(column, 10);
  const Rect button_place = cut_top(column, large_button_height);
  const bool is_ready = !form.email.empty() && !form.password.empty() && !answer.is_sending;
  ButtonOptions sign_in{.kind = ButtonKind::primary, .keys = "⏎", .is_large = true, .is_disabled = !is_ready};
  if (!is_ready && !answer.is_sending) sign_in.tip = "Fill in email and password";
  is_sent |= button("sign-in", button_place, answer.is_sending ? "Signing in…" : "Sign in", sign_in);
  if (is_sent && is_ready) out.run("session.sign_in", Credentials{form.email, form.password, {}});
  cut_top(column, 16);
  const Rect hint = cut_top(column, 20);
  float x = hint.x + draw_text(hint.x, hint.center_y(), "Forgot it? Run ", theme::small, c.text_tertiary);
  x += draw_text(x, hint.center_y(), "dits user passwd", theme::mono, c.text_secondary);
  draw_text(x, hint.center_y(), " on the server.", theme::small, c.text_tertiary);
  constexpr std::string_view first =
      "No account yet? The first one is made with the link that DITS printed when it started.";
  const float height = draw_wrapped(hint.x, hint.bottom() + 4, hint.w, first, theme::small, c.text_tertiary);
  mirror(id_of("first-account"),
         {hint.x, hint.bottom() + 4, hint.w, height},
         {.role = Aria::text, .name = first});
}

namespace {

// A step: its ring, its title, and where it stands.
void step_line(
    Rect& column, Rect sheet, std::string_view title, std::string_view detail, Ring ring, bool is_current) {
  const theme::Palette& c = theme::colors();
  const Rect r = cut_top(column, line);
  if (is_current && !is_phone()) {
    fill({sheet.x + gutter, r.y, sheet.w - gutter, line}, c.bg_selected);
  }
  const theme::TextStyle style = is_current ? theme::title : theme::body;
  const float size = is_current ? 17.0f : 14.0f;
  draw_ring(r.x + size / 2, r.center_y(), ring, size, is_current ? c.bg_selected : c.bg_canvas);
  float x = r.x + size + 10;
  x += draw_text(x, r.center_y(), title, style, ring == Ring::done ? c.text_tertiary : c.text_primary) + 10;
  draw_text_in({x, r.y, std::max(0.0f, r.right() - x), r.h}, detail, theme::small, c.text_tertiary);
  a11y::Node node;
  node.role = Aria::listitem;
  node.name = title;
  if (is_current) node.current = a11y::Current::step;
  mirror(id_of(title), r, node);
}

std::string complaint_of(const Result<void>& valid) { return valid ? std::string{} : valid.error().message; }

// Everything that is wrong is told at once, each at its field.
void send_first_account(Outbox& out) {
  FormText::Complaints& wrong = form.complaints;
  wrong.name = complaint_of(validate_user_name(form.name));
  wrong.email = complaint_of(validate_email(form.email));
  wrong.password = complaint_of(validate_password(form.password));
  wrong.again = form.password == form.again ? "" : "The two passwords differ";
  const bool is_good =
      wrong.name.empty() && wrong.email.empty() && wrong.password.empty() && wrong.again.empty();
  if (is_good) out.run("session.set_up", Credentials{form.email, form.password, form.name});
}

}  // namespace

void first_run_screen(const State& state, Outbox& out, Rect r) {
  const IdScope ids("setup");
  Rect rest = r;
  if (!is_phone())
    plain_mode_line({"SETUP", "the first account", {{"Tab", "next field"}, {"⏎", "continue"}}},
                    cut_bottom(rest, theme::mode_line_height));
  form.live_line = -1;
  draw_sheet(rest);
  Rect column = form_column(rest, 568, 18);
  const a11y::Scope main(scope_node(id_of("main"), column, Aria::main, "First run"));
  draw_brand(
      column, "Welcome. First an account.", "Everything stays on this machine, in a database of its own.");
  cut_top(column, line);
  step_line(column, rest, "Choose a name and password", "", Ring::progress, true);
  const FormState& answer = state.session.setup;
  Rect fields = column;
  fields.x += is_phone() ? 0.0f : 27.0f;
  fields.w = std::min(fields.w - (is_phone() ? 0.0f : 27.0f), 380.0f);
  bool is_sent = false;
  {
    const a11y::Scope scope(scope_node(id_of("form"), fields, Aria::form, "First account"));
    const auto error_of = [&](const std::string& complaint, std::string_view field) {
      return complaint.empty() ? error_for(answer, field) : std::string_view(complaint);
    };
    const FormText::Complaints wrong = form.complaints;  // typing clears them
    is_sent |= form_field(fields, {"name", "Name", {}, false, true}, form.name, error_of(wrong.name, "name"));
    is_sent |= form_field(fields, {"email", "Email"}, form.email, error_of(wrong.email, "email"));
    is_sent |= form_field(
        fields, {"password", "Password", {}, true}, form.password, error_of(wrong.password, "password"));
    is_sent |= form_field(fields,
                          {"again", "Password again", {}, true},
                          form.again,
                          wrong.again.empty() ? general_error(answer) : std::string_view(wrong.again));
    cut_top(fields, 10);
    Rect bar = cut_top(fields, large_button_height);
    const std::string_view word = answer.is_sending ? "Making the account…" : "Make the account";
    const ButtonOptions options{
        .kind = ButtonKind::primary, .keys = "⏎", .is_large = true, .is_disabled = answer.is_sending};
    is_sent |= button_left(bar, "make", word, options);
  }
  if (is_sent && !answer.is_sending) send_first_account(out);
  column.y = fields.y + 24;
  step_line(column,
            rest,
            "Then sort your work",
            "make a project, an area and labels as you need them",
            Ring::todo,
            false);
  step_line(column, rest, "Or bring issues", "dits import github FILE, or start empty", Ring::todo, false);
}

}  // namespace dits::web
