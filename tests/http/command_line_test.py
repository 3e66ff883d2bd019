#!/usr/bin/env python3
"""command_line_test.py [DITS] (else $DITS_BINARY): what an operator types, and what comes of it, on a database of its own.

Everything runs on the PostgreSQL inside, in a data directory made for the test."""

import json
import os
import shutil
import socket
import subprocess
import sys
import unittest

from support.commands import PASSWORD, PROGRAM, Commands


class Nothing(Commands):
    def test_a_mistyped_data_directory_stays_a_mistyped_data_directory(self):
        for command in ["user list", "user passwd a@b.c --password-stdin", "user token a@b.c", "db info", "db status", "db reset --yes", "db shell",
                        "db upgrade", "db upgrade --check", "doctor", "doctor --fix", "doctor --find 01900000-0000-7000-8000-000000000001", "backup",
                        "backup --list", "backup --check", "export json --user a@b.c", "export csv --user a@b.c",
                        "export markdown --user a@b.c -o notes", "studio --port 0"]:
            with self.subTest(command=command):
                told = self.dits(*command.split(), code=7, text=PASSWORD + "\n", more={"PORT": "0"})
                self.assertRegex(told.splitlines()[-1], r"^dits: There is no (database|backup) in .*/data.*: is --data-dir \(DITS_DATA_DIR\) right\?")
                self.assertEqual(sorted(os.listdir(self.folder)), [])

    def test_what_begins_with_a_new_database_says_so(self):
        table = os.path.join(self.folder, "issues.csv")
        with open(table, "w", encoding="utf-8") as file:
            file.write("title\nhello\n")
        for number, (command, code) in enumerate([("user add a@b.c --password-stdin", 0), (f"import csv {table} --user a@b.c", 1)]):
            with self.subTest(command=command):
                self.data = os.path.join(self.folder, f"data{number}")
                self.environment["DITS_DATA_DIR"] = self.data
                done = self.run_dits(*command.split(), text=PASSWORD + "\n")
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(f"a new, empty database was made in {self.data}\n", done.stderr)
                self.assertNotIn("a new, empty database", self.run_dits("user", "list").stderr)

    def test_a_check_without_a_backup_is_no_success(self):
        self.add_user("anna@example.org")
        self.assertIn("There is no backup in", self.dits("backup", "--check", code=7))
        for command in (("backup", "--list"), ("restore", "--list"), ("restore",)):
            self.assertIn("There is no backup in", self.dits(*command, code=7))
        self.dits("backup")
        self.assertIn("good", self.dits("backup", "--check"))
        # Whoever encrypts them is not made to write a plain one by a forgotten variable.
        self.dits("backup", more={"BACKUP_PASSPHRASE": "correct horse battery"})
        self.assertIn("BACKUP_PASSPHRASE is not set here", self.dits("backup", code=2))
        backup = self.dits("backup", "--unencrypted").split(" ")[0]
        self.assertIn("BACKUP_PASSPHRASE is not set here", self.dits("backup", code=2))
        # A restore begins with a new database where there is none.
        self.environment["DITS_DATA_DIR"] = os.path.join(self.folder, "elsewhere")
        # Who is asked is told what it is about, whoever reads standard output.
        done = self.run_dits("restore", backup, "--json", text="")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertRegex(done.stderr, "holds +0 issues, ")
        done = self.run_dits("restore", backup, "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("a new, empty database was made in", done.stderr)
        self.assertIn("anna@example.org", self.dits("user", "list"))


class Listening(Commands):
    def refused(self, *arguments):
        told = self.dits("serve", *arguments, code=1)
        self.assertIn(told.splitlines()[-1].removeprefix("dits: "), self.dits("doctor", *arguments, code=1))
        return told

    def test_why_an_address_can_not_be_taken_is_told_apart(self):
        self.add_user("anna@example.org")
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            self.assertIn("is taken by another program", self.refused("--port", str(other.getsockname()[1])))
        self.assertIn("The host nowhere.invalid of --host is not known here", self.refused("--host", "nowhere.invalid"))
        self.assertIn("192.0.2.1 is no address of this machine", self.refused("--host", "192.0.2.1"))

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "only root can be somebody else")
    def test_a_port_of_the_system_is_not_called_taken(self):
        with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="utf-8") as file:
            if int(file.read()) <= 1:
                self.skipTest("every port is for everybody here")
        os.mkdir(self.data)
        os.chown(self.data, 65534, 65534)
        done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all", PROGRAM, "--port", "1"],
                              capture_output=True, text=True, timeout=120, cwd=self.folder, env=self.environment)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("127.0.0.1:1 may not be taken by this user: ports below 1024 need", done.stderr)


