-- Exports read every table page by page; imports write many rows at once from the JSON of shared/json.

-- name: export_issues
-- Those in the trash too; $2 is the last id of the page before.
SELECT i.id, i.number, i.title, i.description, i.priority, i.status_id, i.project_id, i.area_id, i.parent_issue_id,
       i.start_date, i.due_date, i.completed_at, i.position,
       ARRAY(SELECT l.label_id FROM issue_labels l WHERE l.user_id = $1 AND l.issue_id = i.id ORDER BY l.label_id),
       i.metadata, i.version, i.created_at, i.updated_at, i.deleted_at
FROM issues i
WHERE i.user_id = $1 AND i.id > $2
ORDER BY i.id
LIMIT $3;

-- name: export_relations
SELECT id, source_id, target_id, relation_type, created_at
FROM issue_relations
WHERE user_id = $1 AND id > $2
ORDER BY id
LIMIT $3;

-- name: export_git_integrations
SELECT id, issue_id, provider, repository, branch_name, pr_url, commit_hash, metadata, created_at, updated_at
FROM git_integrations
WHERE user_id = $1 AND id > $2
ORDER BY id
LIMIT $3;

-- name: export_comments
SELECT id, issue_id, body, created_at, updated_at, deleted_at
FROM comments
WHERE user_id = $1 AND id > $2
ORDER BY id
LIMIT $3;

-- name: export_attachments
SELECT id, issue_id, file_name, content_type, byte_size, encode(sha256, 'hex'), created_at, updated_at, deleted_at
FROM attachments
WHERE user_id = $1 AND id > $2
ORDER BY id
LIMIT $3;

-- name: export_changes
SELECT change_id, action, entity_type, entity_id, old_values, new_values, metadata, created_at, ip_address, user_agent
FROM audit_logs
WHERE user_id = $1 AND change_id > $2
ORDER BY change_id
LIMIT $3;

-- name: list_issue_numbers
SELECT id, number FROM issues WHERE user_id = $1;

-- name: titles_before
-- Of these titles, those of issues with a smaller number that are not in the trash.
SELECT DISTINCT title FROM issues WHERE user_id = $1 AND title = ANY ($2::text[]) AND number < $3 AND deleted_at IS NULL;

-- name: count_export_rows
-- For the progress: what an export will write, about.
SELECT (SELECT count(*) FROM issues WHERE user_id = $1) + (SELECT count(*) FROM comments WHERE user_id = $1)
     + (SELECT count(*) FROM issue_relations WHERE user_id = $1) + (SELECT count(*) FROM git_integrations WHERE user_id = $1)
     + (SELECT count(*) FROM audit_logs WHERE user_id = $1);

-- name: is_account_untouched
-- Has nothing happened in the account but what comes with it: its default workflow, sessions, tokens, the profile?
SELECT NOT EXISTS (
  SELECT 1 FROM audit_logs
  WHERE user_id = $1 AND entity_type NOT IN ('user', 'session', 'api_token') AND NOT (entity_type = 'workflow' AND action = 'CREATE'))
  AND (SELECT count(*) FROM workflows WHERE user_id = $1) <= 1;

-- name: begin_log_anew
-- Only an account that begins anew may lose its log. Neither it nor what its sessions and tokens are read from is locked by this.
SELECT begin_log_anew();

-- name: delete_default_workflows
DELETE FROM workflows WHERE user_id = $1;

-- name: set_account_counters
UPDATE user_counters SET last_change_id = $2, last_issue_number = $3 WHERE user_id = $1;

-- name: import_user
UPDATE users SET name = $2, avatar = $3, preferences = $4, created_at = $5, updated_at = $6 WHERE id = $1;

-- name: import_projects
INSERT INTO projects (user_id, id, name, description, status, start_date, end_date, settings, created_at, updated_at, deleted_at)
SELECT $1, r.id, r.name, r.description, r.status::project_status, r."startDate", r."endDate", r.settings, r."createdAt", r."updatedAt",
       r."deletedAt"
