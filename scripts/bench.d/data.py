"""The data of the benchmarks: users, projects, areas, labels, issues, made from a fixed seed and brought in by COPY.

Two runs make the same rows, id by id. Which status an issue has at first follows from its number (`status_of`), so that a client can
change it without having to ask; a word of `TOPICS` stands in one issue of 150 or so."""

import base64
import hashlib
import random
from dataclasses import dataclass
from datetime import datetime, timezone

STATUSES = [("Backlog", False), ("To Do", False), ("In Progress", False), ("In Review", False), ("Done", True)]
PRIORITIES = ["NO_PRIORITY", "LOW", "MEDIUM", "HIGH", "URGENT"]
PROJECTS, AREAS, LABELS = 20, 5, 30
TOPICS = [f"quar{chr(97 + a)}{chr(97 + b)}ton" for a in range(16) for b in range(19)]
PASSWORD = "correct horse battery"

EPOCH_MS = 1_700_000_000_000
YEARS_MS = 3 * 365 * 86_400_000

WORDS = """the a of to and in for with on when after before that this is not has can must should cannot never every some many
server client page list board issue label project status search index row column table query cache session token request answer
button dialog menu field filter sort scroll frame draw font icon colour theme layout mirror reader keyboard mouse touch screen
import export backup restore upgrade migration schema trigger lock commit flush replica stream event change history undo draft
slow fast wrong empty broken missing late early large small first last second new old same other next previous long short
opens closes shows hides moves copies removes adds keeps loses waits fails returns starts stops draws reads writes sends takes
timeout memory disk network certificate address file folder path name number date time zone week month user account password link
weekly garden invoice holiday meeting notes travel house doctor school library bicycle kitchen winter summer""".split()


@dataclass
class Dataset:
    """How many issues each user has; the first one is who is measured."""

    issues: list

    @property
    def total(self):
        return sum(self.issues)

    def describe(self):
        first, rest = self.issues[0], self.issues[1:]
        if not rest:
            return f"one user with {first:,} issues"
        return f"one user with {first:,} issues, {len(rest):,} with {rest[0]:,}"


def uuid_of(kind, user, number, at_ms=EPOCH_MS):
    """Like an id of version 7: ordered by time."""
    text = f"{at_ms:012x}7{kind:03x}8{user:05x}{number:010x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def user_id(user):
    return uuid_of(0, user, 0)


def prefix_of(kind, user, hex_digits):
    """What comes before the last digits of an id, for clients that choose these."""
    return uuid_of(kind, user, 0)[:-hex_digits]


def status_prefix(user):
    return prefix_of(2, user, 1)


def project_prefix(user):
    return prefix_of(3, user, 2)


def label_prefix(user):
    return prefix_of(5, user, 2)


def status_of(number):
    return number // 2 % len(STATUSES)


def token_of(user):
    return "dits_" + base64.urlsafe_b64encode(hashlib.sha256(f"bench {user}".encode()).digest()).decode().rstrip("=")


def email_of(user):
    return f"user{user}@bench.example"



class Writer:
    """The sentences and titles of a data set."""

    def __init__(self):
        self.random = random.Random(20251129)
        self.sentences = [self.sentence() for _ in range(3000)]

    def sentence(self):
        words = self.random.choices(WORDS, k=self.random.randint(6, 16))
        return " ".join(words).capitalize() + "."

    def title(self):
        return " ".join(self.random.choices(WORDS, k=self.random.randint(3, 9))).capitalize()

    def description(self):
        """300 to 1,500 characters of markdown."""
        wanted, chance = self.random.randint(300, 1500), self.random
        topics = chance.sample(TOPICS, 2)
        parts, length = [f"## {topics[0].capitalize()}\n"], 0
        while length < wanted:
            sentence = chance.choice(self.sentences)
            form = chance.random()
            text = f"- {sentence}" if form < 0.3 else f"`{topics[1]}` {sentence}" if form < 0.35 else sentence + ("\n" if form > 0.8 else "")
            parts.append(text)
            length += len(text) + 1
        return "\n".join(parts)[:1500].ljust(300, ".")


def escaped(value):
    if value is None:
        return r"\N"
    return str(value).replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def line(*values):
    return "\t".join(escaped(value) for value in values) + "\n"


def stamp(ms):
    return datetime.fromtimestamp(ms / 1000, timezone.utc).isoformat(timespec="milliseconds")


BEGIN = stamp(EPOCH_MS)


