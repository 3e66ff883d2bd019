-- Workflows with their statuses.

-- name: list_workflows
SELECT id, project_id, name, is_default, created_at, updated_at, deleted_at
FROM workflows
WHERE user_id = $1 AND (deleted_at IS NOT NULL) = $2::boolean
ORDER BY is_default DESC, lower(name), id;

-- name: find_workflow
SELECT id, project_id, name, is_default, created_at, updated_at, deleted_at
FROM workflows
WHERE user_id = $1 AND id = $2;

-- name: list_statuses
SELECT id, workflow_id, name, color, position, is_closed, created_at, updated_at
FROM statuses
WHERE user_id = $1 AND workflow_id = ANY ($2::uuid[])
ORDER BY workflow_id, position, id;

-- name: list_transitions
SELECT w.id, (t.value ->> 'from')::uuid, ARRAY(SELECT jsonb_array_elements_text(t.value -> 'to')::uuid)
FROM workflows w, jsonb_array_elements(w.transitions) WITH ORDINALITY t
WHERE w.user_id = $1 AND w.id = ANY ($2::uuid[])
ORDER BY w.id, t.ordinality;

-- name: insert_workflow
INSERT INTO workflows (user_id, id, project_id, name, transitions, is_default, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: update_workflow
UPDATE workflows
SET project_id = $3, name = $4, transitions = $5, updated_at = $6, deleted_at = $7
WHERE user_id = $1 AND id = $2;

-- name: insert_status
INSERT INTO statuses (user_id, id, workflow_id, name, color, position, is_closed, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: park_status_names
-- Names are unique at every moment: before a list is rewritten, the old names step aside.
UPDATE statuses SET name = id::text WHERE user_id = $1 AND workflow_id = $2;

-- name: update_status
UPDATE statuses
SET name = $3, color = $4, position = $5, is_closed = $6, updated_at = $7
WHERE user_id = $1 AND id = $2;

-- name: delete_status
DELETE FROM statuses WHERE user_id = $1 AND id = $2;

-- name: purge_workflow
DELETE FROM workflows WHERE user_id = $1 AND id = $2;

-- name: list_project_workflows
SELECT id FROM workflows WHERE user_id = $1 AND project_id = $2 AND deleted_at IS NULL ORDER BY id;

-- name: find_workflow_for_project
-- The workflow that holds in a project (or outside of any): its own, the newest first, else the default.
SELECT id
FROM workflows
WHERE user_id = $1 AND deleted_at IS NULL AND (is_default OR project_id = $2)
ORDER BY is_default, created_at DESC
LIMIT 1;

-- name: find_workflow_of_status
SELECT workflow_id FROM statuses WHERE user_id = $1 AND id = $2;

-- name: count_issues_by_status
-- Trashed ones count too: they still point at their status.
SELECT status_id, count(*) FROM issues WHERE user_id = $1 AND status_id = ANY ($2::uuid[]) GROUP BY status_id;
