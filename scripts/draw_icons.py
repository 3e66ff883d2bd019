#!/usr/bin/env python3
"""draw_icons.py FAVICON OUT: the icons of the installed app, drawn from the ring and the bar of the favicon.

icon-192.png and icon-512.png are tiles with round corners; icon-maskable-512.png is filled to its edges, for systems that cut
their own shape out of it (what is drawn keeps within the circle of 80 % that all of them leave).  Written in plain PNG by hand:
nothing but Python is needed.  Unchanged files are not written again.
"""

import re
import struct
import sys
import zlib
from pathlib import Path

TILE = (0xFC, 0xFD, 0xFD)  # bg/canvas, light
EDGE = 1.0  # the width over which an edge fades, in pixels


def numbers(element: str, *names: str) -> list[float]:
    return [float(re.search(rf'\b{name}="([0-9.]+)"', element)[1]) for name in names]


def color(text: str) -> tuple[int, int, int]:
    return tuple(int(text[at : at + 2], 16) for at in (1, 3, 5))


def box_distance(x: float, y: float, left: float, top: float, width: float, height: float, radius: float) -> float:
    """How far outside of a rectangle with round corners a point is; negative inside."""
    across = abs(x - left - width / 2) - width / 2 + radius
    down = abs(y - top - height / 2) - height / 2 + radius
    return min(max(across, down), 0.0) + (max(across, 0.0) ** 2 + max(down, 0.0) ** 2) ** 0.5 - radius


class Logo:
    def __init__(self, svg: str):
        ring, bar = re.search(r"<circle[^>]*>", svg)[0], re.search(r"<rect[^>]*>", svg)[0]
        self.cx, self.cy, self.r, self.stroke = numbers(ring, "cx", "cy", "r", "stroke-width")
        self.bar = numbers(bar, "x", "y", "width", "height", "rx")
        self.ring_color = color(re.search(r'stroke="(#[0-9A-F]{6})"', svg)[1])
        self.bar_color = color(re.search(r"rect\{fill:(#[0-9A-F]{6})\}", svg)[1])
        self.left, self.right = self.cx - self.r - self.stroke / 2, self.bar[0] + self.bar[2]
        self.top, self.bottom = self.bar[1], self.bar[1] + self.bar[3]

    def distances(self, x: float, y: float) -> tuple[float, float]:
        ring = abs(((x - self.cx) ** 2 + (y - self.cy) ** 2) ** 0.5 - self.r) - self.stroke / 2
        return ring, box_distance(x, y, *self.bar)


def cover(distance: float) -> float:
    return min(1.0, max(0.0, 0.5 - distance / EDGE))


def mixed(under, over, share: float):
    return tuple(a + (b - a) * share for a, b in zip(under, over))


def pixels(logo: Logo, size: int, share: float, corner: float) -> bytes:
    """`share`: of the size that the logo's height takes; `corner`: the radius of the tile, as a share too."""
    scale = size * share / (logo.bottom - logo.top)
    left = size / 2 - scale * (logo.left + logo.right) / 2
    top = size / 2 - scale * (logo.top + logo.bottom) / 2
    rows = bytearray()
    for row in range(size):
        rows.append(0)  # no filter
        for column in range(size):
            x, y = column + 0.5, row + 0.5
            ink, tile = TILE, 1.0
            if logo.left <= (x - left + 1) / scale and (x - left - 1) / scale <= logo.right:
                ring, bar = logo.distances((x - left) / scale, (y - top) / scale)
                ink = mixed(mixed(TILE, logo.ring_color, cover(ring * scale)), logo.bar_color, cover(bar * scale))
            if min(x, size - x) < corner * size and min(y, size - y) < corner * size:
                tile = cover(box_distance(x, y, 0, 0, size, size, corner * size))
            rows += bytes((round(ink[0]), round(ink[1]), round(ink[2]), round(255 * tile)))
    return bytes(rows)


def png(size: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def main() -> None:
    favicon, out = Path(sys.argv[1]), Path(sys.argv[2])
    newest = max(favicon.stat().st_mtime, Path(__file__).stat().st_mtime)
    wanted = {"icon-192.png": (192, 0.62, 0.22), "icon-512.png": (512, 0.62, 0.22), "icon-maskable-512.png": (512, 0.46, 0.0)}
    out.mkdir(parents=True, exist_ok=True)
    logo = Logo(favicon.read_text())
    for name, (size, share, corner) in wanted.items():
        path = out / name
        if not path.exists() or path.stat().st_mtime < newest:
            path.write_bytes(png(size, pixels(logo, size, share, corner)))


if __name__ == "__main__":
    main()