def accounts(data):
    """(statement, lines) of everything but issues."""
    users = range(len(data.issues))

    def everyone(make):
        return (text for user in users for text in make(user))

    def account(user):
        yield line(user_id(user), email_of(user), "no password", f"User {user}", "ADMIN" if user == 0 else "USER")

    def counters(user):
        yield line(user_id(user), 1, data.issues[user])

    def token(user):
        digest = hashlib.sha256(token_of(user).encode()).hexdigest()
        yield line(uuid_of(9, user, 0), user_id(user), "bench", r"\x" + digest, token_of(user)[:10], "WRITE")

    def workflow(user):
        yield line(user_id(user), uuid_of(1, user, 0), "Default Workflow", "t")

    def statuses(user):
        for at, (name, is_closed) in enumerate(STATUSES):
            yield line(user_id(user), uuid_of(2, user, at), uuid_of(1, user, 0), name, at, is_closed)

    def projects(user):
        for at in range(PROJECTS):
            yield line(user_id(user), uuid_of(3, user, at), f"Project {at + 1}")

    def areas(user):
        for at in range(AREAS):
            yield line(user_id(user), uuid_of(4, user, at), f"Area {at + 1}")

    def labels(user):
        for at in range(LABELS):
            yield line(user_id(user), uuid_of(5, user, at), f"label-{at + 1}", f"#{at * 8 + 10:02X}{200 - at * 5:02X}80")

    def log(user):
        yield line(user_id(user), 1, "CREATE", "workflow", uuid_of(1, user, 0), "{}")

    yield "users (id, email, password_hash, name, role)", everyone(account)
    yield "user_counters (user_id, last_change_id, last_issue_number)", everyone(counters)
    yield "api_tokens (id, user_id, name, token_hash, prefix, scope)", everyone(token)
    yield "workflows (user_id, id, name, is_default)", everyone(workflow)
    yield "statuses (user_id, id, workflow_id, name, position, is_closed)", everyone(statuses)
    yield "projects (user_id, id, name)", everyone(projects)
    yield "areas (user_id, id, name)", everyone(areas)
    yield "labels (user_id, id, name, color)", everyone(labels)
    yield "audit_logs (user_id, change_id, action, entity_type, entity_id, new_values)", everyone(log)


def issue_times(data, user):
    step = YEARS_MS // max(1, data.issues[user])
    return lambda number: EPOCH_MS + number * step


def issue_id(data, user, number):
    return uuid_of(6, user, number, issue_times(data, user)(number))


def issues(data):
    """Lines of issues; 15% have a parent among the hundred before them."""
    writer, chance = Writer(), random.Random(1)
    for user, count in enumerate(data.issues):
        time_of, owner = issue_times(data, user), user_id(user)
        for number in range(1, count + 1):
            created = time_of(number)
            updated = created + chance.randrange(30 * 86_400_000)
            status = status_of(number)
            parent = issue_id(data, user, max(1, number - chance.randint(1, 100))) if number > 1 and chance.random() < 0.15 else None
            yield line(owner, issue_id(data, user, number), number, writer.title(), writer.description(), chance.choice(PRIORITIES),
                       uuid_of(2, user, status), uuid_of(3, user, chance.randrange(PROJECTS)), uuid_of(4, user, chance.randrange(AREAS)), parent,
                       stamp(updated) if STATUSES[status][1] else None, number, stamp(created), stamp(updated))


ISSUE_COLUMNS = ("issues (user_id, id, number, title, description, priority, status_id, project_id, area_id, parent_issue_id, completed_at, "
                 "position, created_at, updated_at)")


def issue_labels(data):
    """None to four labels an issue."""
    chance = random.Random(2)
    for user, count in enumerate(data.issues):
        owner = user_id(user)
        for number in range(1, count + 1):
            for label in chance.sample(range(LABELS), chance.randrange(5)):
                yield line(owner, issue_id(data, user, number), uuid_of(5, user, label))


def issue_relations(data):
    """A quarter of the issues blocks a later one."""
    chance = random.Random(3)
    for user, count in enumerate(data.issues):
        owner = user_id(user)
        for number in range(1, count):
            if chance.random() < 0.25:
                other = min(count, number + chance.randint(1, 500))
                yield line(owner, uuid_of(7, user, number), issue_id(data, user, number), issue_id(data, user, other), "BLOCKS")


def load(database, data, say):
    """Brings all of it into the empty schema that `database` (programs.Database) has."""
    for columns, lines in accounts(data):
        database.copy(columns, lines)
    say(f"data: {data.describe()}")
    database.copy(ISSUE_COLUMNS, issues(data))
    database.copy("issue_labels (user_id, issue_id, label_id)", issue_labels(data))
    database.copy("issue_relations (user_id, id, source_id, target_id, relation_type)", issue_relations(data))
    # What pgbench's writes count with: its clients must not wait for each other's row of counters, or they could not share a flush.
    database.run("CREATE SEQUENCE bench_numbers START 1000000000; GRANT USAGE ON SEQUENCE bench_numbers TO PUBLIC")
    database.run("VACUUM (ANALYZE)")
    database.run("CHECKPOINT")
