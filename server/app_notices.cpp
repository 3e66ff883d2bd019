// What other servers of the same database tell this one, and what it then forgets.
#include "server/app.hpp"
#include "server/service/channels.hpp"

namespace dits {

void App::hear(const Notice& notice, Notifications& answers) {
  if (notice.channel == changes_channel) event_bus_.receive(notice.payload);
  if (notice.channel == revocations_channel) {
    credential_memory_.forget_all();
    session_cache_.doubt();
  }
  if (notice.channel == names_channel) {
    const Result<UserId> user_id = parse_id<UserTag>(notice.payload);
    if (user_id) names_memory_.forget(*user_id);
    if (user_id) services_.write_groups->forget_names(*user_id);
    if (!user_id) forget_all_names();
  }
  if (notice.channel == ask_channel) answers.send(figures_channel, figures());
  if (notice.channel == figures_channel) hear_figures(notice.payload);
  roll_call_.hear(notice, answers);
}

void App::forget_what_was_remembered() {
  credential_memory_.forget_all();
  forget_all_names();
}

void App::forget_all_names() {
  names_memory_.forget_all();
  services_.write_groups->forget_all_names();
}

}  // namespace dits
