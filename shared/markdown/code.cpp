#include "shared/markdown/code.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "shared/core/text.hpp"

namespace dits::markdown {

namespace {

// Lists are words separated by one space.
struct Language {
  std::string_view names;
  std::string_view keywords;
  std::string_view line_comments;
  std::string_view block_begin = {};
  std::string_view block_end = {};
  std::string_view quotes = "\"'";
  std::string_view long_quotes = {};  // strings over several lines
  bool ignores_case = false;
};

constexpr std::string_view c_keywords =
    "alignas alignof asm auto bool break case catch char class co_await co_return co_yield concept const "
    "constexpr const_cast continue "
    "decltype default delete do double dynamic_cast else enum explicit extern false final float for friend "
    "goto if inline int long "
    "mutable namespace new noexcept nullptr operator override private protected public register "
    "reinterpret_cast requires return short "
    "signed sizeof static static_assert static_cast struct switch template this throw true try typedef "
    "typename union unsigned using "
    "virtual void volatile while include define ifdef ifndef endif pragma";
constexpr std::string_view script_keywords =
    "abstract any as async await boolean break case catch class const continue debugger declare default "
    "delete do else enum export "
    "extends false finally for from function get if implements import in instanceof interface keyof let "
    "namespace never new null number "
    "of package private protected public readonly return set static string super switch this throw true try "
    "type typeof undefined "
    "unknown var void while with yield";
constexpr std::string_view python_keywords =
    "False None True and as assert async await break case class continue def del elif else except finally "
    "for from global if import in is "
    "lambda match nonlocal not or pass raise return self try while with yield";
constexpr std::string_view jvm_keywords =
    "abstract as assert boolean break byte case catch char class companion const continue data default do "
    "double else enum extends false "
    "final finally float for fun goto if implements import in instanceof int interface internal is let long "
    "native new null object "
    "open override package private protected public record return sealed short static super suspend switch "
    "synchronized this throw "
    "throws transient true try typealias val var void volatile when while yield";
constexpr std::string_view sharp_keywords =
    "abstract as async await base bool break byte case catch char class const continue decimal default "
    "delegate do double else enum event "
    "explicit extern false finally fixed float for foreach get goto if implicit in int interface internal is "
    "lock long namespace new null "
    "object operator out override params private protected public readonly record ref return sbyte sealed "
    "set short sizeof static string "
    "struct switch this throw true try typeof uint ulong unchecked unsafe ushort using var virtual void "
    "volatile while yield";
constexpr std::string_view go_keywords =
    "any bool break byte case chan const continue default defer else error fallthrough false float32 float64 "
    "for func go goto if import "
    "int int32 int64 interface iota map nil package range return rune select string struct switch true type "
    "uint uint64 var";
constexpr std::string_view rust_keywords =
    "Self as async await bool break char const continue crate dyn else enum extern f32 f64 false fn for i32 "
    "i64 if impl in let loop match "
    "mod move mut pub ref return self static str struct super trait true type u32 u64 u8 union unsafe use "
    "usize where while";
constexpr std::string_view ruby_keywords =
    "alias and begin break case class def defined? do else elsif end ensure false for if in module next nil "
    "not or redo rescue retry "
    "return self super then true undef unless until when while yield require attr_reader attr_accessor";
constexpr std::string_view php_keywords =
    "abstract and array as break callable case catch class clone const continue declare default do echo else "
    "elseif empty enum extends "
    "false final finally fn for foreach function global goto if implements include instanceof interface "
    "isset list match namespace new "
    "null or print private protected public readonly require return self static switch this throw trait true "
    "try unset use var while yield";
constexpr std::string_view shell_keywords =
    "alias break case cd continue do done echo elif else esac eval exec exit export fi for function if in "
    "local read return select set "
    "shift source sudo then trap unset until while";
constexpr std::string_view sql_keywords =
    "add all alter analyze and as asc begin between by case check column commit constraint create cross "
    "default delete desc distinct drop "
    "else end exists explain false foreign from full function group having if in index inner insert into is "
    "join key left like limit not "
    "null offset on or order outer partition primary references returning right rollback select set table "
    "then transaction trigger true "
    "truncate union unique update using values vacuum view when where window with";
constexpr std::string_view swift_keywords =
    "actor as associatedtype async await break case catch class continue default defer deinit do else enum "
    "extension false for func guard "
    "if import in init inout internal is lazy let mutating nil open operator override private protocol "
    "public repeat return self static "
    "struct subscript super switch throw throws true try typealias var weak where while";
constexpr std::string_view lua_keywords =
    "and break do else elseif end false for function goto if in local nil not or repeat return then true "
    "until while";
constexpr std::string_view cmake_keywords =
    "add_executable add_library add_subdirectory cmake_minimum_required else elseif endforeach endfunction "
    "endif endmacro foreach function "
    "if include macro message option project set target_compile_options target_include_directories "
    "target_link_libraries";

constexpr Language languages[] = {
    {"c cpp c++ cc cxx h hpp cuda objc glsl hlsl", c_keywords, "//", "/*", "*/"},
    {"javascript js jsx mjs typescript ts tsx node", script_keywords, "//", "/*", "*/", "\"'", "`"},
    {"python py python3 ipython pycon", python_keywords, "#", {}, {}, "\"'", "\"\"\" '''"},
    {"java kotlin kt scala groovy gradle", jvm_keywords, "//", "/*", "*/", "\"'", "\"\"\""},
    {"csharp cs c#", sharp_keywords, "//", "/*", "*/"},
    {"go golang", go_keywords, "//", "/*", "*/", "\"'", "`"},
    {"rust rs", rust_keywords, "//", "/*", "*/", "\""},
    {"ruby rb", ruby_keywords, "#"},
    {"php", php_keywords, "// #", "/*", "*/"},
    {"bash sh shell zsh console dockerfile docker make makefile", shell_keywords, "#", {}, {}, "\"'", "`"},
    {"sql postgresql postgres psql mysql sqlite", sql_keywords, "--", "/*", "*/", "'", "$$", true},
    {"swift", swift_keywords, "//", "/*", "*/", "\"", "\"\"\""},
    {"lua", lua_keywords, "--", "--[[", "]]"},
    {"json json5 jsonc", "true false null", "//", "/*", "*/", "\""},
    {"yaml yml", "true false null yes no on off", "#"},
    {"toml ini cfg conf properties env", "true false", "# ;", {}, {}, "\"'", "\"\"\" '''"},
    {"css scss less", "important media import keyframes supports", {}, "/*", "*/"},
    {"html xml svg vue", {}, {}, "<!--", "-->"},
    {"cmake", cmake_keywords, "#", {}, {}, "\""},
};

// Calls `take` with each word of a list.
template <typename Take>
bool any_word(std::string_view list, const Take& take) {
  while (!list.empty()) {
    const std::size_t space = list.find(' ');
    if (take(list.substr(0, space))) return true;
    if (space == std::string_view::npos) return false;
    list.remove_prefix(space + 1);
  }
  return false;
}

bool has_word(std::string_view list, std::string_view word) {
  return any_word(list, [&](std::string_view known) { return known == word; });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool continues_word(char c) { return begins_word(c) || is_digit(c); }

class Lexer {
 public:
  Lexer(const Language& language, std::string_view code) : language_(language), code_(code) {}

  std::vector<CodeSpan> run() {
    while (at_ < code_.size()) {
      if (!take_comment() && !take_string() && !take_word() && !take_number()) ++at_;
    }
    return std::move(spans_);
  }

 private:
  bool is_at(std::string_view text) const { return !text.empty() && code_.substr(at_, text.size()) == text; }

  bool put(CodeKind kind, std::size_t end) {
    spans_.push_back({kind, at_, end});
    at_ = end;
    return true;
  }

  // Just behind the next `text` from `from` on, or the end of the code.
  std::size_t behind(std::string_view text, std::size_t from) const {
    const std::size_t found = code_.find(text, from);
    return found == std::string_view::npos ? code_.size() : found + text.size();
  }

  bool take_comment() {
    if (is_at(language_.block_begin)) {
      return put(CodeKind::comment, behind(language_.block_end, at_ + language_.block_begin.size()));
    }
    const bool is_comment =
        any_word(language_.line_comments, [&](std::string_view mark) { return is_at(mark); });
    // In a shell, a # within a word is none.
    if (!is_comment || (code_[at_] == '#' && at_ > 0 && !is_space(code_[at_ - 1]))) return false;
    return put(CodeKind::comment, std::min(code_.find('\n', at_), code_.size()));
  }

  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  bool take_string() {
    std::string_view long_quote;
    any_word(language_.long_quotes, [&](std::string_view quote) {
      if (is_at(quote)) long_quote = quote;
      return !long_quote.empty();
    });
    if (!long_quote.empty()) return put(CodeKind::string, behind(long_quote, at_ + long_quote.size()));
    if (language_.quotes.find(code_[at_]) == std::string_view::npos) return false;
    const char quote = code_[at_];
    std::size_t end = at_ + 1;
    while (end < code_.size() && code_[end] != quote && code_[end] != '\n')
      end += code_[end] == '\\' && end + 1 < code_.size() ? 2 : 1;
    if (end < code_.size() && code_[end] == quote) ++end;
    return put(CodeKind::string, std::min(end, code_.size()));
  }

  bool take_word() {
    if (!begins_word(code_[at_])) return false;
    std::size_t end = at_ + 1;
    while (end < code_.size() && continues_word(code_[end])) ++end;
    const std::string_view word = code_.substr(at_, end - at_);
    constexpr std::size_t longest_keyword = 32;
    const bool is_keyword = word.size() <= longest_keyword &&
                            (language_.ignores_case ? has_word(language_.keywords, fold_case(word))
                                                    : has_word(language_.keywords, word));
    if (is_keyword) return put(CodeKind::keyword, end);
    at_ = end;
    return true;
  }

  bool take_number() {
    if (!is_digit(code_[at_])) return false;
    std::size_t end = at_ + 1;
    while (end < code_.size() && (continues_word(code_[end]) || code_[end] == '.')) ++end;
    return put(CodeKind::number, end);
  }

  const Language& language_;
  std::string_view code_;
  std::size_t at_ = 0;
  std::vector<CodeSpan> spans_;
};

// A patch is coloured by its lines.
std::vector<CodeSpan> patch_spans(std::string_view code) {
  std::vector<CodeSpan> spans;
  for (std::size_t begin = 0; begin < code.size();) {
    const std::size_t end = std::min(code.find('\n', begin), code.size());
    const std::string_view line = code.substr(begin, end - begin);
    if (line.substr(0, 3) == "+++" || line.substr(0, 3) == "---" || line.substr(0, 2) == "@@") {
      spans.push_back({CodeKind::comment, begin, end});
    } else if (!line.empty() && (line[0] == '+' || line[0] == '-')) {
      spans.push_back({line[0] == '+' ? CodeKind::inserted : CodeKind::deleted, begin, end});
    }
    begin = end + 1;
  }
  return spans;
}

}  // namespace

std::vector<CodeSpan> code_spans(std::string_view language, std::string_view code) {
  if (language == "diff" || language == "patch") return patch_spans(code);
  const auto* found = std::find_if(std::begin(languages), std::end(languages), [&](const Language& known) {
    return has_word(known.names, language);
  });
  if (language.empty() || found == std::end(languages)) return {};
  return Lexer(*found, code).run();
}

}  // namespace dits::markdown
