#!/usr/bin/env python3
"""pack_fonts.py OUT FONT...: fonts one after the other, each after its length (four bytes, little-endian) and padded to four.

web/theme/font_pack reads it.
"""

import sys
from pathlib import Path


def main() -> None:
    out, *fonts = (Path(argument) for argument in sys.argv[1:])
    packed = bytearray()
    for font in fonts:
        content = font.read_bytes()
        packed += len(content).to_bytes(4, "little") + content + b"\0" * (-len(content) % 4)
    out.write_bytes(packed)


if __name__ == "__main__":
    main()
