// A user as JSON: never with anything secret.
#pragma once

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"
#include "shared/model/user.hpp"

namespace dits {

Json user_to_json(const User& user);

// Sets the fields that `values` has, as an audit entry or our own server gives them; unknown ones are passed
// over.
Result<void> apply_user_values(const Json& values, User& user);
// A whole user as our own server sent it.
Result<User> user_from_json(const Json& json);

// Body of PATCH /auth/me. Errors: invalid with every refused field.
Result<UserPatch> user_patch_from_json(const Json& body);
Json user_patch_to_json(const UserPatch& patch);

// The name of the time zone among a user's preferences, "Europe/Vienna"; empty when there is none.
std::string time_zone_from_preferences(std::string_view preferences);
// The preferences with this one.
std::string preferences_with_time_zone(std::string_view preferences, std::string_view name);

}  // namespace dits
