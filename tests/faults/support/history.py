"""What clients did and were told (History), what is stored in the end (Stored), and whether the two fit (check).

Every request that changes something goes under a name of its own (its User-Agent), which the audit log keeps: so each row of the log
names the request that made it. Times are of one monotonic clock."""

import bisect
import json
from dataclasses import dataclass, field

OK, FAIL, UNKNOWN = "ok", "fail", "unknown"


@dataclass
class Write:
    """A request that changes one thing, with all its repeats under one Idempotency-Key."""

    name: str
    kind: str  # create, change, remove, undo, comment, upload, label; for words only
    invoked: float
    ended: float = 0
    outcome: str = UNKNOWN
    entity: str = None  # as far as it is known: what was asked for, or what the answer names
    version: int = None  # that the answer names
    says: dict = field(default_factory=dict)  # members that what is stored must have, such as {"title": …}


@dataclass
class Read:
    """What one look at an issue, or at a list with it, showed. version None: there was none."""

    entity: str
    invoked: float
    ended: float
    version: int
    title: str = None


@dataclass
class LogRead:
    """The newest change that a look at the log, or at everything, named."""

    invoked: float
    ended: float
    newest: int


@dataclass
class Stream:
    """The numbers of the changes that one event stream brought, over all its connections."""

    name: str
    began_after: int
    changes: list = field(default_factory=list)  # (change id, entity)
    complaints: list = field(default_factory=list)


@dataclass
class History:
    writes: list = field(default_factory=list)
    reads: list = field(default_factory=list)
    log_reads: list = field(default_factory=list)
    streams: list = field(default_factory=list)
    complaints: list = field(default_factory=list)  # answers that nobody may get, whatever happens


@dataclass
class Row:
    """One of the audit log."""

    change: int
    action: str
    kind: str
    entity: str
    old: dict
    new: dict
    name: str  # of the request


@dataclass
class Stored:
    """What one account has in the end. things: entity -> {"kind": …, member: value}."""

    rows: list
    last_change: int
    things: dict


def check(history: History, stored: Stored) -> list:
    """Sentences, each about one thing that does not fit. None: the history is right."""
    problems = list(history.complaints)
    problems += check_numbers(stored)
    problems += check_writes(history, stored)
    problems += check_replay(stored)
    problems += check_reads(history, stored)
    problems += check_streams(history, stored)
    return problems


def check_numbers(stored: Stored) -> list:
    numbers = [row.change for row in stored.rows]
    problems = []
    for number, expected in zip(numbers, range(1, len(numbers) + 1)):
        if number != expected:
            problems.append(f"the log has a gap: after {expected - 1} comes {number}")
            break
    if stored.last_change != len(numbers):
        problems.append(f"the counter says {stored.last_change} changes, the log has {len(numbers)}")
    return problems


def check_writes(history: History, stored: Stored) -> list:
    rows = {}
    for row in stored.rows:
        rows.setdefault(row.name, []).append(row)
    problems = []
    for write in history.writes:
        made = rows.get(write.name, [])
        told = f"{write.name} ({write.kind}, {write.outcome})"
        if write.outcome == OK and not made:
            problems.append(f"{told} was acknowledged, and the log has no row of it")
        if write.outcome == FAIL and made:
            problems.append(f"{told} was refused, and the log has its change {made[0].change}")
        if len(made) > 1:
            problems.append(f"{told} happened {len(made)} times: changes {[row.change for row in made]}")
        if write.outcome != OK or not made:
            continue
        row = made[0]
        if write.entity is not None and row.entity != write.entity:
            problems.append(f"{told} named {write.entity}, and the log {row.entity}")
        if write.version is not None and row.new.get("version") != write.version:
            problems.append(f"{told} was told version {write.version}, and the log has {row.new.get('version')}")
        for member, value in write.says.items():
            if row.new.get(member) != value:
                problems.append(f"{told} wrote {member} {value!r}, and the log has {row.new.get(member)!r}")
    known = {write.name for write in history.writes}
    problems += [f"the change {row.change} is by {row.name}, whom nobody sent" for row in stored.rows
                 if row.name.startswith("faults/") and row.name not in known]
    return problems


COMPARED = {"issue": ["title", "description", "version"], "comment": ["body"], "attachment": ["sha256", "byteSize"], "label": ["name"]}


def check_replay(stored: Stored) -> list:
    """The log, applied from its beginning, makes exactly what is stored, and each of its rows fits the one before."""
    problems, things = [], {}
    for row in stored.rows:
        if row.kind not in COMPARED:
            continue
        before = things.get(row.entity)
        told = f"the change {row.change} ({row.action} of {row.kind} {row.entity})"
        if row.action in ("CREATE", "RESTORE"):
            if row.action == "CREATE" and before is not None:
                problems.append(f"{told} makes what is there already")
            things[row.entity] = {"kind": row.kind, **row.new}
            continue
        if before is None:
            problems.append(f"{told} is of nothing that was ever made")
            continue
        for member, value in row.old.items():
            if before.get(member) != value:
                problems.append(f"{told} found {member} {value!r} where the log had left {before.get(member)!r}")
        if row.new:
            before.update(row.new)
        else:
            del things[row.entity]
    for entity, thing in things.items():
        there = stored.things.get(entity)
        if there is None:
            problems.append(f"the {thing['kind']} {entity} is in the log, and not stored")
            continue
        for member in [*COMPARED[thing["kind"]], "isDeleted"]:
            wanted = thing.get("deletedAt") is not None if member == "isDeleted" else thing.get(member)
            if there.get(member) != wanted:
                problems.append(f"the {thing['kind']} {entity} has {member} {there.get(member)!r}, by the log {wanted!r}")
    problems += [f"the {thing['kind']} {entity} is stored, and not in the log" for entity, thing in stored.things.items()
                 if entity not in things]
    return problems