class Words(Commands):
    """What can be asked without a database."""

    def test_help_of_a_command_is_its_help(self):
        self.assertEqual(self.dits("help", "user", "add"), self.dits("user", "add", "--help"))
        self.assertEqual(self.dits("help", "user"), self.dits("user", "--help"))
        self.assertEqual(self.dits("help"), self.dits("--help"))
        self.assertIn("there is no command 'sevre'. The commands are serve, studio, add, ", self.dits("help", "sevre", code=2))

    def test_a_slip_of_the_hand_is_told(self):
        self.assertIn("There is no flag --prot; did you mean --port? dits --help", self.dits("--prot", "1", code=2))
        self.assertIn("There is no flag --scop; did you mean --scope? dits user token --help", self.dits("user", "token", "a@b.c", "--scop", "read", code=2))
        self.assertIn("There is no flag --nonsense; dits", self.dits("user", "list", "--nonsense", code=2))

    def test_config_tells_every_setting_and_where_it_comes_from(self):
        with open(os.path.join(self.folder, ".env"), "w", encoding="utf-8") as file:
            file.write("\ufeffexport SLOW_QUERY_MS='7'\r\nLOGLEVEL=debug\r\nPROT=1\r\nBACKUP_PASSPHRASE=\"correct horse\"\r\n")
        os.chmod(os.path.join(self.folder, ".env"), 0o600)
        more = {"PORT": "4000", "DATABASE_URL": "postgresql://anna:geheim@127.0.0.1:9/dits", "DITS_PORT": "5", "REDIS_ULR": "x"}
        told = self.dits("config", "--host", "localhost", more=more)
        lines = {line.split()[0]: line.split() for line in told.splitlines() if not line.startswith("note")}
        self.assertEqual(lines["HOST"], ["HOST", "localhost", "--host"])
        self.assertEqual(lines["PORT"], ["PORT", "4000", "PORT"])
        self.assertEqual(lines["SLOW_QUERY_MS"], ["SLOW_QUERY_MS", "7", "SLOW_QUERY_MS", "(.env)"])
        self.assertEqual(lines["LOG_LEVEL"], ["LOG_LEVEL", "info", "default"])
        self.assertEqual(lines["DATABASE_URL"], ["DATABASE_URL", "***", "DATABASE_URL"])
        self.assertEqual(lines["BACKUP_PASSPHRASE"][1], "***")
        self.assertNotIn("geheim", told)
        self.assertNotIn("correct horse", told)
        for note in ["note: DITS_PORT is no setting of DITS; did you mean PORT?", "note: REDIS_ULR is no setting of DITS; did you mean REDIS_URL?",
                     "note: LOGLEVEL (.env) is no setting of DITS; did you mean LOG_LEVEL?",
                     "note: PROT (.env) is no setting of DITS; did you mean PORT?"]:
            self.assertIn(note + "\n", told)
        found = json.loads(self.dits("config", "--json", more=more))
        self.assertEqual([doubt["name"] for doubt in found["doubts"]], ["DITS_PORT", "REDIS_ULR", "LOGLEVEL (.env)", "PROT (.env)"])
        self.assertIn({"variable": "PORT", "flag": "--port", "value": "4000", "from": "PORT"}, found["settings"])
        # One with mistakes is shown as far as it goes.
        told = self.dits("config", more={"PORT": "many"}, code=2)
        self.assertIn("HOST", told)
        self.assertIn("PORT: expected a number", told)
        # And a server says it too.
        self.assertIn("did you mean PORT?", self.run_dits("--exit", "--port", "0", more={"DITS_PORT": "5"}).stderr)

    def test_output_that_does_not_arrive_is_no_success(self):
        self.add_user("anna@example.org")
        with open("/dev/full", "w", encoding="utf-8") as full:
            for command in ["version", "--help", "man", "user list", "user list --json", "db info", "config", "export csv --user anna@example.org",
                            "export json --user anna@example.org -o -"]:
                with self.subTest(command=command):
                    done = self.run_dits(*command.split(), stdout=full)
                    self.assertEqual(done.returncode, 1, done.stderr)
                    self.assertIn("standard output", done.stderr)
                    self.assertIn("No space left on device", done.stderr)
        for command in ["man", "user list"]:
            reading, writing = os.pipe()
            os.close(reading)
            done = self.run_dits(*command.split(), stdout=writing)
            os.close(writing)
            self.assertEqual(done.returncode, 1)
            self.assertIn("Broken pipe", done.stderr)
        closed = subprocess.run(["sh", "-c", f"exec '{PROGRAM}' version >&-"], capture_output=True, text=True, env=self.environment, cwd=self.folder)
        self.assertEqual(closed.returncode, 1, closed.stderr)

    def test_a_dash_is_the_standard_output(self):
        self.add_user("anna@example.org")
        self.dits("add", "one")
        plain = self.dits("export", "csv", "--user", "anna@example.org")
        self.assertEqual(self.dits("export", "csv", "--user", "anna@example.org", "-o", "-"), plain)
        with open(os.path.join(self.folder, "notes.tar"), "wb") as file:
            self.assertEqual(self.run_dits("export", "markdown", "--user", "anna@example.org", "-o", "-", stdout=file).returncode, 0)
        names = subprocess.run(["tar", "tf", os.path.join(self.folder, "notes.tar")], capture_output=True, text=True, check=True).stdout
        self.assertIn("one", names)
        self.assertNotIn("-", os.listdir(self.folder))

    def complete(self, *words):
        script = self.dits("completion", "bash")
        typed = " ".join(f"'{word}'" for word in ("dits", *words))
        done = subprocess.run(["bash", "-c", f"{script}\nCOMP_WORDS=({typed}); COMP_CWORD={len(words)}; _dits; echo \"${{COMPREPLY[@]}}\""],
                              capture_output=True, text=True, check=True, cwd=self.folder)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_a_dash_is_the_standard_input(self):
        self.add_user("anna@example.org")
        self.assertIn("1 issue", self.dits("import", "csv", "-", "--user", "anna@example.org", text="title\nhello\n"))
        self.assertIn("hello", self.dits("list"))
        lines = '[{"html_url":"https://github.com/a/b/issues/1","number":1,"title":"There"}]'
        self.assertIn("1 issue read: 1 created", self.dits("import", "github", "-", "--user", "anna@example.org", text=lines))
        self.assertIn("dits: Standard input is empty.", self.dits("import", "github", "-", "--user", "anna@example.org", code=2))
        exported = self.dits("export", "json", "--user", "anna@example.org")
        self.add_user("bob@example.org")
        self.assertIn("2 issues", self.dits("import", "json", "-", "--user", "bob@example.org", text=exported))

    def test_a_shell_completes_words_and_flags(self):
        self.assertEqual(self.complete("do"), ["done", "doctor"])
        self.assertEqual(self.complete("user", "r"), ["rename", "role"])
        self.assertEqual(self.complete("db", "status", "--j"), ["--json"])
        self.assertEqual(self.complete("--data-dir", "x", "db", "st"), ["status"])
        self.assertIn("--attachment-max-mb", self.complete("serve", "--att"))
        for shell in ["zsh", "fish"]:
            path = shutil.which(shell)
            if path:  # its own eyes, where the machine has it
                script = os.path.join(self.folder, shell)
                with open(script, "w", encoding="utf-8") as file:
                    file.write(self.dits("completion", shell))
                subprocess.run([path, "-n", script], check=True)
        self.assertIn("knows bash, zsh and fish", self.dits("completion", "tcsh", code=2))

    def test_the_manual_is_one_that_man_can_read(self):
        page = os.path.join(self.folder, "dits.1")
        with open(page, "w", encoding="utf-8") as file:
            file.write(self.dits("man"))
        with open(page, encoding="utf-8") as file:
            self.assertRegex(file.read(), r"^\.TH DITS 1 .*\n\.SH NAME\n")
        if shutil.which("groff"):
            done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", page], capture_output=True, text=True, check=True)
            self.assertEqual(done.stderr, "")
            self.assertIn("--database-url", done.stdout.replace("\u2010", "-"))


