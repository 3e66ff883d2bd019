-- Labels: coloured words on issues.

-- name: list_labels
SELECT id, name, color, created_at, updated_at, deleted_at
FROM labels
WHERE user_id = $1 AND (deleted_at IS NOT NULL) = $2::boolean
ORDER BY fold_text(name) COLLATE "C", id;

-- name: find_label
SELECT id, name, color, created_at, updated_at, deleted_at
FROM labels
WHERE user_id = $1 AND id = $2;

-- name: insert_label
INSERT INTO labels (user_id, id, name, color, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: update_label
UPDATE labels
SET name = $3, color = $4, updated_at = $5, deleted_at = $6
WHERE user_id = $1 AND id = $2;

-- name: purge_label
DELETE FROM labels WHERE user_id = $1 AND id = $2;

-- name: find_labels_by_name
-- The live labels among these names, whatever their case.
SELECT id, name, color, created_at, updated_at, deleted_at
FROM labels
WHERE user_id = $1 AND deleted_at IS NULL AND fold_text(name) COLLATE "C" = ANY (SELECT fold_text(unnest($2::text[])));
