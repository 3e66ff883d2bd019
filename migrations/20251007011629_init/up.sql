-- The whole schema: eleven core models and the tables that serve them.
-- Every owned table begins its keys with user_id, is joined to others by composite keys (user_id, x_id), and has forced row-level
-- security: a row can neither point at nor be seen by another user.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TYPE user_role AS ENUM ('USER', 'ADMIN');
CREATE TYPE project_status AS ENUM ('ACTIVE', 'ARCHIVED', 'COMPLETED', 'ON_HOLD');
CREATE TYPE issue_priority AS ENUM ('NO_PRIORITY', 'LOW', 'MEDIUM', 'HIGH', 'URGENT');
CREATE TYPE relation_type AS ENUM ('BLOCKS', 'BLOCKED_BY', 'RELATES_TO', 'DUPLICATES', 'DUPLICATED_BY');
CREATE TYPE git_provider AS ENUM ('GITHUB', 'GITLAB', 'BITBUCKET', 'LOCAL');
CREATE TYPE audit_action AS ENUM ('CREATE', 'UPDATE', 'DELETE', 'RESTORE', 'ARCHIVE');
CREATE TYPE token_scope AS ENUM ('READ', 'WRITE', 'ADMIN');

-- Who is asking: set for each transaction by server/db. Empty or absent means nobody.
CREATE FUNCTION current_user_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('dits.user_id', true), '')::uuid;
CREATE FUNCTION is_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('dits.system', true), '') = 'on';

-- Text folded as shared/core/text.hpp folds it: lower case one code point at a time, no other change. What lower() does hangs on the
-- collation, so one is named that maps letter by letter: the built-in one of PostgreSQL 17, else one of the C library, which lowers
-- the same letters. ICU, the last resort, differs in two letters (a final sigma, a dotted capital I).
DO $$
DECLARE collation_name text;
BEGIN
  SELECT quote_ident(nspname) || '.' || quote_ident(collname) INTO collation_name
  FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
  WHERE collencoding IN (-1, pg_char_to_encoding('UTF8'))
    AND (collname IN ('pg_c_utf8', 'C.utf8', 'C.UTF-8', 'und-x-icu') OR (collprovider = 'c' AND collname ~ '^en_[A-Z]+\.(utf8|UTF-8)$'))
  ORDER BY CASE collname WHEN 'pg_c_utf8' THEN 1 WHEN 'C.utf8' THEN 2 WHEN 'C.UTF-8' THEN 3 WHEN 'und-x-icu' THEN 5 ELSE 4 END, collname
  LIMIT 1;
  EXECUTE format('CREATE FUNCTION fold_text(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT RETURN lower(value%s)',
                 coalesce(' COLLATE ' || collation_name, ''));
END $$;

-------------------------------------------------------------------------------------------------------------- accounts

CREATE TABLE users (
  id uuid PRIMARY KEY,
  email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
  password_hash text NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  avatar text NOT NULL DEFAULT '',
  preferences jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(preferences) = 'object'),
  role user_role NOT NULL DEFAULT 'USER',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

-- The heads of a user's two gapless sequences. Locking this row orders a user's writes, so change_id follows the commit order.
CREATE TABLE user_counters (
  user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  last_change_id bigint NOT NULL DEFAULT 0,
  last_issue_number bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  user_agent text NOT NULL DEFAULT '',
  ip_address text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  absolute_expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);

