#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "shared/markdown/blocks.hpp"
#include "shared/markdown/emoji.hpp"
#include "shared/markdown/tasks.hpp"
#include "shared/markdown/title.hpp"

namespace dits::markdown {

namespace {

std::string shown(const std::vector<Span>& spans) {
  std::string out;
  for (const Span& span : spans) {
    const std::string style = std::string(span.is_bold ? "b" : "") + (span.is_italic ? "i" : "") +
                              (span.is_struck ? "s" : "") + (span.is_code ? "c" : "") +
                              (span.is_raised ? "^" : "") + (span.is_lowered ? "_" : "");
    std::string piece = span.text;
    switch (span.kind) {
      case SpanKind::text:
      case SpanKind::footnote:
        break;
      case SpanKind::link:
        piece = "[" + span.text + "](" + span.target + ")";
        break;
      case SpanKind::image:
        piece = "![" + span.text + "](" + span.target + ")";
        break;
      case SpanKind::mention:
        piece = "@" + std::to_string(span.number);
        break;
      case SpanKind::line_break:
        piece = "/";
        break;
    }
    out += style.empty() ? piece : "<" + style + ":" + piece + ">";
  }
  return out;
}

// One line for a tree: kind, what belongs to it, children in braces.
std::string shown(const std::vector<Block>& blocks) {
  std::string out;
  for (const Block& block : blocks) {
    if (!out.empty()) out += " ";
    switch (block.kind) {
      case BlockKind::heading:
        out += "h" + std::to_string(block.level) + ":";
        break;
      case BlockKind::paragraph:
        out += "p:";
        break;
      case BlockKind::list:
        out += block.is_ordered ? "ol" + std::to_string(block.first_number) : "ul";
        break;
      case BlockKind::item:
        out += block.task == Task::none ? "li" : block.task == Task::done ? "[x]" : "[ ]";
        break;
      case BlockKind::quote:
        out += "quote";
        break;
      case BlockKind::details:
        out += block.is_open ? "open:" : "details:";
        break;
      case BlockKind::code:
        out += "code(" + block.language + "):" + block.text;
        break;
      case BlockKind::table:
        out += "table";
        break;
      case BlockKind::rule:
        out += "hr";
        break;
    }
    out += shown(block.spans);
    if (!block.children.empty()) out += "{" + shown(block.children) + "}";
    for (const auto& row : block.rows) {
      out += "|";
      for (const auto& cell : row) out += shown(cell) + "|";
    }
    for (const Alignment alignment : block.alignments) out += "lcr"[static_cast<std::size_t>(alignment)];
  }
  return out;
}

std::string shown(const std::vector<TitlePiece>& pieces) {
  std::string out;
  for (const TitlePiece& piece : pieces)
    out += piece.is_code ? "<c:" + std::string(piece.text) + ">" : std::string(piece.text);
  return out;
}

struct Case {
  const char* text;
  const char* shown;
};

}  // namespace

TEST_CASE("markdown becomes blocks and spans") {
  constexpr Case cases[] = {
      {"", ""},
      {"# A\n\nb *c* **d** ~~e~~ `f`", "h1:A p:b <i:c> <b:d> <s:e> <c:f>"},
      {"***x***", "p:<bi:x>"},
      {"a\nb  \nc<br>d", "p:a/b/c/d"},
      {"- a\n- b\n  - c", "ul{li{p:a} li{p:b ul{li{p:c}}}}"},
      {"3. a\n4. b", "ol3{li{p:a} li{p:b}}"},
      {"- [ ] a\n- [x] **b**", "ul{[ ]{p:a} [x]{p:<b:b>}}"},
      {"> a\n>\n> b", "quote{p:a p:b}"},
      {"```Python x\nprint(1)\n```", "code(python):print(1)\n"},
      {"    indented", "code():indented\n"},
      {"---", "hr"},
      {"|a|b|\n|:-:|--:|\n|1|`x`|", "table|a|b||1|<c:x>|cr"},
      {"[a](https://x.y/z) <https://q.r> www.s.t",
       "p:[a](https://x.y/z) [https://q.r](https://q.r) [www.s.t](http://www.s.t)"},
      {"see https://a.b/c?d=1, or mail a@b.cd",
       "p:see [https://a.b/c?d=1](https://a.b/c?d=1), or mail [a@b.cd](mailto:a@b.cd)"},
      {"[a](docs/a.md) [b](#part) [c](?q=d) ![e](e.png)", "p:a b c ![e]()"},
      {"[a](javascript:alert(1)) [b](data:text/html,x) [c](/issues/1)", "p:a b [c](/issues/1)"},
      {"[x](java&#x73;cript:alert(1)) [y](JAVASCRIPT:a) [z](vbscript:a)", "p:x y z"},
      {"![alt *text*](https://x.y/i.png) ![e](javascript:x)", "p:![alt text](https://x.y/i.png) ![e]()"},
      {"fixes #12, (#7) a#3 ##4 #0 #5x &#9; `#8` [#6](https://x.y)",
       "p:fixes @12, (@7) a#3 ##4 #0 #5x \xEF\xBF\xBD <c:#8> [#6](https://x.y)"},
      {"&amp; &lt;b&gt; &unknown; &#228; &mdash;", "p:& <b> &unknown; ä —"},
      {"<div>hi</div>", "p:hi"},
      {"a <b>c</b>", "p:a <b:c>"},
      {"**[a](https://x.y) #1**", "p:<b:[a](https://x.y)><b: ><b:@1>"},
  };
  for (const Case& each : cases) {
    CAPTURE(std::string(each.text));
    CHECK(shown(parse(each.text)) == each.shown);
  }
}

TEST_CASE("HTML is drawn as GitHub draws it: its words, and what its tags mean for them") {
  constexpr Case cases[] = {
      {"**Version:** 1\n**OS:** Debian\n\n<!-- hidden -->\n\n<kbd>K</kbd>",
       "p:<b:Version:> 1/<b:OS:> Debian p:<c:K>"},
      {"| `x \\| y` |\n|---|\n| 1 |", "table|<c:x | y>||1|l"},
      {"a <!-- b --> c", "p:a  c"},
      {"<!-- a\n\nb -->\nc", "p:c"},
      {"<!-- never closed\n\nsecret", ""},
      {"<details>\n<summary>More <i>of it</i></summary>\n\n- a\n\n</details>\n\nb",
       "details:More <i:of it>{ul{li{p:a}}} p:b"},
      {"<details OPEN><summary><i>a</i> b</summary>c</details>d", "open:<i:a> b{p:c} p:d"},
      {"<details open=\"\">\n\na\n\n</details>", "open:Details{p:a}"},
      {"<details><summary><h3>a</h3></summary>\n\n```\nx\n```\n</details>\nb",
       "details:<b:a>{code():x\n} p:b"},
      {"<details>\n<summary>\n\n**a**\n\nb\n\n</summary>\n\nc\n</details>", "details:<b:a>/b{p:c}"},
      {"<details><summary>a</summary>\n\n<details><summary>b</summary>\n\nc\n\n</details>\n\nd\n\n</details>",
       "details:a{details:b{p:c} p:d}"},
      {"- <details><summary>a</summary>\n\n  b\n- c", "ul{li{details:a{p:b}} li{p:c}}"},
      {"<details><summary>a</summary>\n\n- b\n  </details>\n\nc", "details:a{ul{li{p:b}} p:c}"},
      {"> <details><summary>a\n\nb", "quote{details:a} p:b"},
      {"</details>a<summary>b</summary>", "p:a p:<b:b>"},
      {"<details>a<summary>b</summary></details>", "details:Details{p:a p:<b:b>}"},
      {"x <details>y</details>", "p:x y"},
      {"<p align=\"center\">a<br>b\n  c</p>d", "p:a/b c p:d"},
      {"<ul><li>a</li><li>b</ul>", "p:• a p:• b"},
      {"<table><tr><td>a</td><td>b</td></tr></table>", "p:a b"},
      {"<pre>\n a  b\n  c</pre>", "code(): a  b\n  c"},
      {"<hr>", "hr"},
      {"<a href=\"https://x.y/?a=1&amp;b=2\">go</a> <a href='javascript:x'>no</a>",
       "p:[go](https://x.y/?a=1&b=2) no"},
      {"<img src=\"/i.png\" alt='a \"b\"'> <img src=javascript:x>", "p:![a \"b\"](/i.png) ![]()"},
      {"H<sub>2</sub>O <sup>x</sup> <del>d</del> <KBD>Ctrl</kbd>", "p:H<_:2>O <^:x> <s:d> <c:Ctrl>"},
      {"<script>alert(1)</script>", "p:<script>alert(1)</script>"},
      {"a <unknown b=\"c\">d</unknown>", "p:a <unknown b=\"c\">d</unknown>"},
      {"<div>1 < 2 &lt; 3 & 4 <b", "p:1 < 2 < 3 & 4 <b"},
      {"<b>a\n\nb</b>", "p:<b:a> p:b"},
      {"**a <i>b** c</i> d", "p:<b:a ><bi:b><i: c> d"},
      {"[a <b>b](/x) c</b>", "p:[a ](/x)<b:[b](/x)><b: c>"},
      {"H~2~O ~~a~~ ~b~", "p:H~2~O <s:a> <s:b>"},
  };
  for (const Case& each : cases) {
    CAPTURE(std::string(each.text));
    CHECK(shown(parse(each.text)) == each.shown);
  }
}

TEST_CASE("boxes within details are boxes") {
  const std::vector<Block> blocks =
      parse("<details><summary>a</summary>\n\n<details>\n\n- [x] b\n\n</details>\n\n- [ ] c\n\n</details>");
  CHECK(count_tasks(blocks).all == 2);
  CHECK(count_tasks(blocks).done == 1);
}

TEST_CASE("details within details, however many, are no deeper than other blocks") {
  std::string text;
  for (int depth = 0; depth < 1000; ++depth) text += "<details><summary>s</summary>\n\n";
  const std::vector<Block> blocks = parse(text);
  std::size_t depth = 0;
  for (const std::vector<Block>* level = &blocks; !level->empty(); level = &level->back().children) ++depth;
  CHECK(depth <= max_block_depth + 4);
}

TEST_CASE("names of emoji between colons are the characters that the choices at the caret write") {
  constexpr Case cases[] = {
      {"a :bug: :smile::tada:b", "p:a 🐛 😄🎉b"},
      {"`:bug:` <kbd>:bug:</kbd>", "p:<c::bug:> <c::bug:>"},
      {"at 10:30:45, :unknown: ::bug::", "p:at 10:30:45, :unknown: :🐛:"},
      {":+1: [:bug:](/a:bug:)", "p:👍 [🐛](/a:bug:)"},
      {":bug", "p::bug"},
  };
  for (const Case& each : cases) {
    CAPTURE(std::string(each.text));
    CHECK(shown(parse(each.text)) == each.shown);
  }
  std::string_view rest = all_emoji();
  int count = 0;
  for (Emoji emoji; take_emoji(rest, emoji); ++count) {
    CAPTURE(std::string(emoji.name));
    const std::string name = ":" + std::string(emoji.name) + ":";
    CHECK(with_emoji(name) == emoji.character);
  }
  CHECK(count > 100);
}

TEST_CASE("names of emoji are in order, as looking for one by halves needs it") {
  std::string_view rest = all_emoji();
  std::string_view before;
  for (Emoji emoji; take_emoji(rest, emoji); before = emoji.name) {
    CAPTURE(std::string(emoji.name));
    CHECK(before < emoji.name);
  }
  for (const char* none : {":a:", ":bu:", ":bugs:", ":zzzz:", ":0:", "::"}) CHECK(with_emoji(none) == none);
}

TEST_CASE("footnotes stand below the text, numbered as they are used, wherever they are defined") {
  constexpr Case cases[] = {
      {"a[^x] b[^y] c[^x]\n\n[^y]: why\n[^x]: *ex*\n",
       "p:a<^:[1]> b<^:[2]> c<^:[1]> hr ol1{li{p:<i:ex>} li{p:why}}"},
      {"[^1]: word\n\na[^1]", "p:a<^:[1]> hr ol1{li{p:word}}"},
      {"a[^n]\n\n[^n]: one\ntwo\n\n    three\n\nafter", "p:a<^:[1]> p:after hr ol1{li{p:one/two p:three}}"},
      {"a[^a]\n\n[^a]: see[^b]\n[^b]: and[^a]", "p:a<^:[1]> hr ol1{li{p:see<^:[2]>} li{p:and<^:[1]>}}"},
      {"a[^none] `[^1]`\n\n[^1]: unused", "p:a[^none] <c:[^1]>"},
      {"```\n[^1]: code\n```\na[^1]", "code():[^1]: code\n p:a[^1]"},
      {"a[^1]\n\n[^1]: first\n[^1]: second", "p:a<^:[1]> hr ol1{li{p:first}}"},
      {"a[^1]\n[^1]: x\n- [ ] b", "p:a<^:[1]> ul{[ ]{p:b}} hr ol1{li{p:x}}"},
      {"a[^1]\r\n\r\n[^1]: note\r\n\r\nrest\r\n", "p:a<^:[1]> p:rest hr ol1{li{p:note}}"},
      {"a[^1]\n\n[^1]: note\n\t\nrest", "p:a<^:[1]> p:rest hr ol1{li{p:note}}"},
      {"a[^1]\n\n[^1]: one\n\n\ttwo\n\nrest", "p:a<^:[1]> p:rest hr ol1{li{p:one p:two}}"},
      {"````\n```\n[^1]: code\n````\na[^1]", "code():```\n[^1]: code\n p:a[^1]"},
      {"```cpp\n```cpp\n[^1]: code\n```\na[^1]", "code(cpp):```cpp\n[^1]: code\n p:a[^1]"},
      {"```a``` b\n\n[^1]: x\n\nc[^1]", "p:<c:a> b p:c<^:[1]> hr ol1{li{p:x}}"},
      {"- ```\n  x\n  ```\n\nc[^1]\n\n[^1]: y", "ul{li{code():x\n}} p:c<^:[1]> hr ol1{li{p:y}}"},
      {"> ```\n> [^1]: code\n> ```\n\nc[^1]\n\n[^1]: y",
       "quote{code():[^1]: code\n} p:c<^:[1]> hr ol1{li{p:y}}"},
      {"a[^1]\n\n[^1]: - [ ] no box", "p:a<^:[1]> hr ol1{li{ul{li{p:[ ] no box}}}}"},
  };
  for (const Case& each : cases) {
    CAPTURE(std::string(each.text));
    CHECK(shown(parse(each.text)) == each.shown);
  }
  const std::vector<Block> noted = parse("a[^1] b[^2]\n\n[^1]: x\n[^2]: y");
  CHECK(noted[0].spans[3].kind == SpanKind::footnote);
  CHECK(noted[0].spans[3].number == 2);
  CHECK(noted.back().is_footnotes);
  const std::string text = "a[^1]\n\n[^1]: x\n\n- [ ] b";
  const std::vector<Block> blocks = parse(text);
  CHECK(toggled_task(text, blocks[1].children[0].task_offset) == "a[^1]\n\n[^1]: x\n\n- [x] b");
}

namespace {

std::size_t address_bytes(const std::vector<Block>& blocks) {
  std::size_t bytes = 0;
  for (const Block& block : blocks) {
    for (const Span& span : block.spans) bytes += span.target.size();
    bytes += address_bytes(block.children);
  }
  return bytes;
}

}  // namespace

TEST_CASE(
    "the addresses of a text and of its footnotes together take no more than a few bytes for each of it") {
  // A link of many pieces, each of which holds its long address again, in as many notes as have room.
  const std::string address = "https://a.b/" + std::string(1'000, 'x');
  std::string pieces;
  for (int piece = 0; piece < 60; ++piece) pieces += "*a*b";
  std::string uses;
  std::string notes;
  for (int note = 0; note < 100; ++note) {
    const std::string name = "[^" + std::to_string(note) + "]";
    uses += name;
    notes += name + ": [" + pieces + "](" + address + ")\n";
  }
  const std::string text = uses + "\n\n" + notes;
  CHECK(address_bytes(parse(text)) > text.size());
  CHECK(address_bytes(parse(text)) <= 4 * text.size() + 64 * 1'024);
}

TEST_CASE("what stands between backticks in a title is code, and names of emoji are characters") {
  constexpr Case cases[] = {
      {"Plain", "Plain"},
      {"Use `std::move` in ``a`b``, :bug:", "Use <c:std::move> in <c:a`b>, 🐛"},
      {"an ` alone", "an ` alone"},
      {"``two` and ` none", "``two<c: and > none"},
      {"`:bug:`", "<c::bug:>"},
      {"`  `", "<c:  >"},
  };
  for (const Case& each : cases) {
    CAPTURE(std::string(each.text));
    CHECK(shown(title_pieces(each.text)) == each.shown);
  }
  CHECK(title_pieces(std::string(100'000, '`')).size() == 1);
  // Of the title they are the bytes that they say: what was searched for is found in them.
  const std::vector<TitlePiece> pieces = title_pieces("a :bug: `b`");
  REQUIRE(pieces.size() == 4);
  CHECK(pieces[1].begin == 2);
  CHECK(pieces[1].end == 7);
  CHECK(pieces[3].begin == 9);
  CHECK(pieces[3].end == 10);
}

TEST_CASE("definitions are not shown, and links take their addresses from them, wherever they stand") {
  constexpr Case cases[] = {
      {"[a] [words][a] [A][] ![p][a] [b]\n\n[a]: https://x.y \"title\"\n[c]: /unused",
       "p:[a](https://x.y) [words](https://x.y) [A](https://x.y) ![p](https://x.y) [b]"},
      {"> [a]: /in-a-quote\n\n[a]", "quote p:[a](/in-a-quote)"},
      {"[a]: /first\n[a]: /second\n\n[a]", "p:[a](/first)"},
      {"[a]: javascript:x\n\n[a]", "p:a"},
      {"words\n[a]: /no-definition\n\n[a]", "p:words/[a]: /no-definition p:[a]"},
  };
  for (const Case& each : cases) {
    CAPTURE(std::string(each.text));
    CHECK(shown(parse(each.text)) == each.shown);
  }
}

TEST_CASE("a long definition that is used without end becomes no more than a few times its text") {
  std::string text = "[a]: /" + std::string(100'000, 'x') + "\n\n";
  for (int use = 0; use < 10'000; ++use) text += "[a] ";
  const std::string all = shown(parse(text));
  CHECK(all.size() < 8 * text.size());
  CHECK(all.ends_with("[a] [a]"));
}

TEST_CASE("what the parser leaves without having entered it is passed over, and what it never leaves ends") {
  // md4c leaves a link here that it never entered.
  const std::string hostile = "![]([)]()";
  CHECK(shown(parse(hostile)).find("](") != std::string::npos);
  for (const char* around : {"a ", "- ", "> ", "# ", "|a|\n|-|\n|", "**", "[", "~~", "<b>"}) {
    const std::string text = std::string(around) + hostile + " b " + hostile + "\n\nplain";
    CAPTURE(text);
    CHECK(shown(parse(text)).ends_with("plain"));
  }
  // Every short text of marks, so that none needs to be thought of.
  const std::string marks = "![]()*";
  for (std::size_t number = 0; number < 6 * 6 * 6 * 6 * 6 * 6 * 6; ++number) {
    std::string text;
    for (std::size_t rest = number, at = 0; at < 7; ++at, rest /= 6) text += marks[rest % 6];
    parse(text);
  }
}

TEST_CASE("what a text becomes is bounded by its length") {
  // The cells that short rows lack are not made.
  std::string table = std::string(128, '|') + "\n";
  table += "|";
  for (int column = 0; column < 127; ++column) table += "-|";
  table += "\n";
  for (int row = 0; row < 20'000; ++row) table += "|x\n";
  std::size_t cells = 0;
  const std::vector<Block> blocks = parse(table);
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0].rows.size() > 19'000);
  for (const auto& row : blocks[0].rows) cells += row.size();
  CHECK(cells < 2 * table.size());

  // A long address is not kept for each piece of its link's text.
  std::string link = "[";
  for (int piece = 0; piece < 5'000; ++piece) link += "*a*b";
  link += "](https://x.y/" + std::string(50'000, 'z') + ")";
  std::size_t held = 0;
  const std::vector<Block> linked = parse(link);
  for (const Span& span : linked[0].spans) held += span.target.size();
  CHECK(held <= 5 * link.size() + 100'000);
}

TEST_CASE("deep nesting is drawn at a limited depth") {
  const auto depth_of = [](const auto& self, const std::vector<Block>& blocks) -> std::size_t {
    std::size_t deepest = 0;
    for (const Block& block : blocks) deepest = std::max(deepest, 1 + self(self, block.children));
    return deepest;
  };
  const std::vector<Block> quotes = parse(std::string(5000, '>') + " deep");
  CHECK(depth_of(depth_of, quotes) <= max_block_depth + 3);
  std::string list;
  for (std::size_t level = 0; level < 40; ++level) list += std::string(level * 2, ' ') + "- [ ] x\n";
  CHECK(depth_of(depth_of, parse(list)) <= max_block_depth + 3);
  CHECK(count_tasks(parse(list)).all >= 1);
}

TEST_CASE("the pieces of a long text do not each hold a copy of it") {
  std::string text;
  while (text.size() < 300'000) text += "#1 ";
  const std::vector<Block> blocks = parse(text);
  std::size_t held = 0;
  for (const Span& span : blocks[0].spans) held += span.text.capacity();
  CHECK(blocks[0].spans.size() > 100'000);
  CHECK(held < 20 * text.size());
}

}  // namespace dits::markdown
