#include "shared/json/user_json.hpp"

#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

Json user_to_json(const User& user) {
  ObjectValue out;
  out.put("id", user.id);
  out.put("email", user.email);
  out.put("name", user.name);
  out.put("avatar", user.avatar);
  out.put("preferences", StoredJson{user.preferences});
  out.put("role", name_of(user.role));
  out.put("createdAt", user.created_at);
  out.put("updatedAt", user.updated_at);
  return out.take();
}

Result<void> apply_user_values(const Json& values, User& user) {
  FieldReader reader(values);
  reader.read("id", user.id);
  reader.read("email", user.email);
  reader.read("name", user.name);
  reader.read("avatar", user.avatar);
  reader.read_stored("preferences", user.preferences);
  reader.read_enum("role", user.role, role_from_name);
  reader.read("createdAt", user.created_at);
  reader.read("updatedAt", user.updated_at);
  return reader.result();
}

Result<User> user_from_json(const Json& json) {
  User user;
  TRY(apply_user_values(json, user));
  return user;
}

Result<UserPatch> user_patch_from_json(const Json& body) {
  FieldReader reader(body);
  UserPatch patch;
  if (reader.read_change("name", patch.name)) {
    if (const Result<void> valid = validate_user_name(*patch.name); !valid) reader.refuse(valid.error());
  }
  reader.read_change("avatar", patch.avatar);
  reader.read_stored_change("preferences", patch.preferences);
  reader.refuse_read_only({"id", "email", "role", "createdAt", "updatedAt"});
  TRY(reader.finish());
  return patch;
}

Json user_patch_to_json(const UserPatch& patch) {
  ObjectValue out;
  if (patch.name) out.put("name", *patch.name);
  if (patch.avatar) out.put("avatar", *patch.avatar);
  if (patch.preferences) out.put("preferences", StoredJson{*patch.preferences});
  return out.take();
}

std::string time_zone_from_preferences(std::string_view preferences) {
  const Json json = json_from_stored(preferences);
  const auto zone = json.find("timeZone");
  const auto* name = zone == json.end() ? nullptr : zone->get_ptr<const std::string*>();
  return name == nullptr ? std::string() : *name;
}

std::string preferences_with_time_zone(std::string_view preferences, std::string_view name) {
  Json json = json_from_stored(preferences);
  if (!json.is_object()) json = Json::object();
  json["timeZone"] = std::string(name);
  return dump(json);
}

}  // namespace dits