FROM jsonb_to_recordset($2::jsonb)
  AS r (id uuid, name text, description text, status text, "startDate" date, "endDate" date, settings jsonb, "createdAt" timestamptz,
        "updatedAt" timestamptz, "deletedAt" timestamptz);

-- name: import_areas
INSERT INTO areas (user_id, id, name, description, color, settings, created_at, updated_at, deleted_at)
SELECT $1, r.id, r.name, r.description, r.color, r.settings, r."createdAt", r."updatedAt", r."deletedAt"
FROM jsonb_to_recordset($2::jsonb)
  AS r (id uuid, name text, description text, color text, settings jsonb, "createdAt" timestamptz, "updatedAt" timestamptz,
        "deletedAt" timestamptz);

-- name: import_labels
INSERT INTO labels (user_id, id, name, color, created_at, updated_at, deleted_at)
SELECT $1, r.id, r.name, r.color, r."createdAt", r."updatedAt", r."deletedAt"
FROM jsonb_to_recordset($2::jsonb)
  AS r (id uuid, name text, color text, "createdAt" timestamptz, "updatedAt" timestamptz, "deletedAt" timestamptz);

-- name: import_workflows
INSERT INTO workflows (user_id, id, project_id, name, transitions, is_default, created_at, updated_at, deleted_at)
SELECT $1, r.id, r."projectId", r.name, r.transitions, r."isDefault", r."createdAt", r."updatedAt", r."deletedAt"
FROM jsonb_to_recordset($2::jsonb)
  AS r (id uuid, "projectId" uuid, name text, transitions jsonb, "isDefault" boolean, "createdAt" timestamptz,
        "updatedAt" timestamptz, "deletedAt" timestamptz);

-- name: import_statuses
INSERT INTO statuses (user_id, id, workflow_id, name, color, position, is_closed, created_at, updated_at)
SELECT $1, r.id, r."workflowId", r.name, r.color, r.position, r."isClosed", r."createdAt", r."updatedAt"
FROM jsonb_array_elements($2::jsonb) AS w (value),
     jsonb_to_recordset(w.value -> 'statuses')
       AS r (id uuid, "workflowId" uuid, name text, color text, position integer, "isClosed" boolean, "createdAt" timestamptz,
             "updatedAt" timestamptz);

-- name: import_issues
-- Parents follow when all issues are there.
INSERT INTO issues (user_id, id, number, title, description, priority, status_id, project_id, area_id, start_date, due_date,
                    completed_at, position, metadata, version, created_at, updated_at, deleted_at)
SELECT $1, r.id, r.number, r.title, r.description, r.priority::issue_priority, r."statusId", r."projectId", r."areaId", r."startDate",
       r."dueDate", r."completedAt", r.position, r.metadata, r.version, r."createdAt", r."updatedAt", r."deletedAt"
FROM jsonb_to_recordset($2::jsonb)
  AS r (id uuid, number bigint, title text, description text, priority text, "statusId" uuid, "projectId" uuid, "areaId" uuid,
        "startDate" date, "dueDate" date, "completedAt" timestamptz, position double precision, metadata jsonb, version bigint,
        "createdAt" timestamptz, "updatedAt" timestamptz, "deletedAt" timestamptz);

-- name: import_issue_labels
INSERT INTO issue_labels (user_id, issue_id, label_id)
SELECT $1, r.id, l.label_id::uuid
FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, "labelIds" jsonb), jsonb_array_elements_text(r."labelIds") AS l (label_id);

-- name: import_issue_parents
UPDATE issues i SET parent_issue_id = p.parent_id
FROM unnest($2::uuid[], $3::uuid[]) AS p (id, parent_id)
WHERE i.user_id = $1 AND i.id = p.id;

