#!/usr/bin/env python3
"""Writes the tables of letters that browser and server share, from the files of the Unicode Character Database.

usage: scripts/unicode_tables.py DIR [--sql]

DIR holds UnicodeData.txt, DerivedNormalizationProps.txt, DerivedCoreProperties.txt, PropList.txt and DerivedAge.txt of one version
(Debian's package unicode-data has them). Written are shared/core/lower_case.hpp, shared/core/normal_form_data.hpp and
shared/core/invisible.hpp. With --sql the letters are printed as SQL instead, for a migration: whoever takes a newer version of Unicode
writes both, and the tests of fold_text compare them code point by code point.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def rows_of(path):
    """The rows of a file of the database as lists of fields, without comments."""
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line:
            yield [field.strip() for field in line.split(";")]


def code_points(path, wanted):
    """The code points that have the property `wanted` in a file of ranges."""
    found = set()
    for row in rows_of(path):
        if row[1:] == [wanted]:
            first, last = (row[0].split("..") * 2)[:2]
            found.update(range(int(first, 16), int(last, 16) + 1))
    return found


class Database:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        head = (self.directory / "DerivedAge.txt").read_text(encoding="utf-8").splitlines()[0]
        self.version = re.search(r"DerivedAge-(\d+\.\d+)", head).group(1)
        self.categories, self.classes, self.decompositions, self.lower = {}, {}, {}, {}
        first_of_range = None
        for row in rows_of(self.directory / "UnicodeData.txt"):
            code = int(row[0], 16)
            if row[1].endswith(", First>"):
                first_of_range = code
                continue
            if row[1].endswith(", Last>"):
                for each in range(first_of_range, code + 1):
                    self.categories[each] = row[2]
                continue
            self.categories[code] = row[2]
            if row[3] != "0":
                self.classes[code] = int(row[3])
            if row[5] and not row[5].startswith("<"):
                self.decompositions[code] = [int(part, 16) for part in row[5].split()]
            if row[13]:
                self.lower[code] = int(row[13], 16)
        self.excluded = code_points(self.directory / "DerivedNormalizationProps.txt", "Full_Composition_Exclusion")

    def invisible(self):
        properties = self.directory / "PropList.txt"
        marks_of_numbers = code_points(properties, "Prepended_Concatenation_Mark")  # drawn, though of the category Cf
        found = code_points(self.directory / "DerivedCoreProperties.txt", "Default_Ignorable_Code_Point")
        found |= code_points(properties, "White_Space")
        found |= {code for code, category in self.categories.items() if category in ("Cc", "Cf", "Zs", "Zl", "Zp")}
        found.add(0x2800)  # the Braille pattern without a dot
        return found - marks_of_numbers


def letters_beyond_ascii(database):
    letters = {code: lower for code, lower in database.lower.items() if code >= 0x80}
    assert not set(letters.values()) & set(letters), "folding twice would not be folding once"
    return letters


def ranges_of(codes):
    ranges = []
    for code in sorted(codes):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


def wrapped(items, width, indent="    ", joint=" "):
    lines, line = [], indent
    for item in items:
        if len(line) + len(item) > width and line.strip():
            lines.append(line.rstrip())
            line = indent
        line += item + joint
    return "\n".join(lines + [line.rstrip()])


def write(name, text):
    path = ROOT / "shared" / "core" / name
    path.write_text(text, encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {len(text)} bytes")


def lower_case(database):
    ranges = []
    for code, lower in sorted(letters_beyond_ascii(database).items()):
        delta = lower - code
        last = ranges[-1] if ranges else None
        step = code - last[1] if last else 0
        if last and last[2] == delta and step in (1, 2) and last[3] in (0, step):
            last[1], last[3] = code, step
        else:
            ranges.append([code, code, delta, 0])
    items = [f"{{0x{a:04X}, 0x{b:04X}, {delta}, {stride or 1}}}," for a, b, delta, stride in ranges]
    write("lower_case.hpp", f"""// Simple lower case of every letter beyond ASCII (UnicodeData.txt, field 13, Unicode {database.version}). A test holds it against the
// database's fold_text for every code point. Written by scripts/unicode_tables.py.
#pragma once

