#!/usr/bin/env python3
"""Each check that keeps people out is taken away in turn, and a test must notice.

Conditions on the user in statements are taken out by tests/server/store/row_security_test.cpp itself, at run time. Here are the others:
the router's and the services' checks (in a copy of the sources that is compiled once), each row of the table of routes made weaker, and
what the database holds by itself (policies, rights). The long form runs them all; the short one sees to it that each check is still
where it is looked for, and that no switch is in what is shipped."""

import os
import pathlib
import re
import tempfile
import time
import unittest

from support.campaign import LONG
from support.mutants import ROOT, VARIABLE, Copy, Mutant, first_failure, mutated

MATRIX = ("dits_http_tests", "*authorisation_*")
ROUTER = ("dits_server_tests", "*server/http/router_test*")
ROUTES = ("dits_server_tests", "*server/api/routes_test*")
FILES = ("dits_server_tests", "*server/service/attachments_test*")
STUDIO = ("dits_server_tests", "*server/service/studio_test*")
LAYERS = ("dits_server_tests", "*row_security_*")

TEMPLATE = "DITS_TEST_TEMPLATE_SQL"  # read by tests/support/test_database.cpp

router, parts, files = "server/http/router.cpp", "server/service/issue_parts.cpp", "server/service/attachments.cpp"
auth, changes, studio = "server/service/auth.cpp", "server/service/issue_changes.cpp", "server/service/studio.cpp"

CHECKS = [
    Mutant("nobody is asked who they are", router, "if ([[route.who != Who::anyone]]) {\n    const Credentials", "false", [MATRIX]),
    Mutant("anybody is an administrator", router, "if ([[route.who == Who::admin && viewer.role != Role::admin]])", "false", [MATRIX]),
    Mutant("scopes are not looked at", router, "if ([[viewer.scope < route.scope]])", "false", [MATRIX]),
    Mutant("any scope does", router, "if ([[viewer.scope < route.scope]])", "viewer.scope == Scope::none", [MATRIX]),
    Mutant("a token does for a session", router,
           "if ([[route.limits.needs_session && viewer.credential != CredentialKind::session]])", "false", [MATRIX]),
    Mutant("where a request comes from is not asked", router,
           "if ([[route.method != Method::get && request.viewer.credential != CredentialKind::token]])", "false", [MATRIX]),
    Mutant("tokens are asked where they come from", router,
           "if ([[route.method != Method::get && request.viewer.credential != CredentialKind::token]])", "route.method != Method::get", [MATRIX]),
    Mutant("DELETE may come from anywhere", router,
           "if ([[route.method != Method::get && request.viewer.credential != CredentialKind::token]])", "route.method == Method::post && request.viewer.credential != CredentialKind::token", [MATRIX]),
    Mutant("any site is ours", router, 'return [[site == "same-origin"]]', "true", [MATRIX]),
    Mutant("a neighbour is ours", router, 'return [[site == "same-origin"]]', 'site != "cross-site"', [MATRIX]),
    Mutant("any origin is ours", router, "return [[is_own_origin(request, origin)]]", "true", [MATRIX]),
    Mutant("any referring page is ours", router, "return [[is_own_origin(request, referer.substr(0, path))]]", "true", [MATRIX]),
    Mutant("browsers may say nothing", router, 'is_browser = [[request.header("user-agent").starts_with("Mozilla/")]]', "false", [MATRIX]),
    Mutant("the scheme of an origin is not compared", router, "return [[origin.starts_with(scheme)]] &&", "true", [MATRIX]),
    Mutant("the host of an origin is not compared", router,
           '[[equals_ignoring_case(origin.substr(scheme.size()), request.header("host"))]]', "true", [MATRIX]),
    Mutant("any scheme carries a token", router,
           "if ([[!equals_ignoring_case(authorization.substr(0, scheme.size()), scheme)]])", "false", [MATRIX]),
    Mutant("an upload goes on when its sender is locked out", router, "if ([[!piece.empty()]]) return piece;", "true", [ROUTER]),
    Mutant("a part may hang on another issue", parts, "if ([[part.issue_id != issue_id]])", "false", [MATRIX]),
    Mutant("a relation may be of another issue", parts,
           "if ([[part.source_id != issue_id && part.target_id != issue_id]])", "false", [MATRIX]),
    Mutant("a file may hang on another issue", files, "if ([[found.issue_id != issue_id]])", "false", [MATRIX]),
    Mutant("undo brings back anybody's file", files, "if ([[!owned]] ||", "false", [FILES]),
    Mutant("an issue may name any project", changes, "&& [[!found.has_project]])", "false", [MATRIX]),
    Mutant("an issue may name any area", changes, "&& [[!found.has_area]])", "false", [MATRIX]),
    Mutant("an issue may name any parent", changes, "&& [[!found.has_parent]])", "false", [MATRIX]),
    Mutant("an issue may name any label", changes,
           "if ([[found.label_count != static_cast<std::int64_t>(asked.label_ids.size())]])", "false", [MATRIX]),
    Mutant("an issue may name any status", changes,
           "if ([[workflow == nullptr]]) return invalid(\"statusId\", \"There is no such status.\");", "false", [MATRIX]),
    Mutant("a token writes by SQL in Studio", studio, "if ([[viewer.credential == CredentialKind::token]])", "false", [STUDIO]),
]

