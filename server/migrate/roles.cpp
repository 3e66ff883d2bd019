#include "server/migrate/roles.hpp"

#include "server/base/log.hpp"

namespace dits {

namespace {

constexpr std::string_view ask_login =
    "SELECT rolsuper, rolbypassrls, rolcreaterole, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = "
    "'dits_app') FROM pg_roles WHERE "
    "rolname = session_user";

// Every table, the audit log's append-only part included, but what functions alone may read.
constexpr std::string_view ask_grants =
    "SELECT NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
    "AND has_table_privilege('dits_app', oid, 'SELECT') = (relname = 'issue_search')) AND NOT "
    "has_table_privilege('dits_app', 'schema_migrations', 'INSERT') AND NOT EXISTS (SELECT FROM pg_proc "
    "WHERE pronamespace = 'public'::regnamespace AND proname = 'search_issue_words' AND NOT "
    "has_function_privilege('dits_app', oid, 'EXECUTE'))";

constexpr std::string_view ask_closed_tables =
    "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND "
    "c.relforcerowsecurity AND "
    "c.relrowsecurity AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = "
    "'dits_backup')";

// Whoever can set dits.backup can set dits.user_id as well: nothing is opened that was closed.
constexpr const char* open_closed_tables = R"sql(
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relforcerowsecurity
      AND c.relrowsecurity AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'dits_backup') LOOP
    EXECUTE format($policy$CREATE POLICY dits_backup ON public.%I FOR SELECT
      USING ((SELECT coalesce(current_setting('dits.backup', true), '') = 'on'))$policy$, name);
  END LOOP;
END $$;
)sql";

struct Login {
  bool is_superuser = false;
  bool bypasses_rls = false;
  bool may_create_roles = false;
  bool has_app_role = false;
};

Result<Login> login_of(Connection& connection) {
  const Rows rows = TRY(connection.run_once(ask_login));
  if (rows.empty()) return internal("the session's role is not in pg_roles");
  return Login{rows[0].boolean(0), rows[0].boolean(1), rows[0].boolean(2), rows[0].boolean(3)};
}

// The audit log is append-only, and the list of migrations is none of the requests' business.
constexpr const char* grants = R"sql(
GRANT USAGE ON SCHEMA public TO dits_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO dits_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO dits_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO dits_app;
REVOKE UPDATE, DELETE ON audit_logs FROM dits_app;
REVOKE INSERT, UPDATE, DELETE ON schema_migrations FROM dits_app;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- An earlier schema has none.
DO $$ BEGIN
  IF to_regclass('database_identity') IS NOT NULL THEN
    REVOKE INSERT, UPDATE, DELETE ON database_identity FROM dits_app;
  END IF;
END $$;
-- It changes the log, with its owner's rights; a backup does not tell that it is not for everyone.
DO $$
BEGIN
  IF to_regprocedure('redact_changes(uuid)') IS NOT NULL THEN
    REVOKE EXECUTE ON FUNCTION redact_changes(uuid) FROM PUBLIC;
  END IF;
END $$;
-- An import brings the planner's statistics up to date when it has ended.
DO $$
BEGIN
  IF current_setting('server_version_num')::integer >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO dits_app';
  END IF;
END $$;
-- The search is read by functions that look for the acting user's rows, and written by triggers; whoever may execute a trigger's function
-- may hang it on a table of their own.
DO $$
BEGIN
  IF to_regclass('issue_search') IS NOT NULL THEN
    REVOKE ALL ON issue_search FROM dits_app;
    REVOKE EXECUTE ON FUNCTION fill_issue_search(), add_to_issue_search(), change_issue_search(), remove_from_issue_search(),
      rename_in_issue_search() FROM PUBLIC, dits_app;
    REVOKE EXECUTE ON FUNCTION search_issue_words(text, integer), search_issue_titles(text[], integer),
      find_issue_titles_like(text, integer) FROM PUBLIC;
  END IF;
END $$;
)sql";

// Studio, where an administrator sees every table, is a login of its own and not a way around row-level
// security for the requests: dits_app can become neither of these roles, and they can become nobody else.
// They bypass row-level security, own nothing, change no schema, and have columns granted one by one: no hash
// of a password, session, token or link can be read by them, whatever SQL is typed. dits_studio writes
// changes with their audit rows; dits_studio_sql, which it becomes for statements that a person typed, may
// not touch the audit log or its counters. Whoever holds a session, a token or a link must not be able to
// make it last longer or be another's: tables of credentials are read only to both. What is in them is ended
// by the routes that end it; of sessions and tokens, Studio may also remove the row.
constexpr const char* studio_roles = R"sql(
DO $$ BEGIN CREATE ROLE dits_studio LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE dits_studio_sql NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
ALTER ROLE dits_studio LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT BYPASSRLS CONNECTION LIMIT 20;
ALTER ROLE dits_studio_sql NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT BYPASSRLS;
GRANT dits_studio_sql TO dits_studio;
)sql";

