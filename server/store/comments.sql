-- Comments on issues.

-- name: list_comments
SELECT id, issue_id, body, created_at, updated_at, deleted_at
FROM comments
WHERE user_id = $1 AND issue_id = $2 AND deleted_at IS NULL
ORDER BY created_at, id;

-- name: find_comment
SELECT id, issue_id, body, created_at, updated_at, deleted_at
FROM comments
WHERE user_id = $1 AND id = $2;

-- name: insert_comment
INSERT INTO comments (user_id, id, issue_id, body, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: update_comment
UPDATE comments
SET body = $3, updated_at = $4, deleted_at = $5
WHERE user_id = $1 AND id = $2;

-- name: purge_comment
DELETE FROM comments WHERE user_id = $1 AND id = $2;
