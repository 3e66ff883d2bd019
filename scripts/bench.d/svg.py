"""A picture of curves, both axes logarithmic: panels side by side, written as SVG."""

import math
from dataclasses import dataclass
from xml.sax.saxutils import escape

COLORS = ["#2E83E6", "#A95F00", "#1B8148", "#6A4DCB", "#C4314B", "#4D5F66"]
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 320, 250, 62, 66, 46


@dataclass
class Series:
    name: str
    points: list  # (x, y), both above zero


def powers(low, high):
    """The powers of ten around a range."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return [10.0 ** power for power in range(first, max(last, first + 1) + 1)]


def label(value):
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def draw(title, panels):
    values = [y for _, series in panels for one in series for _, y in one.points if y > 0] or [1]
    ys = powers(min(values), max(values))
    whole = len(panels) * (WIDTH + LEFT) + 20
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {TOP + HEIGHT + BOTTOM}" font-family="sans-serif" font-size="11" role="img">',
             f"<title>{escape(title)}</title>", f'<rect width="{whole}" height="{TOP + HEIGHT + BOTTOM}" fill="#FFFFFF"/>',
             f'<text x="12" y="22" font-size="14">{escape(title)}</text>']
    names = [one.name for one in panels[0][1]] if panels else []
    for at, name in enumerate(names):
        parts.append(f'<text x="{12 + at * 44}" y="42" fill="{COLORS[at % len(COLORS)]}" font-weight="bold">{escape(name)}</text>')
    for at, (name, series) in enumerate(panels):
        parts += panel(at * (WIDTH + LEFT) + LEFT, name, series, ys)
    return "\n".join(parts + ["</svg>"]) + "\n"


def panel(left, name, series, ys):
    xs = sorted({x for one in series for x, _ in one.points})
    low, high = math.log10(xs[0]), math.log10(xs[-1])

    def place(x, y):
        across = (math.log10(x) - low) / max(1e-9, high - low)
        up = (math.log10(max(y, ys[0])) - math.log10(ys[0])) / (math.log10(ys[-1]) - math.log10(ys[0]))
        return left + across * (WIDTH - 24), TOP + HEIGHT * (1 - up)

    parts = [f'<text x="{left + (WIDTH - 24) / 2}" y="{TOP + HEIGHT + 38}" text-anchor="middle">{escape(name)}</text>']
    for y in ys:
        height = place(xs[0], y)[1]
        parts.append(f'<line x1="{left}" y1="{height:.1f}" x2="{left + WIDTH - 24}" y2="{height:.1f}" stroke="#DDDDDD"/>')
        parts.append(f'<text x="{left - 6}" y="{height + 4:.1f}" text-anchor="end">{label(y)}</text>')
    for x in xs:
        parts.append(f'<text x="{place(x, ys[0])[0]:.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{label(x)}</text>')
    for at, one in enumerate(series):
        color = COLORS[at % len(COLORS)]
        points = [place(x, y) for x, y in one.points]
        parts.append(f'<polyline fill="none" stroke="{color}" stroke-width="2" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>' for x, y in points]
    return parts
