-- Areas: ongoing spheres of responsibility.

-- name: list_areas
SELECT id, name, description, color, settings, created_at, updated_at, deleted_at
FROM areas
WHERE user_id = $1 AND (deleted_at IS NOT NULL) = $2::boolean
ORDER BY fold_text(name) COLLATE "C", id;

-- name: find_area
SELECT id, name, description, color, settings, created_at, updated_at, deleted_at
FROM areas
WHERE user_id = $1 AND id = $2;

-- name: insert_area
INSERT INTO areas (user_id, id, name, description, color, settings, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: update_area
UPDATE areas
SET name = $3, description = $4, color = $5, settings = $6, updated_at = $7, deleted_at = $8
WHERE user_id = $1 AND id = $2;

-- name: purge_area
DELETE FROM areas WHERE user_id = $1 AND id = $2;
