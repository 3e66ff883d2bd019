#include "tests/support/planted_accounts.hpp"

#include <doctest/doctest.h>

namespace dits::test {

namespace {

// @user, @word and ids are filled in. What is named "@id(name)" has the same id in both accounts, as a client
// may choose it, so that a join which forgets the user finds the other's rows; "@own(name)" is unique.
constexpr std::string_view rows_of_an_account = R"sql(
SELECT set_config('dits.system', 'on', false), set_config('dits.user_id', '@user', false);
INSERT INTO users (id, email, password_hash, name, avatar) VALUES ('@user', '@word@x.dev', '@word', '@word', '@word');
INSERT INTO user_counters (user_id, last_change_id, last_issue_number) VALUES ('@user', 3, 3);
INSERT INTO sessions (id, user_id, token_hash, user_agent, ip_address, expires_at, absolute_expires_at)
VALUES (@own(session), '@user', sha256('@word session'), '@word', '@word', '2099-01-01', '2099-01-01'),
       (@own(ended), '@user', sha256('@word ended'), '@word', '@word', '2001-01-01', '2001-01-01');
INSERT INTO api_tokens (id, user_id, name, token_hash, prefix, scope)
VALUES (@own(token), '@user', '@word', sha256('@word token'), '@word', 'ADMIN');
INSERT INTO idempotency_keys (user_id, key, request_hash, status, content_type, headers, body, created_at)
VALUES ('@user', '@word', sha256('@word'), 201, 'application/json', '{"@word": "@word"}', '@word', '2001-01-01');
INSERT INTO projects (user_id, id, name, description, start_date, end_date, settings)
VALUES ('@user', @id(project), '@word', '@word', '2026-01-01', '2026-12-01', '{"@word": 1}'),
       ('@user', @id(archived), '@word archived', '@word', NULL, NULL, '{}');
UPDATE projects SET deleted_at = '2001-01-01' WHERE id = @id(archived);
INSERT INTO areas (user_id, id, name, description) VALUES ('@user', @id(area), '@word', '@word');
INSERT INTO areas (user_id, id, name, deleted_at) VALUES ('@user', @id(gone_area), '@word gone', '2001-01-01');
INSERT INTO labels (user_id, id, name) VALUES ('@user', @id(label), '@word'), ('@user', @id(bare_label), '@word bare');
INSERT INTO labels (user_id, id, name, deleted_at) VALUES ('@user', @id(gone_label), '@word gone', '2001-01-01');
INSERT INTO workflows (user_id, id, name, is_default) VALUES ('@user', @id(workflow), '@word', true);
INSERT INTO workflows (user_id, id, name, project_id, deleted_at)
VALUES ('@user', @id(gone_workflow), '@word gone', @id(project), '2001-01-01');
INSERT INTO statuses (user_id, id, workflow_id, name) VALUES ('@user', @id(status), @id(workflow), '@word');
INSERT INTO statuses (user_id, id, workflow_id, name, is_closed, position)
VALUES ('@user', @id(closed), @id(workflow), '@word closed', true, 1);
INSERT INTO issues (user_id, id, number, title, description, status_id, project_id, area_id, due_date, completed_at, metadata)
VALUES ('@user', @id(issue), 1, '@word', '@word', @id(status), @id(project), @id(area), '2026-02-02', '2026-02-02',
        '{"sourceUrl": "@word"}');
INSERT INTO issues (user_id, id, number, title, description, status_id, parent_issue_id)
VALUES ('@user', @id(child), 2, '@word child', '@word', @id(status), @id(issue));
INSERT INTO issues (user_id, id, number, title, status_id, deleted_at)
VALUES ('@user', @id(gone_issue), 3, '@word gone', @id(status), '2001-01-01');
INSERT INTO issue_labels (user_id, issue_id, label_id) VALUES ('@user', @id(issue), @id(label));
INSERT INTO issue_relations (user_id, id, source_id, target_id, relation_type)
VALUES ('@user', @id(relation), @id(issue), @id(child), 'BLOCKS');
INSERT INTO git_integrations (user_id, id, issue_id, provider, repository, branch_name, pr_url)
VALUES ('@user', @id(git), @id(issue), 'GITHUB', '@word', '@word', '@word');
INSERT INTO comments (user_id, id, issue_id, body) VALUES ('@user', @id(comment), @id(issue), '@word');
INSERT INTO owned_files (user_id, sha256, byte_size, content_type)
VALUES ('@user', sha256('@word file'), 9, '@word'), ('@user', sha256('@word loose'), 9, '@word');
INSERT INTO attachments (user_id, id, issue_id, file_name, content_type, byte_size, sha256)
VALUES ('@user', @id(attachment), @id(issue), '@word', '@word', 9, sha256('@word file'));
INSERT INTO comments (user_id, id, issue_id, body, deleted_at) VALUES ('@user', @id(gone_comment), @id(issue), '@word', '2001-01-01');
INSERT INTO attachments (user_id, id, issue_id, file_name, content_type, byte_size, sha256, deleted_at)
VALUES ('@user', @id(gone_attachment), @id(issue), '@word', '@word', 9, sha256('@word file'), '2001-01-01');
INSERT INTO saved_views (user_id, id, name, deleted_at) VALUES ('@user', @id(gone_view), '@word gone', '2001-01-01');
INSERT INTO saved_views (user_id, id, name, query) VALUES ('@user', @id(view), '@word', '@word');
INSERT INTO webhooks (user_id, id, url) VALUES ('@user', @id(webhook), '@word');
INSERT INTO webhook_deliveries (user_id, id, webhook_id, change_id) VALUES ('@user', @id(delivery), @id(webhook), 1);
INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, new_values, metadata)
VALUES ('@user', 1, 'CREATE', 'issue', @id(issue), '{"title": "@word"}', '{"group": "@word"}'),
       ('@user', 2, 'CREATE', 'comment', @id(comment), '{"body": "@word"}', json_build_object('issueId', @id(issue))::jsonb),
       ('@user', 3, 'DELETE', 'label', @id(purged), NULL, '{}');
INSERT INTO waiting_changes (user_id, id, action, entity_type, entity_id, created_at)
VALUES ('@user', @id(waiting), 'CREATE', 'api_token', @own(token), '2026-01-01');
)sql";