# Made weaker in the copy, by a function behind the table.
ROUTES_FILE = "server/api/all_routes.cpp"
WEAKEN = '''
static void weaken(http::Route& route) {
  const std::string name = std::string(name_of(route.method)) + " " + std::string(route.path);
  if (dits_mutant(name + " for anyone")) route.who = http::Who::anyone;
  if (dits_mutant(name + " for users")) route.who = http::Who::user;
  if (dits_mutant(name + " with less scope")) route.scope = static_cast<Scope>(static_cast<int>(route.scope) - 1);
  if (dits_mutant(name + " by token")) route.limits.needs_session = false;
}

std::vector<http::Route> all_routes('''


def weakened(name: str, text: str):
    if name != ROUTES_FILE:
        return None
    if text.count("\nstd::vector<http::Route> all_routes(") != 1 or text.count("  return all;") != 1:
        raise ValueError(f"{ROUTES_FILE} has no place for switches")
    text = text.replace("\nstd::vector<http::Route> all_routes(", WEAKEN)
    return '#include "build/mutant.hpp"\n#include <string>\n' + text.replace("  return all;", "  for (http::Route& route : all) weaken(route);\n  return all;")


def weaker_routes():
    for line in (ROOT / "tests/golden/routes.txt").read_text().splitlines():
        method, path, who, scope, *more = line.split()
        if who != "anyone":
            yield f"{method} {path} for anyone"
            yield f"{method} {path} with less scope"
        if who == "admin":
            yield f"{method} {path} for users"
        if "session-only" in more:
            yield f"{method} {path} by token"


def weaker_databases(tables):
    """SQL that takes one thing away from the template of the tests' databases."""
    for table in tables:
        yield f"{table} without row-level security", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        yield f"{table} shown to all", f"CREATE POLICY more ON {table} FOR SELECT USING (true)"
        yield f"{table} changed by all", f"CREATE POLICY more ON {table} FOR ALL USING (true) WITH CHECK (true)"
        yield f"{table} given away", f"CREATE POLICY more ON {table} FOR UPDATE USING (false) WITH CHECK (true); CREATE POLICY made ON {table} FOR INSERT WITH CHECK (true)"
        yield f"{table} not for its owner", f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"
    replace = (
        "DO $$ BEGIN EXECUTE (SELECT replace(replace(pg_get_functiondef('{0}'::regprocedure), 'user_id = current_user_id()', 'true'), "
        "'s.user_id IS NOT DISTINCT FROM reader', 'true')); END $$"
    )
    yield "the redaction is of anybody's", replace.format("redact_changes(uuid)")
    yield "a log begins anew for all", replace.format("begin_log_anew()")
    yield "the application may become its owner", "GRANT dits_owner TO dits_app"
    yield "the application bypasses policies", "ALTER ROLE dits_app BYPASSRLS"


