#!/usr/bin/env python3
"""openapi_test.py [DITS] (else $DITS_BINARY): the OpenAPI document says what the server does.

Every route of the document is called, with a body of its schema where it has one, and each answer, success and problem alike, is held
against its schema: every field that is sent is described, every field that is promised is sent. A route that no call reaches fails."""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

import jsonschema

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("DITS_BINARY", "build/native/dits"))
PASSWORD = "correct horse battery"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def closed(schema):
    """The same schema, where an object with properties has no others."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    result = {name: closed(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        result["additionalProperties"] = False
    return result


class Api(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="dits-openapi-")
        os.chmod(cls.folder, 0o755)  # as root, another user runs PostgreSQL
        cls.port = free_port()
        cls.log = open(os.path.join(cls.folder, "log"), "w+")
        cls.server = subprocess.Popen([PROGRAM, "--data-dir", os.path.join(cls.folder, "data"), "--port", str(cls.port)], cwd=cls.folder,
                                      stdout=cls.log, stderr=cls.log)
        cls.cookie = None
        cls.called = set()
        cls.document = None
        end = time.monotonic() + 60
        while cls.document is None:
            try:
                cls.document = json.loads(cls.raw("GET", "/api/openapi.json")[1])
            except (OSError, ValueError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
        cls.components = closed(cls.document["components"])

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.wait(60)
        cls.log.close()
        shutil.rmtree(cls.folder)

    @classmethod
    def raw(cls, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", cls.port, timeout=60)
        try:
            sent = {"X-Requested-With": "dits", **({"Cookie": cls.cookie} if cls.cookie else {}), **(headers or {})}
            if body is not None and not isinstance(body, bytes):
                body = json.dumps(body).encode()
                sent.setdefault("Content-Type", "application/json")
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            cookie = response.getheader("Set-Cookie")
            if cookie and method == "POST":
                cls.cookie = cookie.split(";")[0]
            return response.status, response.read(), response.getheader("Content-Type", "")
        finally:
            connection.close()

    def check(self, schema, value, where):
        whole = {**closed(schema), "components": self.components}
        validator = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
        problems = [f"{where}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in validator.iter_errors(value)]
        self.assertEqual(problems[:5], [])

    def call(self, method, template, body=None, *, status=None, query="", headers=None, check_body=True, **parts):
        """Calls a route of the document; the answer's JSON, or its bytes."""
        operation = self.document["paths"][template][method.lower()]
        path = template.format(**{name: parts[name] for name in parts})
        code, content, media = self.raw(method, path + query, body, headers)
        where = f"{method} {path}{query}"
        if status is None:
            self.assertLess(code, 300, f"{where}: {content[:400]}")
        else:
            self.assertEqual(code, status, f"{where}: {content[:400]}")
        names = {each["name"] for each in operation.get("parameters", []) if each["in"] == "query"}
        for each in query.lstrip("?").split("&") if query else []:
            self.assertIn(each.split("=")[0], names, where)
        with self.subTest(where):
            if code < 300:
                self.called.add((method, template))
                if body is not None and not isinstance(body, bytes) and check_body:
                    self.check(operation["requestBody"]["content"]["application/json"]["schema"], body, where + " (body)")
            responses = operation["responses"]
            described = responses["2XX" if code < 300 else "default"].get("content", {})
            kind = media.split(";")[0]
            if not content:
                self.assertEqual(described, {}, where)
            else:
                self.assertTrue({kind, "*/*"} & set(described), f"{where}: {kind} is none of {list(described)}")
                if described.get(kind):
                    self.check(described[kind]["schema"], json.loads(content), where)
        return json.loads(content) if re.fullmatch(r"application/(problem\+)?json", media.split(";")[0]) and content else content

    def hear_events(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", "/api/v1/events", headers={"Cookie": self.cookie})
            response = connection.getresponse()
            self.assertEqual(response.status, 200)
            described = self.document["paths"]["/api/v1/events"]["get"]["responses"]["2XX"]["content"]
            self.assertIn(response.getheader("Content-Type").split(";")[0], described)
            self.called.add(("GET", "/api/v1/events"))
        finally:
            connection.close()

    def test_every_route_answers_as_its_description_says(self):
        call = self.call
        login = {"email": "anna@example.org", "password": PASSWORD}
        with open(self.log.name) as log:
            link = re.search(r"/setup/(\S+)", log.read())[1]
        call("GET", "/api/v1/auth/setup/{token}", token=link)
        call("GET", "/api/v1/auth/setup/{token}", token="another", status=404)
        call("POST", "/api/v1/auth/register", {**login, "email": "no address", "name": "A", "setupToken": link}, status=400)
        call("POST", "/api/v1/auth/register", {**login, "name": "A", "setupToken": link})
        call("POST", "/api/v1/auth/login", {**login, "password": "wrong"}, status=401)
        call("POST", "/api/v1/auth/login", login)
        call("GET", "/api/v1/auth/me")
        call("PATCH", "/api/v1/auth/me", {"name": "Anna", "preferences": {"theme": "dark"}})
        call("PATCH", "/api/v1/auth/me", {"name": ""}, status=400)
        sessions = call("GET", "/api/v1/auth/sessions")["items"]
        call("DELETE", "/api/v1/auth/sessions/{id}", id=next(each["id"] for each in sessions if not each["isCurrent"]))
        token = call("POST", "/api/v1/auth/tokens", {"name": "a script", "scope": "WRITE"})
        call("GET", "/api/v1/auth/tokens")
        call("DELETE", "/api/v1/auth/tokens/{id}", id=token["id"])

        project = call("POST", "/api/v1/projects", {"name": "Relay", "startDate": "2026-01-01"})
        area = call("POST", "/api/v1/areas", {"name": "Work", "color": "#2E83E6"})
        label = call("POST", "/api/v1/labels", {"name": "bug"})
        view = call("POST", "/api/v1/views", {"name": "Mine", "query": "is:open", "settings": {"layout": "list"}})
        statuses = [{"name": "Open"}, {"name": "Shut", "isClosed": True, "color": "#029D50"}]
        workflow = call("POST", "/api/v1/workflows", {"name": "Short", "projectId": project["id"], "statuses": statuses})
        open_status, shut = [each["id"] for each in workflow["statuses"]]
        issue = call("POST", "/api/v1/issues", {"title": "One", "projectId": project["id"], "areaId": area["id"], "labelIds": [label["id"]],
                                                "priority": "HIGH", "dueDate": "2026-07-31", "description": "A *text*"})
        other = call("POST", "/api/v1/issues", {"title": "Two", "parentIssueId": issue["id"], "projectId": project["id"]})
        call("POST", "/api/v1/issues", {"title": "Three #bug !low", "metadata": {"a": 1}}, query="?parse=1&today=2026-07-31")
        call("POST", "/api/v1/issues", {"title": ""}, status=400)
        call("POST", "/api/v1/issues", {"title": "x", "nosuch": 1}, status=400, check_body=False)
        call("GET", "/api/v1/issues/{id}", id=issue["number"])
        call("GET", "/api/v1/issues/{id}", id=uuid.uuid4(), status=404)
        call("PATCH", "/api/v1/issues/{id}", {"title": "One!", "addLabelIds": [label["id"]]}, id=issue["id"])
        call("PATCH", "/api/v1/issues/{id}", {"title": "No"}, id=issue["id"], headers={"If-Match": '"1"'}, status=412)
        call("POST", "/api/v1/issues/{id}/transition", {"statusId": shut}, id=issue["id"])
        call("POST", "/api/v1/issues/{id}/transition", {"statusId": open_status, "override": True}, id=issue["id"])
        of = {"id": issue["id"]}
        call("POST", "/api/v1/issues/{id}/comments", {"body": "First"}, **of)
        comment = call("POST", "/api/v1/issues/{id}/comments", {"body": "Second"}, **of)
        call("PATCH", "/api/v1/issues/{id}/comments/{commentId}", {"body": "2nd"}, commentId=comment["id"], **of)
        relation = call("POST", "/api/v1/issues/{id}/relations", {"targetId": other["id"], "relationType": "BLOCKS"}, **of)
        call("POST", "/api/v1/issues/{id}/relations", {"targetId": issue["id"], "relationType": "BLOCKS"}, **of, status=400)
        call("DELETE", "/api/v1/issues/{id}/relations/{relationId}", relationId=relation["id"], **of)
        call("POST", "/api/v1/issues/{id}/relations", {"targetId": other["id"], "relationType": "RELATES_TO"}, **of)
        git = call("POST", "/api/v1/issues/{id}/git-integrations", {"repository": "example/tool", "provider": "GITHUB", "branchName": "fix"}, **of)
        call("PATCH", "/api/v1/issues/{id}/git-integrations/{gitIntegrationId}", {"prUrl": "https://example.org/1"}, gitIntegrationId=git["id"], **of)
        file = call("POST", "/api/v1/issues/{id}/attachments", b"text", query="?name=a.txt", headers={"Content-Type": "application/octet-stream"}, **of)
        self.assertEqual(call("GET", "/api/v1/issues/{id}/attachments/{attachmentId}", attachmentId=file["id"], **of), b"text")
        call("POST", "/api/v1/issues/{id}/labels", {"labelId": label["id"]}, id=other["id"])
        for part in ("details", "activity", "labels", "relations", "comments", "git-integrations", "attachments", "sub-issues", "duplicates"):
            call("GET", "/api/v1/issues/{id}/" + part, **of)
        call("DELETE", "/api/v1/issues/{id}/labels/{labelId}", id=other["id"], labelId=label["id"])
        for query in ("", "?q=is:open&sort=-updated&limit=1", "?q=One"):
            call("GET", "/api/v1/issues", query=query)
        for one in json.loads(self.raw("GET", "/api/v1/issues?fields=id,title,description")[1])["items"]:
            self.assertEqual(set(one), {"id", "title", "description"})
        call("GET", "/api/v1/issues", query="?q=nosuch:1", status=400)

        for kind, of_kind in (("projects", project), ("areas", area), ("labels", label), ("views", view), ("workflows", workflow)):
            call("GET", f"/api/v1/{kind}")
            call("GET", f"/api/v1/{kind}/{{id}}", id=of_kind["id"])
            call("PATCH", f"/api/v1/{kind}/{{id}}", {"name": "Renamed"}, id=of_kind["id"])
            call("PATCH", f"/api/v1/{kind}/{{id}}", {"name": ""}, id=of_kind["id"], status=400)
        in_workflow = {"id": workflow["id"]}
        call("GET", "/api/v1/workflows/{id}/statuses", **in_workflow)
        status = call("POST", "/api/v1/workflows/{id}/statuses", {"name": "Waiting"}, **in_workflow)
        call("PATCH", "/api/v1/workflows/{id}/statuses/{statusId}", {"name": "Waits"}, statusId=status["id"], **in_workflow)
        call("DELETE", "/api/v1/workflows/{id}/statuses/{statusId}", statusId=status["id"], **in_workflow)

        bulk = call("POST", "/api/v1/issues/bulk", {"issueIds": [issue["id"], other["id"]], "patch": {"priority": "LOW"}})
        self.assertTrue(bulk)
        call("POST", "/api/v1/issues/bulk", {"changes": [{"id": other["id"], "action": "DELETE"}]})
        call("GET", "/api/v1/trash")
        call("POST", "/api/v1/issues/{id}/restore", id=other["id"])
        call("DELETE", "/api/v1/issues/{id}", id=other["id"])
        call("DELETE", "/api/v1/trash/{type}/{id}", type="issue", id=other["id"])
        call("GET", "/api/v1/search", query="?q=text")
        call("GET", "/api/v1/stats")
        call("GET", "/api/v1/insights", query="?q=is:open&days=30")
        call("GET", "/api/v1/insights", query="?days=31", status=400)
        call("GET", "/api/v1/sync", query="?since=0")
        page = call("GET", "/api/v1/sync", query="?since=0&limit=1")
        call("GET", "/api/v1/sync", query=f"?since=0&limit=1&cursor={page['nextCursor']}")
        call("GET", "/api/v1/sync", query="?since=1")
        call("GET", "/api/v1/sync/snapshot")
        logs = call("GET", "/api/v1/audit-logs", query="?limit=200")
        renamed = next(each for each in logs["items"] if each["entityType"] == "label" and each["action"] == "UPDATE")
        call("POST", "/api/v1/audit-logs/{changeId}/undo", changeId=renamed["changeId"])
        for format in ("json", "csv", "markdown"):
            call("GET", "/api/v1/export", query=f"?format={format}")
        call("POST", "/api/v1/import", b"Title\nFour\n", query="?format=csv", headers={"Content-Type": "application/octet-stream"})
        call("GET", "/api/v1/import")

        call("DELETE", "/api/v1/issues/{id}/comments/{commentId}", commentId=comment["id"], **of)
        call("DELETE", "/api/v1/issues/{id}/git-integrations/{gitIntegrationId}", gitIntegrationId=git["id"], **of)
        call("DELETE", "/api/v1/issues/{id}/attachments/{attachmentId}", attachmentId=file["id"], **of)
        call("POST", "/api/v1/issues/{id}/attachments/{attachmentId}/restore", attachmentId=file["id"], **of)
        call("DELETE", "/api/v1/issues/{id}", **of)
        call("DELETE", "/api/v1/trash/{type}/{id}", type="issue", **of)
        for kind, of_kind in (("views", view), ("labels", label), ("areas", area), ("workflows", workflow), ("projects", project)):
            call("DELETE", f"/api/v1/{kind}/{{id}}", id=of_kind["id"])
            call("POST", f"/api/v1/{kind}/{{id}}/restore", id=of_kind["id"])

        for part in ("backups", "database", "statements", "system", "studio/tables"):
            call("GET", f"/api/v1/admin/{part}")
        call("POST", "/api/v1/admin/backups")
        in_table = {"table": "issues"}
        rows = call("GET", "/api/v1/admin/studio/tables/{table}/rows", query="?filter=deleted_at+is+null&sort=title&limit=5", **in_table)
        self.assertTrue(rows)
        call("GET", "/api/v1/admin/studio/tables/{table}/rows", query="?filter=nosuch+%3D+1", **in_table, status=400)
        call("GET", "/api/v1/admin/studio/tables/{table}/columns/{column}", column="priority_rank", **in_table)
        for format in ("json", "csv"):
            call("GET", "/api/v1/admin/studio/tables/{table}/export", query=f"?format={format}", **in_table)
        table = next(each for each in call("GET", "/api/v1/admin/studio/tables")["items"] if each["name"] == "issues")
        row = rows["rows"][0]
        cells = dict(zip(rows["columns"], row["cells"]))
        key = {each["name"]: cells[each["name"]] for each in table["columns"] if each["isKey"]}
        edit = {"action": "update", "table": "issues", "key": key, "version": row["version"], "values": {"title": "By hand"}}
        call("POST", "/api/v1/admin/studio/changes", {"changes": [edit]})
        call("POST", "/api/v1/admin/studio/changes", {"changes": [edit]}, status=412)
        call("POST", "/api/v1/admin/studio/sql", {"sql": "update issues set position = 5", "allowWrites": True})
        call("POST", "/api/v1/admin/studio/sql", {"sql": "select 1 as one, null as two"})
        call("POST", "/api/v1/admin/studio/sql", {"sql": "selec"}, status=400)
        call("POST", "/api/v1/admin/studio/explain", {"sql": "select 1"}, query="?analyze=true")

        self.hear_events()
        call("GET", "/api/docs")
        call("GET", "/api/docs.css")
        call("GET", "/api/openapi.json")
        call("POST", "/api/v1/auth/me/password", {"currentPassword": PASSWORD, "newPassword": PASSWORD + "!"})
        call("DELETE", "/api/v1/auth/sessions")
        call("POST", "/api/v1/auth/logout")
        called = {(method.upper(), path) for path, methods in self.document["paths"].items() for method in methods}
        self.assertEqual(sorted(called - self.called), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