// What each of Studio's roles may do with each column and, where `attnum` is null, with rows as a whole. Both
// what is granted and what is missing are read from it. An earlier schema lacks some of these tables.
constexpr std::string_view studio_rights = R"sql(
  SELECT r.role, c.oid, c.relname, a.attnum, a.attname, p.privilege,
    CASE
      WHEN r.role = 'dits_studio' AND (c.relname, p.privilege) IN
        (('audit_logs', 'INSERT'), ('user_counters', 'UPDATE'), ('idempotency_keys', 'INSERT')) THEN true
      WHEN a.attname ~ 'password|secret' OR a.attname IN ('token_hash', 'request_hash')
        OR (c.relname = 'idempotency_keys' AND a.attname IN ('headers', 'body')) THEN false
      WHEN p.privilege = 'SELECT' THEN true
      WHEN c.relname IN ('sessions', 'api_tokens') THEN p.privilege = 'DELETE'
      -- The number of sessions is moved on by triggers, and must be there.
      WHEN c.relname = 'session_epoch' THEN p.privilege = 'UPDATE'
      -- With an account its log would go.
      WHEN c.relname = 'users' AND p.privilege = 'DELETE' THEN r.role = 'dits_studio'
      ELSE c.relname NOT IN ('audit_logs', 'schema_migrations', 'user_counters', 'setup_links', 'login_failures', 'idempotency_keys',
                             'owned_files', 'waiting_changes', 'database_identity', 'clock_witness', 'issue_search')
    END AS is_granted
  FROM (VALUES ('dits_studio'), ('dits_studio_sql')) r (role),
    pg_class c
    JOIN LATERAL (
      SELECT attnum, attname FROM pg_attribute
      WHERE attrelid = c.oid AND NOT attisdropped AND (attnum > 0 OR attname = 'xmin')
      UNION ALL SELECT NULL, NULL) a ON true,
    (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) p (privilege)
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND (p.privilege = 'DELETE') = (a.attnum IS NULL)
    AND (p.privilege = 'SELECT' OR a.attname IS DISTINCT FROM 'xmin')
)sql";

std::string studio_grants() {
  return R"sql(
DO $$
DECLARE
  each record;
BEGIN
  GRANT USAGE ON SCHEMA public TO dits_studio, dits_studio_sql;
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO dits_studio, dits_studio_sql;
  IF to_regprocedure('redact_changes(uuid)') IS NOT NULL THEN
    REVOKE EXECUTE ON FUNCTION redact_changes(uuid) FROM dits_studio, dits_studio_sql;
  END IF;
  IF to_regclass('issue_search') IS NOT NULL THEN
    REVOKE EXECUTE ON FUNCTION fill_issue_search(), add_to_issue_search(), change_issue_search(), remove_from_issue_search(),
      rename_in_issue_search(), search_issue_words(text, integer), search_issue_titles(text[], integer),
      find_issue_titles_like(text, integer) FROM dits_studio, dits_studio_sql;
  END IF;
  IF to_regprocedure('begin_log_anew()') IS NOT NULL THEN
    REVOKE EXECUTE ON FUNCTION begin_log_anew() FROM PUBLIC, dits_studio, dits_studio_sql;
  END IF;
  REVOKE ALL ON ALL TABLES IN SCHEMA public FROM dits_studio, dits_studio_sql;
  FOR each IN
    SELECT role, relname, privilege, string_agg(quote_ident(attname), ', ') AS columns
    FROM ()sql" +
         std::string(studio_rights) +
         R"sql() rights
    WHERE is_granted GROUP BY role, relname, privilege
  LOOP
    EXECUTE format('GRANT %s %s ON %I TO %I', each.privilege, '(' || each.columns || ')', each.relname, each.role);
  END LOOP;
END $$;
)sql";
}

constexpr std::string_view ask_studio_role =
    "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dits_studio')";

constexpr std::string_view ask_both_studio_roles =
    "SELECT count(*) = 2 FROM pg_roles WHERE rolname IN ('dits_studio', 'dits_studio_sql')";

