"""Tables as Markdown, figures as people read them, the machine's data, and the part of a document between its marks."""

import os
import platform
import re
import statistics
import time

from programs import Trouble


def figure(value):
    if value is None:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def share(value):
    percent = value * 100
    return f"{percent:.0f}%" if percent >= 10 else f"{percent:.1f}%"


def spread(values, text=figure):
    return f"{text(min(values))}–{text(max(values))}"


class Table:
    def __init__(self, title, head):
        self.title, self.head, self.rows, self.notes = title, head, [], []

    def add(self, *cells):
        self.rows.append([str(cell) for cell in cells])

    def note(self, text):
        self.notes.append(text)

    def markdown(self):
        lines = [f"**{self.title}**", "", "| " + " | ".join(self.head) + " |", "|" + " --- |" * len(self.head)]
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join(lines + [text for note in self.notes for text in ("", note)]) + "\n"


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            return re.search(r"model name\s*: (.*)", file.read())[1]
    except (OSError, TypeError):
        return platform.machine()


def machine():
    """What the figures hang on."""
    with open("/proc/meminfo") as file:
        memory = int(re.search(r"MemTotal:\s+(\d+)", file.read())[1]) / 1e6
    return {"processor": processor(), "cores": os.cpu_count(), "memory_gb": round(memory), "system": platform.freedesktop_os_release()["PRETTY_NAME"],
            "flush_us": round(flush_microseconds()), "date": time.strftime("%Y-%m-%d"), "load_before": os.getloadavg()[0]}


def flush_microseconds(directory="/var/tmp"):
    """How long the disk takes for a small write to be safe: what durable writes hang on."""
    path = os.path.join(directory, f".bench-{os.getpid()}")
    times = []
    try:
        with open(path, "wb", buffering=0) as file:
            for _ in range(50):
                file.write(b"x" * 8192)
                began = time.perf_counter()
                os.fdatasync(file.fileno())
                times.append(time.perf_counter() - began)
    finally:
        if os.path.exists(path):
            os.remove(path)
    return statistics.median(times) * 1e6


def machine_text(found):
    return (f"{found['date']}: {found['processor']}, {found['cores']} cores, {found['memory_gb']} GB, {found['system']}; a flush takes "
            f"{found['flush_us']:,} µs; load {found['load_before']:.1f} before.")


def marks(name):
    return f"<!-- bench {name}: begin -->", f"<!-- bench {name}: end -->"


def write_between_marks(path, name, text):
    """Puts `text` between the marks of this bench; the rest of the document stays as it is."""
    begin, end = marks(name)
    with open(path, encoding="utf-8") as file:
        whole = file.read()
    if whole.count(begin) != 1 or whole.count(end) != 1 or whole.index(begin) > whole.index(end):
        raise Trouble(f"{path} needs the lines '{begin}' and '{end}', once each: the tables go between them")
    before, rest = whole.split(begin)
    after = rest.split(end)[1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{before}{begin}\n{text.strip()}\n{end}{after}")
