#include "shared/model/user.hpp"

#include "shared/core/names.hpp"
#include "shared/core/text.hpp"
#include "shared/model/checks.hpp"

namespace dits {

namespace {

constexpr Names<2> role_names = {"USER", "ADMIN"};

}  // namespace

std::string_view name_of(Role role) { return name_in(role_names, role); }
Result<Role> role_from_name(std::string_view name) { return value_in<Role>(role_names, name, "role"); }

void apply(const UserPatch& patch, User& user) {
  if (patch.name) user.name = *patch.name;
  if (patch.avatar) user.avatar = *patch.avatar;
  if (patch.preferences) user.preferences = *patch.preferences;
}

namespace {

bool has_invisible_character(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!is_visible(take_code_point(text, at))) return true;
  }
  return false;
}

}  // namespace

Result<void> validate_email(std::string_view email) {
  const std::size_t at_sign = email.find('@');
  const std::string_view domain = at_sign == std::string_view::npos ? "" : email.substr(at_sign + 1);
  const bool has_bad_character = has_invisible_character(email) || email.find(',') != std::string_view::npos;
  const bool has_bad_dot = domain.empty() || domain.front() == '.' || domain.back() == '.' ||
                           domain.find("..") != std::string_view::npos;
  if (email.size() < 3 || email.size() > 254 || at_sign == 0 || has_bad_dot || has_bad_character ||
      domain.find('@') != std::string_view::npos || !is_storable_text(email)) {
    return invalid("email", "Must be an e-mail address such as ada@example.org");
  }
  return {};
}

Result<void> validate_user_name(std::string_view name) {
  Refusals refusals;
  check_name(refusals, "name", name, 100);
  return refusals.result();
}

Result<void> validate_password(std::string_view password) {
  if (!is_storable_text(password)) return invalid("password", "Must be valid UTF-8 without a NUL character");
  const std::size_t count = count_code_points(password);
  if (count < 8) return invalid("password", "Must have at least 8 characters");
  if (count > 128) return invalid("password", "Must have at most 128 characters");
  return {};
}

}  // namespace dits