#include <cstdint>

namespace dits {{

// The letters first, first + stride, … last become themselves plus delta.
struct LowerCaseRange {{
  char32_t first;
  char32_t last;
  std::int32_t delta;
  char32_t stride;
}};

// clang-format off
inline constexpr LowerCaseRange lower_case_ranges[] = {{
{wrapped(items, 110)}
}};
// clang-format on

}}  // namespace dits
""")


def varint(number):
    out = []
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return out + [number]


def zigzag(number):
    return number * 2 if number >= 0 else -number * 2 - 1


def normal_form(database):
    pairs, classes = [], []
    code_before = first_before = 0
    for code, parts in sorted(database.decompositions.items()):
        first, second = (parts + [0])[:2]
        is_composed = second != 0 and code not in database.excluded
        pairs += varint(code - code_before) + varint(zigzag(first - first_before))
        pairs += varint(0 if second == 0 else (second - 0x2FF) * 2 + (1 if is_composed else 0))
        assert second == 0 or second >= 0x300
        code_before, first_before = code, first
    runs = []
    for code, value in sorted(database.classes.items()):
        if runs and code == runs[-1][0] + runs[-1][1] and value == runs[-1][2]:
            runs[-1][1] += 1
        else:
            runs.append([code, 1, value])
    code_before = 0
    for code, length, value in runs:
        classes += varint(code - code_before) + varint(length) + [value]
        code_before = code
    array = lambda data: wrapped([f"{byte}," for byte in data], 110, joint="")
    write("normal_form_data.hpp", f"""// Canonical decompositions and combining classes (UnicodeData.txt, fields 5 and 3, Unicode {database.version}), packed: numbers are
// little-endian groups of seven bits, all but the last with the high bit. Written by scripts/unicode_tables.py.
#pragma once

#include <cstdint>

namespace dits {{

// clang-format off
// For each character: its distance from the one before; the distance of its first part from the one before's (2n, or -2n - 1 when
// negative); 0 when that is all of it, else twice the second part less 0x2FF, plus 1 when the two parts are composed again.
inline constexpr std::uint8_t decomposition_data[] = {{
{array(pairs)}
}};

// Runs of characters of one class: distance from the run before, length, class.
inline constexpr std::uint8_t combining_class_data[] = {{
{array(classes)}
}};
// clang-format on

}}  // namespace dits
""")
    print(f"  {len(pairs)} + {len(classes)} bytes of data")


def invisible(database):
    items = [f"{{0x{a:04X}, 0x{b:04X}}}," for a, b in ranges_of(database.invisible())]
    write("invisible.hpp", f"""// Characters that leave nothing to see when they stand alone: white space, controls, format and filler characters, variation
// selectors (Unicode {database.version}). Written by scripts/unicode_tables.py.
#pragma once

namespace dits {{

struct InvisibleRange {{
  char32_t first;
  char32_t last;
}};

// clang-format off
inline constexpr InvisibleRange invisible_ranges[] = {{
{wrapped(items, 110)}
}};
// clang-format on

}}  // namespace dits
""")


def print_sql(database):
    letters = letters_beyond_ascii(database)
    in_class = lambda a, b: chr(a) if a == b else chr(a) + ("" if b == a + 1 else "-") + chr(b)
    rows = {"class": [in_class(a, b) for a, b in ranges_of(letters)],
            "capitals": [chr(code) for code in sorted(letters)],
            "small": [chr(letters[code]) for code in sorted(letters)]}
    for name, items in rows.items():
        print(f"-- {name}")
        for line in wrapped(items, 100, indent="", joint="").split("\n"):
            print(f"    '{line}'")
    print("-- invisible, as a class of a regular expression")
    for line in wrapped([rf"\U{a:08X}-\U{b:08X}" if a != b else rf"\U{a:08X}" for a, b in ranges_of(database.invisible())],
                        100, indent="", joint="").split("\n"):
        print(f"    '{line}'")


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--sql"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    database = Database(arguments[0])
    if "--sql" in sys.argv:
        print_sql(database)
    else:
        lower_case(database)
        normal_form(database)
        invisible(database)


if __name__ == "__main__":
    main()
