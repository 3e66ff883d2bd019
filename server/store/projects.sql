-- Projects: finite bodies of work.

-- name: list_projects
SELECT id, name, description, status, start_date, end_date, settings, created_at, updated_at, deleted_at
FROM projects
WHERE user_id = $1 AND (deleted_at IS NOT NULL) = $2::boolean
ORDER BY fold_text(name) COLLATE "C", id;

-- name: find_project
SELECT id, name, description, status, start_date, end_date, settings, created_at, updated_at, deleted_at
FROM projects
WHERE user_id = $1 AND id = $2;

-- name: insert_project
INSERT INTO projects (user_id, id, name, description, status, start_date, end_date, settings, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: update_project
UPDATE projects
SET name = $3, description = $4, status = $5, start_date = $6, end_date = $7, settings = $8, updated_at = $9, deleted_at = $10
WHERE user_id = $1 AND id = $2;

-- name: purge_project
DELETE FROM projects WHERE user_id = $1 AND id = $2;
