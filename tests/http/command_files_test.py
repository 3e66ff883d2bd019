#!/usr/bin/env python3
"""command_files_test.py [DITS] (else $DITS_BINARY): the files that commands read and write, and the folder named by README."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import unittest

from support.commands import PASSWORD, PROGRAM, Commands

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


class Files(Commands):
    """An account with an issue, and files beside it."""

    def setUp(self):
        super().setUp()
        self.add_user("anna@example.org")
        self.dits("add", "one")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def read(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8", errors="replace") as file:
            return file.read()


class Output(Files):
    def export(self, form, path, *more, code=0):
        return self.dits("export", form, "--user", "anna@example.org", "-o", path, *more, code=code)

    def test_a_file_that_is_there_is_written_over_only_when_asked_to(self):
        for form, name in [("json", "all.jsonl"), ("csv", "table.csv"), ("markdown", "notes.tar")]:
            with self.subTest(form=form):
                self.write(name, "mine")
                before = sorted(os.listdir(self.folder))
                self.assertIn(f"{name} is there already: --force writes over it.", self.export(form, name, code=2))
                self.assertEqual((self.read(name), sorted(os.listdir(self.folder))), ("mine", before))
                self.export(form, name, "--force")
                self.assertIn("one", self.read(name))
                self.assertEqual(sorted(os.listdir(self.folder)), before)
        self.write("real.csv", "mine")
        os.symlink("real.csv", os.path.join(self.folder, "link.csv"))
        self.assertIn("is there already", self.export("csv", "link.csv", code=2))
        self.export("csv", "link.csv", "--force")
        self.assertIn("one", self.read("real.csv"))
        self.assertTrue(os.path.islink(os.path.join(self.folder, "link.csv")))

    def silent(self, *arguments):
        done = self.run_dits(*arguments)
        told = [line for line in done.stderr.splitlines() if " level=info " not in line]
        self.assertEqual((done.returncode, done.stdout, told), (0, "", []))

    def test_quiet_says_only_what_is_wrong(self):
        for form, name in [("json", "all.jsonl"), ("csv", "table.csv"), ("markdown", "notes")]:
            with self.subTest(form=form):
                self.silent("export", form, "--user", "anna@example.org", "-o", name, "--quiet")
                self.assertRegex(self.export(form, name, "--quiet", code=2), "is there already|is not empty")
        self.write("new.csv", "Title\ntwo\n")
        self.silent("import", "csv", "new.csv", "--user", "anna@example.org", "--quiet")
        self.write("wrong.csv", "Title,Color\nthree,red\n")
        self.assertIn("Color", self.dits("import", "csv", "wrong.csv", "--user", "anna@example.org", "--quiet", code=2))
        self.assertIn("two", self.dits("list"))
        self.silent("backup", "--quiet")
        name = json.loads(self.dits("backup", "--list", "--json"))["backups"][0]["file"]
        self.silent("restore", name, "--yes", "--quiet")
        self.assertIn("two", self.dits("list"))

    def test_a_neighbour_that_is_called_alike_stays(self):
        self.write("table.csv.part", "mine")
        self.export("csv", "table.csv")
        self.assertEqual(self.read("table.csv.part"), "mine")

    def test_what_is_no_file_is_written_into_as_it_is(self):
        # Not a device of the machine: a program that is wrong here would put a file in its place.
        pipe = os.path.join(self.folder, "pipe")
        os.mkfifo(pipe)
        reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        self.export("csv", "pipe", "--force")
        self.assertIn(b"one", os.read(reading, 4096))
        os.close(reading)
        self.assertTrue(stat.S_ISFIFO(os.stat(pipe).st_mode))
        self.assertIn("one", self.export("csv", "/proc/self/fd/1"))
        self.assertIn("is a directory", self.export("csv", self.folder, code=2))

    def test_a_path_that_can_not_be_written_is_a_wrong_argument(self):
        self.write("file", "")
        for form in ["json", "csv", "markdown"]:
            for path, reason in [("nowhere/sub/x.tar", "No such file or directory"), ("file/x.tar", "Not a directory")]:
                with self.subTest(form=form, path=path):
                    told = self.export(form, path, code=2)
                    self.assertEqual(told, f"dits: cannot write {path}: {reason}\n")
        self.assertIn("cannot create the directory file/notes: Not a directory", self.export("markdown", "file/notes", code=2))
        os.mkdir(os.path.join(self.folder, "full"))
        self.write("full/x", "")
        self.assertIn("full is not empty: name a new folder.", self.export("markdown", "full", code=2))
        self.assertIn("file is no folder: name a new one.", self.export("markdown", "file", code=2))

    def test_a_file_that_can_not_be_read_is_a_wrong_argument_and_makes_no_database(self):
        self.environment["DITS_DATA_DIR"] = os.path.join(self.folder, "elsewhere")
        for command in ["github", "json", "csv"]:
            with self.subTest(command=command):
                self.assertIn("cannot read nothing.csv: No such file or directory", self.dits("import", command, "nothing.csv", "--user", "a@b.c", code=2))
                self.assertIn(f"cannot read {self.folder}: Is a directory", self.dits("import", command, self.folder, "--user", "a@b.c", code=2))
        self.assertFalse(os.path.exists(os.path.join(self.folder, "elsewhere")))


class Tables(Files):
    def table(self, text, *more, code=0):
        return self.dits("import", "csv", self.write("issues.csv", text), "--user", "anna@example.org", *more, code=code)

    def test_a_map_that_fits_nothing_is_refused_before_anything_is_written(self):
        told = self.table("Summary,Owner\nhello,ben\n", "--map", "Sumary=title,Summary=title,Owner=", code=2)
        self.assertIn('--map: the table has no column “Sumary”; it has Summary, Owner', told)
        told = self.table("title,status\nhello,Done\n", "--map-value", "status:Resoled=Done,priority:Highest=urgent", code=2)
        self.assertIn('--map-value: no status in the table is “resoled”', told)
        self.assertIn("--map-value: the table has no column priority", told)
        self.assertEqual(len(json.loads(self.dits("list", "--json"))["issues"]), 1)
        self.table("Summary,state\nhello,Resolved\n", "--map", "Summary=title", "--map-value", "status:Resolved=Done")
        self.assertIn("Summary=title", self.table("Summary\nx\n", "--map", "Summary", code=2))
        self.assertNotIn("(columns)", self.table("Summary\nx\n", "--map", "Summary", code=2))

    def test_the_same_table_twice_is_told(self):
        self.assertNotIn("title", self.table("title\nhello\nworld\nhello\n"))
        told = self.table("title\nhello\nnew\nhello\n", "--dry-run")
        self.assertIn("2 of them have the title of an issue that was here before: was this table imported already?", told)
        self.assertIn("1 of them has the title", self.table("title\nworld\n", "--dry-run"))
        counts = json.loads(self.table("title\nhello\nnew\nhello\n", "--json"))
        self.assertEqual((counts["issues"], counts["sameTitle"]), (3, 2))


class Labels(Commands):
    def setUp(self):
        super().setUp()
        self.add_user("anna@example.org")

    def test_labels_are_made_and_listed_and_a_refusal_names_the_command(self):
        told = self.dits("add", "Fix", "it", "#bug", code=2)
        self.assertEqual(told.count("There is no label"), 1, told)
        self.assertIn("dits label add bug", told)
        self.assertIn("dits label add 'two words'", self.dits("add", 'x #"two words"', code=2))
        self.assertEqual(self.run_dits("label", "list").stderr, "no label\n")
        self.assertEqual(self.dits("label", "add", "bug"), "made label bug\n")
        self.dits("label", "add", "two", "words", "--color", "#112233")
        self.assertIn("already", self.dits("label", "add", "Bug", code=1))
        self.assertIn("--color", self.dits("label", "add", "x", "--color", "red", code=2))
        self.assertIn("Say what it is called", self.dits("label", "add", code=2))
        self.assertIn("Fix it", self.dits("add", "Fix", "it", "#bug", '#"two words"'))
        self.assertRegex(self.dits("label", "list"), r"label +color\nbug +#8B8276\ntwo words +#112233\n")
        listed = json.loads(self.dits("label", "list", "--json"))["labels"]
        self.assertEqual([(label["name"], label["color"]) for label in listed], [("bug", "#8B8276"), ("two words", "#112233")])

    def test_what_readme_shows_works_on_a_fresh_install(self):
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
            block = re.search(r"\n\n((?:    dits label add .*\n)(?:    .*\n)+)", file.read()).group(1)
        self.assertGreater(block.count("dits "), 5)
        place = os.path.join(self.folder, "bin")
        os.mkdir(place)
        os.symlink(PROGRAM, os.path.join(place, "dits"))
        if not shutil.which("man"):
            self.write_program(os.path.join(place, "man"), "#!/bin/sh\ncat\n")
        setting_up = "git init -q . && git -c user.name=a -c user.email=a@b.c commit -q --allow-empty -m first\n"
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", setting_up + block], capture_output=True, text=True, timeout=120, cwd=self.folder,
                              env={**self.environment, "PATH": place + ":" + self.environment["PATH"]})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Fix the login", done.stdout)

    @staticmethod
    def write_program(path, text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)


class Moves(Commands):
    def setUp(self):
        super().setUp()
        self.add_user("anna@example.org")
        for title in ["one", "two", "three"]:
            self.dits("add", title)

    def status(self, number):
        return json.loads(self.dits("list", f"number:{number}", "--json"))["issues"][0]["status"]

    def test_done_closes_and_start_does_not(self):
        told = self.dits("done", "1", "--status", "backlog", code=2)
        self.assertIn('"Backlog" is no closed status; closed here: Done.', told)
        told = self.dits("start", "1", "--status", "Done", code=2)
        self.assertIn('"Done" is a closed status: dits done closes issues.', told)
        self.assertIn('"Backlog" is where issues begin', self.dits("start", "1", "--status", "Backlog", code=2))
        self.assertEqual(self.status(1), "Backlog")
        self.dits("start", "1", "--status", "in review")
        self.assertEqual(self.status(1), "In Review")
        self.dits("done", "1", "--status", "done")
        self.assertEqual(self.status(1), "Done")

    def test_of_several_it_is_told_which_are_done_and_which_are_not(self):
        done = self.run_dits("done", "1", "999", "3")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"^done #1 .*one\ndone #3 .*three\n$")
        self.assertEqual(done.stderr, "dits: 2 of 3 are done; not done:\n  999: There is no issue #999.\n")
        done = self.run_dits("done", "2", "998", "--json")
        self.assertEqual(done.returncode, 1)
        self.assertEqual([issue["number"] for issue in json.loads(done.stdout)["issues"]], [2])
        self.assertEqual(json.loads(done.stdout)["notDone"], [{"issue": "998", "message": "There is no issue #998."}])
        self.assertEqual(json.loads(self.dits("done", "2", "--json"))["number"], 2)
        self.assertIn("There is no issue #997.", self.dits("done", "997", code=1))
        self.assertIn("There is no issue #997.", self.dits("show", "997", code=1))
        self.assertIn("There is no issue #997.", self.dits("start", "997", code=1))

    def test_what_a_day_is_stands_beside_it(self):
        self.assertIn("  due 2030-01-31\n", self.dits("add", "four due:2030-01-31"))
        self.assertIn("  due 2030-01-31\n", self.dits("done", "4"))

    def test_a_zone_that_is_not_known_is_told_once(self):
        for command in [["add", "x due:today"], ["list", "due:today"]]:
            done = self.run_dits(*command, more={"TZ": "Europe/Viena"})
            self.assertEqual((done.returncode, done.stderr.count("there is no time zone 'Europe/Viena' (TZ) on this machine: days are those of UTC\n")), (0, 1))
            self.assertNotIn("time zone", self.run_dits(*command, more={"TZ": "UTC"}).stderr)

    def test_the_zone_of_an_account_is_seen_and_set(self):
        self.assertEqual(self.dits("user", "zone", "anna@example.org"), "UTC\n")
        self.assertEqual(self.dits("user", "zone", "anna@example.org", "Europe/Vienna"), "Europe/Vienna\n")
        told = self.dits("user", "zone", "anna@example.org", "Europe/Viena", code=2)
        self.assertIn("There is no such time zone: it is written as Europe/Vienna", told)
        self.assertEqual(json.loads(self.dits("user", "list", "--json"))["users"][0]["timeZone"], "Europe/Vienna")

    def test_a_misspelt_priority_is_no_word_of_the_title(self):
        told = self.dits("add", "Fix it !hgih", code=2)
        self.assertIn("There is no priority “hgih”, but !high; to leave it in the title, write \\!hgih instead.", told)
        self.assertIn("wow! Fix it ! !important", self.dits("add", "wow! Fix it ! !important !high"))

    def test_an_empty_text_changes_nothing(self):
        path = os.path.join(self.folder, "editor.sh")
        for text, told in [("", "The text is empty: #1 stays as it was."), (r"\n\nonly a description", "The first line is the title, and it is empty")]:
            with self.subTest(text=text):
                Labels.write_program(path, f"#!/bin/sh\nprintf '{text}' > \"$1\"\n")
                self.assertIn(told, self.dits("edit", "1", more={"EDITOR": path, "TMPDIR": self.folder}, code=1))
                self.assertIn("one", self.dits("show", "1"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
