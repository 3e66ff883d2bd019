#!/usr/bin/env python3
"""The checker of histories (support/history.py) notices what may not be: each wrong history is planted into a right one."""

import copy
import unittest

from support.history import FAIL, OK, UNKNOWN, History, LogRead, Read, Row, Stored, Stream, Write, check, stored_from_text


def right():
    """Two issues: A made, changed and removed; B made by a request without an answer. A refused one, reads, a stream."""
    rows = [Row(1, "CREATE", "user", "U", {}, {"name": "Faults"}, "dits command line"),
            Row(2, "CREATE", "issue", "A", {}, {"title": "a", "description": "", "version": 1, "deletedAt": None}, "faults/1"),
            Row(3, "CREATE", "issue", "B", {}, {"title": "b", "description": "", "version": 1, "deletedAt": None}, "faults/2"),
            Row(4, "UPDATE", "issue", "A", {"title": "a", "version": 1}, {"title": "c", "version": 2}, "faults/3"),
            Row(5, "DELETE", "issue", "A", {"title": "c", "version": 2}, {"version": 3, "deletedAt": "now"}, "faults/4")]
    things = {"A": {"kind": "issue", "title": "c", "description": "", "version": 3, "isDeleted": True},
              "B": {"kind": "issue", "title": "b", "description": "", "version": 1, "isDeleted": False}}
    history = History()
    history.writes = [Write("faults/1", "create", 1, 2, OK, "A", 1, {"title": "a"}), Write("faults/2", "create", 2, 3, UNKNOWN),
                      Write("faults/3", "change", 3, 4, OK, "A", 2, {"title": "c"}), Write("faults/4", "remove", 7, 8, OK, "A", 3),
                      Write("faults/5", "change", 8, 9, FAIL, "B"), Write("faults/6", "comment", 8, 9, UNKNOWN)]
    history.reads = [Read("A", 0, 1, None), Read("A", 2.5, 2.6, 1, "a"), Read("A", 3.5, 3.6, 1, "a"), Read("A", 5, 6, 2, "c"),
                     Read("B", 5, 6, 1, "b")]
    history.log_reads = [LogRead(5, 6, 4), LogRead(8.5, 9, 5)]
    history.streams = [Stream("0", 1, [(2, "A"), (3, "B"), (4, "A"), (5, "A")])]
    return history, Stored(rows, 5, things)


