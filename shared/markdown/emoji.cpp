#include "shared/markdown/emoji.hpp"

#include <algorithm>

namespace dits::markdown {

namespace {

// Name and character, by name; what people write in trackers.
constexpr std::string_view emoji_names =
    "+1👍 -1👎 100💯 alarm_clock⏰ art🎨 beetle🪲 bell🔔 blue_heart💙 bomb💣 book📖 "
    "boom💥 "
    "brain🧠 "
    "bug🐛 "
    "bulb💡 cake🎂 calendar📅 camera📷 chart📈 clap👏 cloud☁️ coffee☕ computer💻 "
    "confetti🎊 "
    "construction🚧 cry😢 dart🎯 dash💨 dizzy💫 dog🐶 door🚪 earth🌍 egg🥚 email📧 "
    "exclamation❗ "
    "eyes👀 "
    "facepalm🤦 fire🔥 fish🐟 flag🚩 gear⚙️ gem💎 ghost👻 gift🎁 globe🌐 grin😁 "
    "hammer🔨 "
    "heart❤️ "
    "hourglass⏳ house🏠 hug🤗 inbox📥 joy😂 key🔑 laptop💻 laugh😆 link🔗 lock🔒 mag🔍 "
    "mega📣 "
    "memo📝 "
    "microscope🔬 money💰 moon🌙 muscle💪 nerd🤓 no_entry⛔ ok👌 package📦 paperclip📎 "
    "party🎉 "
    "pencil✏️ "
    "phone📱 pin📌 poop💩 pray🙏 pushpin📌 question❓ rainbow🌈 recycle♻️ rocket🚀 "
    "rotating_light🚨 "
    "sad😞 scissors✂️ scream😱 shield🛡️ ship🚢 shrug🤷 skull💀 sleeping😴 smile😄 "
    "smirk😏 "
    "snail🐌 "
    "snake🐍 snowflake❄️ sob😭 sparkles✨ star⭐ stop🛑 sun☀️ sweat😅 tada🎉 target🎯 "
    "test_tube🧪 "
    "thinking🤔 thumbsdown👎 thumbsup👍 ticket🎫 tool🛠️ truck🚚 turtle🐢 umbrella☔ "
    "unlock🔓 "
    "warning⚠️ wave👋 wheelchair♿ white_check_mark✅ wink😉 wrench🔧 x❌ zap⚡ zzz💤";

// Where the entry begins in which this byte is, or which ends before it; none begins before `low`.
std::size_t begin_of_entry(std::size_t low, std::size_t at) {
  const std::size_t blank = at == low ? std::string_view::npos : emoji_names.rfind(' ', at - 1);
  return blank == std::string_view::npos ? low : std::max(low, blank + 1);
}

// The character of this name; empty when there is none. Halves the table, which is in order, at each step.
std::string_view emoji_named(std::string_view name) {
  std::size_t low = 0;
  std::size_t high = emoji_names.size();
  while (low < high) {
    const std::size_t begin = begin_of_entry(low, low + (high - low) / 2);
    std::string_view rest = emoji_names.substr(begin);
    Emoji emoji;
    take_emoji(rest, emoji);
    if (emoji.name == name) return emoji.character;
    if (emoji.name < name) {
      low = emoji_names.size() - rest.size();
    } else {
      high = begin;
    }
  }
  return {};
}

}  // namespace

std::string_view all_emoji() { return emoji_names; }

bool take_emoji(std::string_view& rest, Emoji& emoji) {
  if (rest.empty()) return false;
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const auto first = std::find_if(rest.begin(), rest.end(), [](char c) { return (c & 0x80) != 0; });
  const auto letters = static_cast<std::size_t>(first - rest.begin());
  emoji = {rest.substr(0, letters), rest.substr(letters, end - letters)};
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return true;
}

bool find_emoji(std::string_view text, std::size_t at, EmojiPlace& found) {
  constexpr std::size_t longest_name = 20;
  for (std::size_t colon = text.find(':', at); colon != std::string_view::npos;) {
    const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_+-", colon + 1);
    if (end == std::string_view::npos) return false;
    const std::string_view name = text.substr(colon + 1, end - colon - 1);
    const bool may_be_one = text[end] == ':' && name.size() <= longest_name;
    const std::string_view character = may_be_one ? emoji_named(name) : std::string_view();
    if (!character.empty()) {
      found = {colon, end + 1, character};
      return true;
    }
    colon = text.find(':', end);
  }
  return false;
}

std::string with_emoji(std::string_view text) {
  std::string out;
  std::size_t copied = 0;
  for (EmojiPlace emoji; find_emoji(text, copied, emoji); copied = emoji.end) {
    out += text.substr(copied, emoji.begin - copied);
    out += emoji.character;
  }
  out += text.substr(copied);
  return out;
}

}  // namespace dits::markdown