// What the owner has and the stranger has nothing like.
constexpr std::string_view rows_of_the_owner = R"sql(
SELECT set_config('dits.user_id', '@user', false);
INSERT INTO projects (user_id, id, name) VALUES ('@user', @id(lone_project), '@word alone');
INSERT INTO areas (user_id, id, name) VALUES ('@user', @id(lone_area), '@word alone');
INSERT INTO labels (user_id, id, name) VALUES ('@user', @id(lone_label), '@word alone');
INSERT INTO issues (user_id, id, number, title, status_id) VALUES ('@user', @id(lone_issue), 4, '@word alone', @id(status));
INSERT INTO issues (user_id, id, number, title, status_id, parent_issue_id)
VALUES ('@user', @id(lone_child), 5, '@word alone', @id(status), @id(lone_issue));
INSERT INTO statuses (user_id, id, workflow_id, name) VALUES ('@user', @id(lone_status), @id(gone_workflow), '@word alone');
INSERT INTO issue_labels (user_id, issue_id, label_id)
VALUES ('@user', @id(issue), @id(lone_label)), ('@user', @id(child), @id(lone_label)), ('@user', @id(gone_issue), @id(lone_label)),
       ('@user', @id(lone_issue), @id(lone_label));
INSERT INTO issue_relations (user_id, id, source_id, target_id, relation_type)
VALUES ('@user', @id(lone_relation), @id(lone_issue), @id(lone_child), 'BLOCKS');
INSERT INTO git_integrations (user_id, id, issue_id, provider, repository)
VALUES ('@user', @id(lone_git), @id(lone_issue), 'GITHUB', '@word');
INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, metadata)
VALUES ('@user', 4, 'CREATE', 'issue_relation', @id(lone_relation), json_build_object('targetIssueId', @id(issue))::jsonb);
)sql";

// What is written "now" is written at the same time everywhere.
constexpr const char* fixed_times = R"sql(
DO $$
DECLARE each record;
BEGIN
  FOR each IN SELECT d.adrelid::regclass AS relation, a.attname
              FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
              JOIN pg_class c ON c.oid = d.adrelid
              WHERE c.relnamespace = 'public'::regnamespace AND pg_get_expr(d.adbin, d.adrelid) = 'now()' LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %L', each.relation, each.attname, '2026-01-01');
  END LOOP;
END $$;
)sql";

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

void fill_ids(std::string& sql, std::string_view sign, const std::string& whose) {
  for (std::size_t at = sql.find(sign); at != std::string::npos; at = sql.find(sign, at)) {
    const std::size_t end = sql.find(')', at);
    const std::string name = sql.substr(at + sign.size(), end - at - sign.size());
    sql.replace(at, end + 1 - at, "md5('" + whose + name + "')::uuid");
  }
}

void plant(Connection& connection, std::string_view rows, const std::string& user, const std::string& word) {
  std::string sql(rows);
  fill_ids(sql, "@id(", "");
  fill_ids(sql, "@own(", user + " ");
  replace_all(sql, "@user", user);
  replace_all(sql, "@word", word);
  const Result<void> done = connection.run_script(sql);
  INFO((done ? std::string() : done.error().message));
  REQUIRE(done);
}

}  // namespace

void plant_accounts(dits::Connection& connection, Planted planted) {
  REQUIRE(connection.run_script(fixed_times));
  if (planted == Planted::both) {
    plant(connection, rows_of_an_account, planted_owner, planted_word);
    plant(connection, rows_of_the_owner, planted_owner, planted_word);
    REQUIRE(connection.run_script(
        "INSERT INTO setup_links (token_hash, expires_at) VALUES (sha256('zebrafish link'), '2099-01-01');"
        "INSERT INTO login_failures (key, failures, first_failure_at) VALUES ('zebrafish', 1, "
        "'2001-01-01');"));
  }
  plant(connection, rows_of_an_account, planted_stranger, "pigeon");
  REQUIRE(connection.run_script(
      "UPDATE session_epoch SET epoch = 1;"
      "UPDATE database_identity SET id = '0199c1f2-dddd-7000-8000-00000000000d';"
      "SELECT set_config('dits.system', '', false), set_config('dits.user_id', '', false)"));
}

std::string account_state_sql(dits::Connection& superuser, const std::string& user_id) {
  const Rows tables =
      superuser
          .run_once(
              "SELECT attrelid::regclass, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid "
              "WHERE "
              "relnamespace = 'public'::regnamespace AND relkind = 'r' AND (attname = 'user_id' OR "
              "(relname = 'users' AND attname = 'id')) ORDER BY relname")
          .value();
  std::string sql;
  for (const Row table : tables) {
    sql += (sql.empty() ? "SELECT " : " || ") +
           ("coalesce((SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM " +
            std::string(table.text(0)) + " t WHERE " + std::string(table.text(1)) + " = '" + user_id +
            "'), '-')");
  }
  return sql;
}

std::string account_state_sql(TestDatabase& database, const std::string& user_id) {
  return account_state_sql(*database.owner(), user_id);
}

}  // namespace dits::test
