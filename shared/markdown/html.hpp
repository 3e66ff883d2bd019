// The HTML that stands in markdown: what GitHub draws of it. Nothing of it is ever run or given to a browser.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dits::markdown {

// What a tag means for the text within it.
enum class TagEffect : std::uint8_t {
  none,       // <span>: the text alone matters
  bold,       // <b>
  italic,     // <i>
  struck,     // <del>
  code,       // <kbd>
  raised,     // <sup>
  lowered,    // <sub>
  link,       // <a>
  image,      // <img>
  line,       // <br>
  space,      // <td>: stands apart from what is before it
  paragraph,  // <div>: begins and ends one
  item,       // <li>: as a paragraph, with a mark before it
  verbatim,   // <pre>: code, with its spaces
  rule,       // <hr>
  details,    // <details>: folds what is within, but for its summary
  summary,    // <summary>; elsewhere a paragraph
};

struct HtmlPiece {
  enum class Kind : std::uint8_t { text, opening, closing } kind = Kind::text;
  TagEffect effect = TagEffect::none;
  bool is_bold_paragraph = false;  // <summary>, <h2>
  bool is_open = false;            // <details open>
  std::string_view tag = {};       // its name; lives as long as the program
  std::string text = {};           // of a text, entities resolved; of an image, what stands for it
  std::string address = {};        // of a link or image
};

// Comments are left out. A tag that GitHub would not draw is the text that it is, as is what only looks like
// one. Linear in `html`.
std::vector<HtmlPiece> html_pieces(std::string_view html);

}  // namespace dits::markdown