std::string ask_studio_grants() {
  return "SELECT NOT EXISTS (SELECT FROM (" + std::string(studio_rights) +
         ") rights WHERE is_granted <> CASE WHEN attnum IS NULL THEN has_table_privilege(role::name, oid, "
         "privilege) ELSE has_column_privilege(role::name, oid, attnum, privilege) END) AND NOT EXISTS "
         "(SELECT "
         "FROM "
         "pg_roles r, pg_proc p WHERE r.rolname IN ('dits_studio', 'dits_studio_sql') AND p.pronamespace = "
         "'public'::regnamespace AND p.proname = 'begin_log_anew' AND has_function_privilege(r.oid, p.oid, "
         "'EXECUTE'))";
}

Result<bool> has_studio_role(Connection& connection) {
  return TRY(connection.run_once(ask_studio_role))[0].boolean(0);
}

// Only a superuser makes roles that bypass row-level security; an administrator of the database may have made
// them for us.
Result<void> grant_studio(Connection& owner, bool is_superuser) {
  if (is_superuser) TRY(owner.run_script(studio_roles));
  if (!TRY(has_studio_role(owner))) return {};
  if (const Result<void> granted = owner.run_script(studio_grants()); !granted) {
    if (is_superuser) return granted;
    log::warn("cannot grant to dits_studio", {{"reason", granted.error().message}});
  }
  return {};
}

}  // namespace

Result<void> grant_app_role(Connection& owner) {
  Login login = TRY(login_of(owner));
  if (!login.has_app_role) {
    if (!login.is_superuser && !login.may_create_roles)
      return grant_studio(owner, false);  // a plain owner serves the requests itself
    TRY(owner.run_script(
        "DO $$ BEGIN CREATE ROLE dits_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"));
    log::info("role made", {{"role", "dits_app"}});
  }
  if (const Result<void> granted = owner.run_script(grants); !granted) {
    // Without a superuser, some of the schema may belong to somebody else; requests then run as the owner.
    if (login.is_superuser) return granted;
    log::warn("cannot grant to dits_app", {{"reason", granted.error().message}});
  }
  return grant_studio(owner, login.is_superuser);
}

Result<bool> app_role_is_ready(Connection& owner) {
  const Login login = TRY(login_of(owner));
  if (!login.has_app_role) return !login.is_superuser && !login.may_create_roles;
  if (login.is_superuser && !TRY(has_studio_role(owner))) return false;
  if (TRY(has_studio_role(owner))) {
    if (!TRY(owner.run_once(ask_both_studio_roles))[0].boolean(0)) return false;
    if (!TRY(owner.run_once(ask_studio_grants()))[0].boolean(0)) return false;
  }
  const Rows rows = TRY(owner.run_once(ask_grants));
  return rows[0].boolean(0);
}

Result<bool> open_tables_for_backup(Connection& owner) {
  const Login login = TRY(login_of(owner));
  if (login.is_superuser || login.bypasses_rls) return false;
  if (!TRY(owner.run_once(ask_closed_tables)).empty()) TRY(owner.run_script(open_closed_tables));
  return true;
}

Result<ConnectionOptions> studio_connection(const Secret& owner_url, std::string_view database) {
  ConnectionOptions options;
  options.url = owner_url;
  options.database = database;
  options.login = studio_role;
  options.tells_errors = true;
  options.application_name = "dits-studio";
  options.statement_timeout = std::chrono::seconds(10);
  options.lock_timeout = std::chrono::seconds(2);
  if (Connection::open(options)) return options;
  // Made by another login, with another password, or not at all.
  ConnectionOptions as_owner;
  as_owner.url = owner_url;
  as_owner.database = database;
  const auto owner = TRY(Connection::open(as_owner));
  if (!TRY(has_studio_role(*owner))) {
    return unavailable(
        "Studio needs a login of its own, which this database's user may not make. As a superuser run: "
        "CREATE ROLE "
        "dits_studio LOGIN NOINHERIT BYPASSRLS; CREATE ROLE dits_studio_sql NOLOGIN BYPASSRLS; GRANT "
        "dits_studio_sql "
        "TO dits_studio; then start DITS with --migrate.");
  }
  TRY(owner->set_login_password(std::string(studio_role)));
  TRY(Connection::open(options));
  return options;
}

Result<std::string> role_for_pool(Connection& connection) {
  const Login login = TRY(login_of(connection));
  if (!login.is_superuser && !login.bypasses_rls) return std::string{};
  if (login.has_app_role) return std::string("dits_app");
  return unavailable(
      "The login of --database-url bypasses row-level security, and the role dits_app does not exist. Start "
      "once with "
      "--migrate as a superuser, or use another login.");
}

}  // namespace dits