def protected_tables():
    """As the tests have them: each is under forced row-level security, so that the list needs no database."""
    names = set()
    for file in sorted((ROOT / "migrations").glob("*/up.sql")):
        text = file.read_text()
        names.update(re.findall(r"ALTER TABLE (\w+) FORCE ROW LEVEL SECURITY", text))
        for listed in re.findall(r"FOREACH name IN ARRAY ARRAY\[([^\]]*)\] LOOP\s+EXECUTE format\('ALTER TABLE %I ENABLE ROW", text):
            names.update(re.findall(r"'(\w+)'", listed))
    return sorted(names)


class Mutations(unittest.TestCase):
    def test_each_check_is_where_it_is_looked_for(self):
        for file in {mutant.file for mutant in CHECKS}:
            text = (ROOT / file).read_text()
            self.assertNotEqual(mutated(text, [mutant for mutant in CHECKS if mutant.file == file]), text)
        self.assertIn("weaken(route)", weakened(ROUTES_FILE, (ROOT / ROUTES_FILE).read_text()))
        self.assertGreater(len(list(weaker_routes())), 200)
        self.assertGreater(len(protected_tables()), 20)
        self.assertEqual(len({mutant.name for mutant in CHECKS}), len(CHECKS))

    def test_no_switch_is_in_what_is_shipped(self):
        for room in ("server", "shared", "web"):
            for path in (ROOT / room).rglob("*"):
                if path.is_file():
                    text = path.read_bytes()
                    self.assertFalse(VARIABLE.encode() in text or TEMPLATE.encode() in text, path)
        binary = pathlib.Path(os.environ["DITS_BINARY"]).read_bytes()
        self.assertFalse(VARIABLE.encode() in binary or TEMPLATE.encode() in binary)

    @unittest.skipUnless(LONG, "scripts/test --faults")
    def test_each_check_that_is_taken_away_is_missed(self):
        copy = Copy(ROOT / "build" / "mutants")
        copy.write(CHECKS, weakened)
        copy.compile(["dits_server_tests", "dits_http_tests"], int(os.environ.get("DITS_JOBS", os.cpu_count())))
        mutants = [(mutant.name, {VARIABLE: mutant.name}, mutant.tests) for mutant in CHECKS]
        mutants += [(name, {VARIABLE: name}, [ROUTES]) for name in weaker_routes()]
        mutants += [(name, {TEMPLATE: sql}, [LAYERS]) for name, sql in weaker_databases(protected_tables())]
        with tempfile.TemporaryDirectory(prefix="dits-mutants-") as directory:
            os.chmod(directory, 0o755)
            environment = {"TMPDIR": directory, "DITS_BINARY": os.environ["DITS_BINARY"]}
            for program, files_of in {test for _, _, tests in mutants for test in tests}:
                self.assertIsNone(first_failure(copy.build / program, files_of, environment, copy.sources), f"{program} {files_of}")
            survivors = []
            for name, switch, tests in mutants:
                began, killer = time.monotonic(), None
                for program, files_of in tests:
                    killer = killer or first_failure(copy.build / program, files_of, {**environment, **switch}, copy.sources)
                print(f"{time.monotonic() - began:6.1f} s  {name}: {'SURVIVED' if killer is None else 'missed by ' + killer}", flush=True)
                if killer is None:
                    survivors.append(name)
        print(f"{len(mutants)} checks taken away, {len(mutants) - len(survivors)} missed, {len(survivors)} not")
        self.assertEqual(survivors, [])


if __name__ == "__main__":
    unittest.main()