class Json(Commands):
    def test_every_command_that_prints_data_prints_it_as_json(self):
        self.assertEqual(json.loads(self.dits("user", "add", "anna@example.org", "--password-stdin", "--json", text=PASSWORD + "\n"))["role"], "ADMIN")
        table = os.path.join(self.folder, "issues.csv")
        with open(table, "w", encoding="utf-8") as file:
            file.write("title\nhello\n")
        self.assertEqual(json.loads(self.dits("import", "csv", table, "--user", "anna@example.org", "--json"))["issues"], 1)
        backup = json.loads(self.dits("backup", "--json"))
        self.assertEqual(backup["problem"], "")
        read = {command: json.loads(self.dits(*command.split(), "--json", more={"PORT": "0"})) for command in [
            "user list", "user token anna@example.org", "token list", "db status", "db info", "db upgrade --check", "db upgrade", "backup --list",
            "backup --check", "restore --list", "doctor", "config", "version", "list", "show 1"]}
        self.assertEqual([user["email"] for user in read["user list"]["users"]], ["anna@example.org"])
        self.assertTrue(read["user token anna@example.org"]["secret"].startswith("dits_"))
        self.assertEqual(read["db status"]["pending"], 0)
        self.assertIn("issues", [table["name"] for table in read["db info"]["tables"]])
        self.assertEqual(read["backup --list"]["backups"][0]["path"], backup["path"])
        self.assertEqual(read["backup --check"]["backups"], [{"file": os.path.basename(backup["path"]), "isGood": True, "problem": ""}])
        self.assertEqual(read["doctor"]["problems"], 0)
        self.assertEqual(read["list"]["issues"][0]["title"], "hello")
        self.assertEqual(read["show 1"]["issue"]["number"], 1)
        self.assertEqual(json.loads(self.dits("restore", backup["path"], "--yes", "--json"))["missingAttachments"], [])