CREATE TABLE api_tokens (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  prefix text NOT NULL,
  scope token_scope NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX api_tokens_user_id_idx ON api_tokens (user_id);

-- One-time links: the first run's, and later ones for registration. Only the hash is kept.
CREATE TABLE setup_links (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

CREATE TABLE login_failures (
  key text PRIMARY KEY,  -- "account:<sha256 of the address>" or "address:<ip>"
  failures integer NOT NULL DEFAULT 0,
  first_failure_at timestamptz NOT NULL DEFAULT now(),
  locked_until timestamptz
);

CREATE TABLE idempotency_keys (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
  status integer,
  content_type text,
  headers jsonb,
  body text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

------------------------------------------------------------------------------------------------------------ core models

CREATE TABLE projects (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  description text NOT NULL DEFAULT '' CHECK (octet_length(description) <= 262144),
  status project_status NOT NULL DEFAULT 'ACTIVE',
  start_date date,
  end_date date,
  settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (user_id, id),
  CONSTRAINT projects_dates_check CHECK (start_date <= end_date)
);
CREATE INDEX projects_user_id_status_idx ON projects (user_id, status) WHERE deleted_at IS NULL;
CREATE INDEX projects_user_id_created_at_idx ON projects (user_id, created_at DESC);

CREATE TABLE areas (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  description text NOT NULL DEFAULT '' CHECK (octet_length(description) <= 262144),
  color text NOT NULL DEFAULT '#2E83E6' CHECK (color ~ '^#[0-9A-Fa-f]{6}$'),
  settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (user_id, id)
);
CREATE INDEX areas_user_id_created_at_idx ON areas (user_id, created_at DESC);

CREATE TABLE labels (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
  color text NOT NULL DEFAULT '#8B8276' CHECK (color ~ '^#[0-9A-Fa-f]{6}$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (user_id, id)
);
CREATE UNIQUE INDEX labels_user_id_name_key ON labels (user_id, lower(name)) WHERE deleted_at IS NULL;

CREATE TABLE workflows (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  project_id uuid,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  transitions jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(transitions) = 'array'),
  is_default boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (user_id, id),
  FOREIGN KEY (user_id, project_id) REFERENCES projects (user_id, id)
);
CREATE INDEX workflows_user_id_project_id_idx ON workflows (user_id, project_id);
CREATE UNIQUE INDEX workflows_user_id_default_key ON workflows (user_id) WHERE is_default;

CREATE TABLE statuses (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
  color text NOT NULL DEFAULT '#768488' CHECK (color ~ '^#[0-9A-Fa-f]{6}$'),
  position integer NOT NULL DEFAULT 0,
  is_closed boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  FOREIGN KEY (user_id, workflow_id) REFERENCES workflows (user_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX statuses_workflow_id_name_key ON statuses (user_id, workflow_id, lower(name));
CREATE INDEX statuses_workflow_id_position_idx ON statuses (user_id, workflow_id, position);

CREATE TABLE issues (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  number bigint NOT NULL CHECK (number > 0),
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
  description text NOT NULL DEFAULT '' CHECK (octet_length(description) <= 524288),
  priority issue_priority NOT NULL DEFAULT 'NO_PRIORITY',
  status_id uuid NOT NULL,
  project_id uuid,
  area_id uuid,
  parent_issue_id uuid,
  start_date date,
  due_date date,
  completed_at timestamptz,
  position double precision NOT NULL DEFAULT 0,
  metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
  version bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  -- Ranking search: the title weighs more than the description. 'simple' keeps every language's words as they are written.
  search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', left(description, 100000)), 'B')) STORED,
  PRIMARY KEY (user_id, id),
  CONSTRAINT issues_user_id_number_key UNIQUE (user_id, number),
  CONSTRAINT issues_dates_check CHECK (start_date <= due_date),
  CONSTRAINT issues_own_parent_check CHECK (parent_issue_id <> id),
  CONSTRAINT issues_status_id_fkey FOREIGN KEY (user_id, status_id) REFERENCES statuses (user_id, id),
  CONSTRAINT issues_project_id_fkey FOREIGN KEY (user_id, project_id) REFERENCES projects (user_id, id),
  CONSTRAINT issues_area_id_fkey FOREIGN KEY (user_id, area_id) REFERENCES areas (user_id, id),
  CONSTRAINT issues_parent_issue_id_fkey FOREIGN KEY (user_id, parent_issue_id) REFERENCES issues (user_id, id)
) WITH (fillfactor = 85);
CREATE INDEX issues_user_id_project_id_idx ON issues (user_id, project_id, updated_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX issues_user_id_area_id_idx ON issues (user_id, area_id, updated_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX issues_user_id_status_priority_idx ON issues (user_id, status_id, priority, updated_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX issues_user_id_priority_idx ON issues (user_id, priority, updated_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX issues_user_id_parent_issue_id_idx ON issues (user_id, parent_issue_id) WHERE parent_issue_id IS NOT NULL;
CREATE INDEX issues_user_id_created_at_idx ON issues (user_id, created_at DESC, number DESC) WHERE deleted_at IS NULL;
CREATE INDEX issues_user_id_updated_at_idx ON issues (user_id, updated_at DESC, number DESC) WHERE deleted_at IS NULL;
CREATE INDEX issues_user_id_due_date_idx ON issues (user_id, due_date) WHERE due_date IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX issues_user_id_start_date_idx ON issues (user_id, start_date) WHERE start_date IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX issues_user_id_completed_at_idx ON issues (user_id, completed_at DESC) WHERE completed_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX issues_user_id_deleted_at_idx ON issues (user_id, deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX issues_search_idx ON issues USING gin (search);
CREATE INDEX issues_title_trgm_idx ON issues USING gin (fold_text(title) gin_trgm_ops);
-- An import looks its own issues up by where they came from.
CREATE UNIQUE INDEX issues_user_id_source_key ON issues (user_id, (metadata ->> 'sourceUrl')) WHERE metadata ? 'sourceUrl';

CREATE TABLE issue_labels (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  issue_id uuid NOT NULL,
  label_id uuid NOT NULL,
  PRIMARY KEY (user_id, issue_id, label_id),
  CONSTRAINT issue_labels_issue_id_fkey FOREIGN KEY (user_id, issue_id) REFERENCES issues (user_id, id) ON DELETE CASCADE,
  CONSTRAINT issue_labels_label_id_fkey FOREIGN KEY (user_id, label_id) REFERENCES labels (user_id, id) ON DELETE CASCADE
);
CREATE INDEX issue_labels_label_id_idx ON issue_labels (user_id, label_id, issue_id);

-- Stored in one form only (BLOCKS, RELATES_TO with the smaller id first, DUPLICATES); shared/model/relation shows it from both ends.
CREATE TABLE issue_relations (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  source_id uuid NOT NULL,
  target_id uuid NOT NULL,
  relation_type relation_type NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  CONSTRAINT issue_relations_key UNIQUE (user_id, source_id, target_id, relation_type),
  CONSTRAINT issue_relations_ends_check CHECK (source_id <> target_id),
  CONSTRAINT issue_relations_form_check CHECK (relation_type IN ('BLOCKS', 'DUPLICATES') OR (relation_type = 'RELATES_TO' AND source_id < target_id)),
  CONSTRAINT issue_relations_source_id_fkey FOREIGN KEY (user_id, source_id) REFERENCES issues (user_id, id) ON DELETE CASCADE,
  CONSTRAINT issue_relations_target_id_fkey FOREIGN KEY (user_id, target_id) REFERENCES issues (user_id, id) ON DELETE CASCADE
);
CREATE INDEX issue_relations_target_id_idx ON issue_relations (user_id, target_id);

CREATE TABLE git_integrations (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  issue_id uuid NOT NULL,
  provider git_provider NOT NULL,
  repository text NOT NULL CHECK (length(repository) BETWEEN 1 AND 300),
  branch_name text,
  pr_url text,
  commit_hash text CHECK (commit_hash ~ '^[0-9a-f]{7,64}$'),
  metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  CONSTRAINT git_integrations_issue_id_fkey FOREIGN KEY (user_id, issue_id) REFERENCES issues (user_id, id) ON DELETE CASCADE
);
CREATE INDEX git_integrations_issue_id_idx ON git_integrations (user_id, issue_id);

CREATE TABLE comments (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  issue_id uuid NOT NULL,
  body text NOT NULL CHECK (octet_length(body) BETWEEN 1 AND 262144),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (user_id, id),
  CONSTRAINT comments_issue_id_fkey FOREIGN KEY (user_id, issue_id) REFERENCES issues (user_id, id) ON DELETE CASCADE
);
CREATE INDEX comments_issue_id_idx ON comments (user_id, issue_id, created_at);

CREATE TABLE attachments (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  issue_id uuid NOT NULL,
  file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 255),
  content_type text NOT NULL,
  byte_size bigint NOT NULL CHECK (byte_size >= 0),
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (user_id, id),
  CONSTRAINT attachments_issue_id_fkey FOREIGN KEY (user_id, issue_id) REFERENCES issues (user_id, id) ON DELETE CASCADE
);
CREATE INDEX attachments_issue_id_idx ON attachments (user_id, issue_id);
CREATE INDEX attachments_sha256_idx ON attachments (sha256);

CREATE TABLE saved_views (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  query text NOT NULL DEFAULT '' CHECK (octet_length(query) <= 4096),
  settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
  position integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (user_id, id)
);

CREATE TABLE webhooks (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  url text NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
  secret_hash bytea,
  is_enabled boolean NOT NULL DEFAULT true,
  last_change_id bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id)
);

CREATE TABLE webhook_deliveries (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  change_id bigint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  status integer,
  next_attempt_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  FOREIGN KEY (user_id, webhook_id) REFERENCES webhooks (user_id, id) ON DELETE CASCADE
);

---------------------------------------------------------------------------------------------------------- the audit log

CREATE TABLE audit_logs (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  change_id bigint NOT NULL CHECK (change_id > 0),
  action audit_action NOT NULL,
  entity_type text NOT NULL,
  entity_id uuid NOT NULL,
  old_values jsonb,
  new_values jsonb,
  ip_address text NOT NULL DEFAULT '',
  user_agent text NOT NULL DEFAULT '',
  metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, change_id)
);
CREATE INDEX audit_logs_entity_idx ON audit_logs (user_id, entity_id, change_id);
CREATE INDEX audit_logs_group_idx ON audit_logs (user_id, (metadata ->> 'group')) WHERE metadata ? 'group';
-- The history of an issue holds its comments, relations (from both ends) and git links: their changes name it.
CREATE INDEX audit_logs_issue_idx ON audit_logs (user_id, (metadata ->> 'issueId')) WHERE metadata ? 'issueId';
CREATE INDEX audit_logs_target_issue_idx ON audit_logs (user_id, (metadata ->> 'targetIssueId')) WHERE metadata ? 'targetIssueId';

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A deleted account takes its log with it; nothing else may.
  IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM users WHERE id = OLD.user_id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_logs_append_only BEFORE UPDATE OR DELETE ON audit_logs FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_logs_no_truncate BEFORE TRUNCATE ON audit_logs FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

------------------------------------------------------------------------------------------------------ row-level security

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['projects', 'areas', 'labels', 'workflows', 'statuses', 'issues', 'issue_labels', 'issue_relations',
                              'git_integrations', 'comments', 'attachments', 'saved_views', 'webhooks', 'webhook_deliveries', 'audit_logs'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    -- The scalar subselect lets the planner evaluate it once for the statement instead of once for the row.
    EXECUTE format('CREATE POLICY %I ON %I USING (user_id = (SELECT current_user_id())) WITH CHECK (user_id = (SELECT current_user_id()))',
                   name || '_owner', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['user_counters', 'sessions', 'api_tokens', 'idempotency_keys'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY %I ON %I USING (user_id = (SELECT current_user_id()) OR (SELECT is_system())) '
                   'WITH CHECK (user_id = (SELECT current_user_id()) OR (SELECT is_system()))', name || '_owner', name);
  END LOOP;
END $$;

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY users_owner ON users USING (id = (SELECT current_user_id()) OR (SELECT is_system()))
  WITH CHECK (id = (SELECT current_user_id()) OR (SELECT is_system()));
ALTER TABLE setup_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE setup_links FORCE ROW LEVEL SECURITY;
CREATE POLICY setup_links_system ON setup_links USING ((SELECT is_system())) WITH CHECK ((SELECT is_system()));
ALTER TABLE login_failures ENABLE ROW LEVEL SECURITY;
ALTER TABLE login_failures FORCE ROW LEVEL SECURITY;
CREATE POLICY login_failures_system ON login_failures USING ((SELECT is_system())) WITH CHECK ((SELECT is_system()));