class Checker(unittest.TestCase):
    def notices(self, sentence: str, spoil):
        history, stored = copy.deepcopy(right())
        spoil(history, stored)
        problems = check(history, stored)
        self.assertTrue(any(sentence in problem for problem in problems), (sentence, problems))

    def test_a_right_history_is_right(self):
        self.assertEqual(check(*right()), [])

    def test_a_lost_write(self):
        def never_stored(history, stored):
            history.writes.append(Write("faults/7", "create", 9, 10, OK, "C", 1))

        def not_in_its_table(history, stored):
            del stored.things["B"]

        def other_text(history, stored):
            stored.things["B"]["title"] = "older"

        self.notices("faults/7 (create, ok) was acknowledged, and the log has no row", never_stored)
        self.notices("the issue B is in the log, and not stored", not_in_its_table)
        self.notices("has title 'older', by the log 'b'", other_text)

    def test_a_write_that_overwrote_another(self):
        def unseen(history, stored):
            stored.rows[3].old["title"] = "z"

        self.notices("found title 'z' where the log had left 'a'", unseen)

    def test_a_double(self):
        def twice(history, stored):
            stored.rows.append(Row(6, "CREATE", "issue", "D", {}, {"title": "b", "version": 1}, "faults/2"))
            stored.things["D"] = {"kind": "issue", "title": "b", "description": None, "version": 1, "isDeleted": False}
            stored.last_change = 6

        self.notices("faults/2 (create, unknown) happened 2 times: changes [3, 6]", twice)

    def test_a_refused_write_that_is_there(self):
        def refused(history, stored):
            history.writes[1].outcome = FAIL

        self.notices("faults/2 (create, fail) was refused, and the log has its change 3", refused)

    def test_an_answer_that_names_something_else(self):
        def other_entity(history, stored):
            history.writes[0].entity = "B"

        def other_version(history, stored):
            history.writes[2].version = 7

        def other_words(history, stored):
            history.writes[2].says = {"title": "d"}

        self.notices("named B, and the log A", other_entity)
        self.notices("was told version 7, and the log has 2", other_version)
        self.notices("wrote title 'd', and the log has 'c'", other_words)

    def test_a_stale_read(self):
        def after_an_acknowledged_change(history, stored):
            history.reads.append(Read("A", 4.5, 4.6, 1, "a"))

        def after_another_read(history, stored):
            history.writes[2].outcome = UNKNOWN
            history.reads.append(Read("A", 6.5, 6.6, 1, "a"))

        def gone(history, stored):
            history.reads.append(Read("A", 4.5, 4.6, None))

        def log(history, stored):
            history.log_reads.append(LogRead(8.5, 9, 4))

        self.notices("a stale read: A in version 1, after version 2", after_an_acknowledged_change)
        self.notices("a stale read: A in version 1, after version 2", after_another_read)
        self.notices("a read of A found nothing, where version 2 had been seen", gone)
        self.notices("a stale look at the log: up to 4, after 5 had been seen", log)

    def test_a_read_of_what_never_was(self):
        def version(history, stored):
            history.reads.append(Read("B", 9, 10, 2, "b"))

        def title(history, stored):
            history.reads.append(Read("B", 9, 10, 1, "half"))

        def head(history, stored):
            history.log_reads.append(LogRead(9, 10, 6))

        self.notices("a read of B showed version 2, which the log does not have", version)
        self.notices("a read of B showed 'half' as version 1, by the log 'b'", title)
        self.notices("a look at the log showed the change 6, which it does not have", head)

    def test_a_gap(self):
        def gap(history, stored):
            stored.rows[4].change = 6
            stored.last_change = 6

        def counter(history, stored):
            stored.last_change = 6

        self.notices("the log has a gap: after 4 comes 6", gap)
        self.notices("the counter says 6 changes, the log has 5", counter)

    def test_a_missing_audit_row(self):
        def missing(history, stored):
            del stored.rows[2]
            for row, number in zip(stored.rows, range(1, 5)):
                row.change = number
            stored.last_change = 4

        self.notices("the issue B is stored, and not in the log", missing)

    def test_a_change_by_nobody(self):
        def nobody(history, stored):
            del history.writes[5], history.writes[1]

        self.notices("the change 3 is by faults/2, whom nobody sent", nobody)

    def test_a_stream_that_leaves_out_repeats_or_mixes(self):
        def hole(history, stored):
            del history.streams[0].changes[1]

        def twice(history, stored):
            history.streams[0].changes.insert(1, (2, "A"))

        def mixed(history, stored):
            history.streams[0].changes[1:3] = [(4, "A"), (3, "B")]

        def foreign(history, stored):
            history.streams[0].changes[1] = (3, "A")

        def short(history, stored):
            history.streams[0].changes.pop()

        self.notices("stream 0 brought the change 4 where 3 was to come", hole)
        self.notices("stream 0 brought the change 2 where 3 was to come", twice)
        self.notices("stream 0 brought the change 4 where 3 was to come", mixed)
        self.notices("brought the change 3 of A, by the log of B", foreign)
        self.notices("stream 0 ends before the change 5 of 5", short)

    def test_a_complaint_is_a_problem(self):
        self.notices("was answered 500", lambda history, stored: history.complaints.append("faults/1 was answered 500"))

    def test_what_psql_prints_is_read(self):
        stored = stored_from_text('{"change": 1, "action": "CREATE", "kind": "issue", "entity": "A", "old": {}, "new": {"version": 1}, '
                                  '"name": "x"}\n{"last": 1}\n{"thing": "A", "kind": "issue", "version": 1}\n')
        self.assertEqual((stored.rows[0].change, stored.last_change, stored.things), (1, 1, {"A": {"kind": "issue", "version": 1}}))


if __name__ == "__main__":
    unittest.main(verbosity=2)