class Accounts(Commands):
    def setUp(self):
        super().setUp()
        self.add_user("anna@example.org")
        self.add_user("ben@example.org", "--name", "Ben")

    def users(self):
        return {user["email"]: user for user in json.loads(self.dits("user", "list", "--json"))["users"]}

    def test_an_administrator_always_stays(self):
        for command in ["disable anna@example.org", "delete anna@example.org --yes", "role anna@example.org user"]:
            self.assertIn("is the only administrator who can sign in", self.dits("user", *command.split(), code=1))
        self.dits("user", "role", "ben@example.org", "admin")
        self.dits("user", "disable", "ben@example.org")
        self.assertIn("is the only administrator", self.dits("user", "role", "anna@example.org", "user", code=1))
        self.dits("user", "enable", "ben@example.org")
        self.dits("user", "role", "anna@example.org", "user")
        self.assertEqual({email: user["role"] for email, user in self.users().items()}, {"anna@example.org": "USER", "ben@example.org": "ADMIN"})
        self.assertIn("expected admin or user", self.dits("user", "role", "anna@example.org", "boss", code=2))

    def test_names_and_addresses_change(self):
        self.dits("user", "rename", "ben@example.org", "--email", "benjamin@example.org", "--name", "Benjamin")
        self.assertEqual(self.users()["benjamin@example.org"]["name"], "Benjamin")
        self.assertIn("account with this address already", self.dits("user", "rename", "benjamin@example.org", "--email", "Anna@example.org", code=1))
        self.assertIn("--email", self.dits("user", "rename", "benjamin@example.org", code=2))
        self.assertIn("There is no account", self.dits("user", "rename", "ben@example.org", "--name", "x", code=1))
        self.dits("user", "rename", "benjamin@example.org", "--email", "not one", code=2)

    def test_an_account_goes_with_all_that_it_owns(self):
        self.dits("add", "Mine", "--user", "ben@example.org")
        self.dits("add", "Hers", "--user", "anna@example.org")
        self.assertIn("Nothing was deleted", self.dits("user", "delete", "ben@example.org", code=2))
        self.dits("user", "delete", "ben@example.org", "--yes")
        self.assertEqual(list(self.users()), ["anna@example.org"])
        self.assertEqual(self.dits("db", "shell", "--", "-Atc", "SELECT string_agg(title, ',') FROM issues"), "Hers\n")
        self.assertEqual(self.dits("db", "shell", "--", "-Atc", "SELECT count(DISTINCT user_id) FROM audit_logs"), "1\n")

    def test_tokens_are_listed_and_ended(self):
        first = self.dits("user", "token", "anna@example.org", "--name", "one").strip()
        self.dits("user", "token", "anna@example.org", "--name", "two", "--scope", "write")
        self.assertIn("--name", self.dits("user", "token", "anna@example.org", "--name", "", code=2))
        listed = self.dits("token", "list")
        self.assertIn("one", listed)
        self.assertNotIn(first, listed)
        told = self.dits("user", "passwd", "anna@example.org", "--password-stdin", text=PASSWORD + "\n")
        self.assertIn("2 API tokens still let programs in: --revoke-tokens", told)
        self.assertIn("no such token", self.dits("token", "revoke", "ben@example.org", first[:10], code=1))
        self.dits("token", "revoke", "anna@example.org", first[:10])
        self.assertEqual([token["name"] for token in json.loads(self.dits("token", "list", "anna@example.org", "--json"))["tokens"]], ["two"])
        self.assertIn("1 API token ended", self.dits("user", "passwd", "anna@example.org", "--password-stdin", "--revoke-tokens", text=PASSWORD + "\n"))
        self.assertIn("There is no API token", self.dits("token", "list"))