-- name: import_relations
INSERT INTO issue_relations (user_id, id, source_id, target_id, relation_type, created_at, updated_at)
SELECT $1, r.id, r."sourceId", r."targetId", r."relationType"::relation_type, r."createdAt", r."createdAt"
FROM jsonb_to_recordset($2::jsonb)
  AS r (id uuid, "sourceId" uuid, "targetId" uuid, "relationType" text, "createdAt" timestamptz);

-- name: import_git_integrations
INSERT INTO git_integrations (user_id, id, issue_id, provider, repository, branch_name, pr_url, commit_hash, metadata, created_at,
                              updated_at)
SELECT $1, r.id, r."issueId", r.provider::git_provider, r.repository, r."branchName", r."prUrl", r."commitHash", r.metadata,
       r."createdAt", r."updatedAt"
FROM jsonb_to_recordset($2::jsonb)
  AS r (id uuid, "issueId" uuid, provider text, repository text, "branchName" text, "prUrl" text, "commitHash" text, metadata jsonb,
        "createdAt" timestamptz, "updatedAt" timestamptz);

-- name: import_comments
INSERT INTO comments (user_id, id, issue_id, body, created_at, updated_at, deleted_at)
SELECT $1, r.id, r."issueId", r.body, r."createdAt", r."updatedAt", r."deletedAt"
FROM jsonb_to_recordset($2::jsonb)
  AS r (id uuid, "issueId" uuid, body text, "createdAt" timestamptz, "updatedAt" timestamptz, "deletedAt" timestamptz);

-- name: import_attachments
INSERT INTO attachments (user_id, id, issue_id, file_name, content_type, byte_size, sha256, created_at, updated_at, deleted_at)
SELECT $1, r.id, r."issueId", r."fileName", r."contentType", r."byteSize", decode(r.sha256, 'hex'), r."createdAt", r."updatedAt",
       r."deletedAt"
FROM jsonb_to_recordset($2::jsonb)
  AS r (id uuid, "issueId" uuid, "fileName" text, "contentType" text, "byteSize" bigint, sha256 text, "createdAt" timestamptz,
        "updatedAt" timestamptz, "deletedAt" timestamptz);

-- name: import_saved_views
INSERT INTO saved_views (user_id, id, name, query, settings, position, created_at, updated_at, deleted_at)
SELECT $1, r.id, r.name, r.query, r.settings, r.position, r."createdAt", r."updatedAt", r."deletedAt"
FROM jsonb_to_recordset($2::jsonb)
  AS r (id uuid, name text, query text, settings jsonb, position integer, "createdAt" timestamptz, "updatedAt" timestamptz,
        "deletedAt" timestamptz);

-- name: import_changes
INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, old_values, new_values, ip_address, user_agent, metadata,
                        created_at)
SELECT $1, r."changeId", r.action::audit_action, r."entityType", r."entityId", nullif(r."oldValues", 'null'),
       nullif(r."newValues", 'null'), r."ipAddress", r."userAgent", r.metadata, r."createdAt"
FROM jsonb_to_recordset($2::jsonb)
  AS r ("changeId" bigint, action text, "entityType" text, "entityId" uuid, "oldValues" jsonb, "newValues" jsonb, "ipAddress" text,
        "userAgent" text, metadata jsonb, "createdAt" timestamptz);

-- name: check_import
-- What no constraint says: numbers and changes end where the counters say, and there is one default workflow.
SELECT (SELECT coalesce(max(number), 0) FROM issues WHERE user_id = $1),
       (SELECT count(*) FROM audit_logs WHERE user_id = $1),
       (SELECT coalesce(max(change_id), 0) FROM audit_logs WHERE user_id = $1),
       (SELECT count(*) FROM workflows WHERE user_id = $1 AND is_default AND deleted_at IS NULL);

-- name: analyze_after_import
-- New statistics at once: until then PostgreSQL plans for the few rows that were there before.
ANALYZE projects, areas, labels, issues, issue_labels, issue_relations, git_integrations, comments, attachments, audit_logs;
