-- Saved views: queries with a name.

-- name: list_saved_views
SELECT id, name, query, settings, position, created_at, updated_at, deleted_at
FROM saved_views
WHERE user_id = $1 AND (deleted_at IS NOT NULL) = $2::boolean
ORDER BY position, fold_text(name) COLLATE "C", id;

-- name: find_saved_view
SELECT id, name, query, settings, position, created_at, updated_at, deleted_at
FROM saved_views
WHERE user_id = $1 AND id = $2;

-- name: insert_saved_view
INSERT INTO saved_views (user_id, id, name, query, settings, position, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: update_saved_view
UPDATE saved_views
SET name = $3, query = $4, settings = $5, position = $6, updated_at = $7, deleted_at = $8
WHERE user_id = $1 AND id = $2;

-- name: purge_saved_view
DELETE FROM saved_views WHERE user_id = $1 AND id = $2;
