-- Workflows with their statuses.

-- name: list_workflows
-- One row a status. The transitions are pairs from, to; a status from which nothing is allowed has the nil uuid as its `to`.
-- $2: of the trash or not, NULL for both; $3: only this workflow, NULL for all.
SELECT w.id, w.project_id, w.name, w.is_default, w.created_at, w.updated_at, w.deleted_at,
       s.id, s.name, s.color, s.position, s.is_closed, s.created_at, s.updated_at,
       CASE WHEN w.transitions = '[]' THEN NULL ELSE ARRAY(
         SELECT e.id
         FROM jsonb_array_elements(w.transitions) WITH ORDINALITY AS t (value, at),
              jsonb_array_elements_text(CASE WHEN t.value -> 'to' = '[]' THEN '["00000000-0000-0000-0000-000000000000"]' ELSE t.value -> 'to' END)
                WITH ORDINALITY AS x (value, at),
              unnest(ARRAY[(t.value ->> 'from')::uuid, x.value::uuid]) WITH ORDINALITY AS e (id, at)
         ORDER BY t.at, x.at, e.at) END
FROM workflows w LEFT JOIN statuses s ON s.user_id = $1 AND s.workflow_id = w.id
WHERE w.user_id = $1 AND ($2::boolean IS NULL OR (w.deleted_at IS NOT NULL) = $2) AND ($3::uuid IS NULL OR w.id = $3)
ORDER BY w.is_default DESC, fold_text(w.name) COLLATE "C", w.id, s.position, s.id;

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

-- name: count_issues_by_status
-- Trashed ones count too: they still point at their status.
SELECT status_id, count(*) FROM issues WHERE user_id = $1 AND status_id = ANY ($2::uuid[]) GROUP BY status_id;
