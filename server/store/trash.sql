-- What lies in the trash, of every kind.

-- name: list_expired_trash
-- Longest there first; what hangs on others after what it hangs on, which may take it along.
SELECT kind, id
FROM (
  SELECT 1 AS place, 'issue' AS kind, id, deleted_at FROM issues WHERE user_id = $1 AND deleted_at < $2
  UNION ALL
  SELECT 2, 'comment', id, deleted_at FROM comments WHERE user_id = $1 AND deleted_at < $2
  UNION ALL
  SELECT 2, 'attachment', id, deleted_at FROM attachments WHERE user_id = $1 AND deleted_at < $2
  UNION ALL
  SELECT 3, 'label', id, deleted_at FROM labels WHERE user_id = $1 AND deleted_at < $2
  UNION ALL
  SELECT 3, 'saved_view', id, deleted_at FROM saved_views WHERE user_id = $1 AND deleted_at < $2
  UNION ALL
  SELECT 3, 'area', id, deleted_at FROM areas WHERE user_id = $1 AND deleted_at < $2
  UNION ALL
  SELECT 4, 'workflow', id, deleted_at FROM workflows WHERE user_id = $1 AND deleted_at < $2
  UNION ALL
  SELECT 5, 'project', id, deleted_at FROM projects WHERE user_id = $1 AND deleted_at < $2
) AS expired
ORDER BY place, deleted_at, id
LIMIT $3;
