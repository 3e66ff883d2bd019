-- What a query can name, in one round trip.

-- name: list_query_names
SELECT 'status', id, name, position, is_closed FROM statuses WHERE user_id = $1
UNION ALL
SELECT 'project', id, name, 0, status = 'ARCHIVED' FROM projects WHERE user_id = $1 AND deleted_at IS NULL
UNION ALL
SELECT 'area', id, name, 0, false FROM areas WHERE user_id = $1 AND deleted_at IS NULL
UNION ALL
SELECT 'label', id, name, 0, false FROM labels WHERE user_id = $1 AND deleted_at IS NULL;