class Newest:
    """By when which number was known to somebody: the largest of all that had ended before a time."""

    def __init__(self, points):
        self.times, self.numbers = [], []
        for time, number in sorted(points):
            self.times.append(time)
            self.numbers.append(max(number, self.numbers[-1] if self.numbers else number))

    def before(self, time: float) -> int:
        at = bisect.bisect_left(self.times, time)
        return self.numbers[at - 1] if at else 0


def check_reads(history: History, stored: Stored) -> list:
    """No read shows less than what was acknowledged, or shown to anybody, before it began; none shows what never was."""
    problems, seen, titles, changes, title = [], {}, {}, {}, {}
    for row in stored.rows:
        changes[row.name] = row.change
        if row.kind != "issue":
            continue
        title[row.entity] = row.new.get("title", title.get(row.entity))
        titles[(row.entity, row.new.get("version"))] = title[row.entity]
    for write in history.writes:
        if write.outcome == OK and write.version is not None:
            seen.setdefault(write.entity, []).append((write.ended, write.version))
    for read in history.reads:
        if read.version is not None:
            seen.setdefault(read.entity, []).append((read.ended, read.version))
    newest = {entity: Newest(points) for entity, points in seen.items()}
    for read in history.reads:
        least = newest[read.entity].before(read.invoked) if read.entity in newest else 0
        if read.version is None and least:
            problems.append(f"a read of {read.entity} found nothing, where version {least} had been seen")
        if read.version is None:
            continue
        if read.version < least:
            problems.append(f"a stale read: {read.entity} in version {read.version}, after version {least} had been seen")
        if (read.entity, read.version) not in titles:
            problems.append(f"a read of {read.entity} showed version {read.version}, which the log does not have")
        elif read.title is not None and titles[(read.entity, read.version)] != read.title:
            problems.append(f"a read of {read.entity} showed {read.title!r} as version {read.version}, by the log "
                            f"{titles[(read.entity, read.version)]!r}")
    heads = Newest([(write.ended, changes[write.name]) for write in history.writes if write.outcome == OK and write.name in changes]
                   + [(read.ended, read.newest) for read in history.log_reads])
    for read in history.log_reads:
        if read.newest < heads.before(read.invoked):
            problems.append(f"a stale look at the log: up to {read.newest}, after {heads.before(read.invoked)} had been seen")
        if read.newest > stored.last_change:
            problems.append(f"a look at the log showed the change {read.newest}, which it does not have")
    return problems


def check_streams(history: History, stored: Stored) -> list:
    problems, entities = [], {row.change: row.entity for row in stored.rows}
    for stream in history.streams:
        problems += [f"stream {stream.name}: {complaint}" for complaint in stream.complaints]
        expected = stream.began_after + 1
        for number, entity in stream.changes:
            if number != expected:
                problems.append(f"stream {stream.name} brought the change {number} where {expected} was to come")
                break
            if entities.get(number) != entity:
                problems.append(f"stream {stream.name} brought the change {number} of {entity}, by the log of {entities.get(number)}")
            expected += 1
        else:
            if expected != stored.last_change + 1:
                problems.append(f"stream {stream.name} ends before the change {expected} of {stored.last_change}")
    return problems


STORED_SQL = """
SELECT json_build_object('change', change_id, 'action', action, 'kind', entity_type, 'entity', entity_id, 'old', coalesce(old_values, '{}'),
  'new', coalesce(new_values, '{}'), 'name', user_agent) FROM audit_logs WHERE user_id = '%(user)s' ORDER BY change_id;
SELECT json_build_object('last', last_change_id) FROM user_counters WHERE user_id = '%(user)s';
SELECT json_build_object('thing', id, 'kind', 'issue', 'title', title, 'description', description, 'version', version,
  'isDeleted', deleted_at IS NOT NULL) FROM issues WHERE user_id = '%(user)s';
SELECT json_build_object('thing', id, 'kind', 'comment', 'body', body, 'isDeleted', deleted_at IS NOT NULL) FROM comments
  WHERE user_id = '%(user)s';
SELECT json_build_object('thing', id, 'kind', 'attachment', 'sha256', encode(sha256, 'hex'), 'byteSize', byte_size, 'isDeleted', deleted_at IS NOT NULL)
  FROM attachments WHERE user_id = '%(user)s';
SELECT json_build_object('thing', id, 'kind', 'label', 'name', name, 'isDeleted', deleted_at IS NOT NULL) FROM labels
  WHERE user_id = '%(user)s';
"""


def stored_from_text(text: str) -> Stored:
    """From the lines that STORED_SQL gives."""
    stored = Stored([], -1, {})
    for line in text.splitlines():
        value = json.loads(line)
        if "last" in value:
            stored.last_change = value["last"]
        elif "thing" in value:
            stored.things[value.pop("thing")] = value
        else:
            stored.rows.append(Row(**value))
    return stored