class Capture(Commands):
    def setUp(self):
        super().setUp()
        self.assertIn("There is no database", self.dits("add", "too early", code=7))
        self.dits("--seed", "--exit", "--port", "0")

    def editor(self, text):
        path = os.path.join(self.folder, "editor.sh")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + text)
        os.chmod(path, 0o755)
        return {"EDITOR": path, "TMPDIR": self.folder}

    def test_an_issue_from_its_first_words_to_its_end(self):
        made = json.loads(self.dits("add", "Fix", "the login", "#bug", "!high", "due:2030-01-31", "--json"))
        self.assertEqual((made["title"], made["labels"], made["priority"], made["dueDate"]), ("Fix the login", "bug", "HIGH", "2030-01-31"))
        number = str(made["number"])
        odd = str(json.loads(self.dits("add", "Odd", "--description", "-", "--json", text="a\033[31mred\u009b1m\tb\n"))["number"])
        self.assertIn("a [31mred 1m\tb\n", self.dits("show", odd))
        self.dits("done", odd)
        self.assertIn("There is no label", self.dits("add", "x #nonsense", code=2))
        self.assertIn("Say what is to be done", self.dits("add", code=2))
        listed = self.dits("list", "is:open label:bug priority:high")
        self.assertRegex(listed, rf"number +status +priority +title +labels +place +due\n#{number} +Backlog +high +Fix the login +bug +2030-01-31\n")
        self.assertNotIn("\033", listed)
        self.assertIn("column", self.dits("list", "is:nonsense", code=2).lower())
        self.assertEqual(len(json.loads(self.dits("list", "--limit", "2", "--json"))["issues"]), 2)
        self.assertIn("--limit N shows them", self.run_dits("list", "--limit", "2").stderr)
        shown = self.dits("show", f"#{number}")
        self.assertTrue(shown.startswith(f"#{number}  Fix the login\n"))
        self.assertIn("There is no issue #4711.", self.dits("show", "4711", code=1))
        self.assertEqual(self.dits("start", number), f"{number}-fix-the-login\n")
        self.assertIn("In Progress", self.dits("show", number))
        self.dits("start", number)
        self.assertIn("Done", self.dits("done", number))
        self.assertNotIn("Fix the login", self.dits("list"))
        self.assertIn("has no such status: name one with --status (Backlog, To Do", self.dits("start", number, "--status", "Nowhere", code=2))
        # What it did stands in the log as anybody's change does.
        changes = self.dits("db", "shell", "--", "-Atc", f"SELECT action, user_agent FROM audit_logs WHERE entity_id = '{made['id']}' ORDER BY change_id")
        self.assertEqual(changes, "CREATE|dits command line\n" + "UPDATE|dits command line\n" * 2)

    def test_an_issue_in_the_editor(self):
        number = str(json.loads(self.dits("add", "Write it down", "--description", "-", "--json", text="one\ntwo\n"))["number"])
        more = self.editor('sed -i "s/two/three/; 1s/.*/Written down/" "$1"\n')
        self.assertIn(f"saved #{number}  Written down", self.dits("edit", number, more=more))
        self.assertIn("one\nthree\n", self.dits("show", number))
        self.assertIn("unchanged", self.dits("edit", number, more=self.editor("true\n")))
        self.assertIn("The editor", self.dits("edit", number, more=self.editor("exit 3\n"), code=1))
        # Somebody else is quicker: nothing is lost, nothing is overwritten.
        more = self.editor(f'"{PROGRAM}" done {number} >/dev/null\necho mine >> "$1"\n')
        told = self.dits("edit", number, more={**more, "DITS_DATA_DIR": self.data}, code=1)
        self.assertIn("was changed meanwhile", told)
        kept = told.split("is kept in ")[1].strip().rstrip(".")
        with open(kept, encoding="utf-8") as file:
            self.assertIn("mine", file.read())
        self.assertNotIn("mine", self.dits("show", number))

    def test_whose_issues_they_are_has_to_be_clear(self):
        self.add_user("ben@example.org")
        self.assertIn("There are 2 accounts here: say whose issues with --user EMAIL", self.dits("add", "x", code=2))
        self.dits("add", "Quartz", "--user", "ben@example.org")
        self.assertIn("Quartz", self.dits("list", "--user", "ben@example.org"))
        self.assertEqual(self.dits("list", "text:quartz", "--user", "demo@dits.dev"), "")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
