-- Fifty issues by status and priority, the newest change first, with their labels.
\set status random(0, 4)
\set priority random(0, 4)
SELECT i.id, i.number, i.title, i.priority, i.status_id, i.project_id, i.area_id, i.parent_issue_id, i.start_date, i.due_date,
       i.completed_at, i.position, i.metadata, i.version, i.created_at, i.updated_at,
       ARRAY(SELECT l.label_id FROM issue_labels l WHERE l.user_id = i.user_id AND l.issue_id = i.id)
FROM issues i
WHERE i.user_id = :user AND i.status_id = (:statuses::text || :status::text)::uuid AND i.priority_rank = :priority AND i.deleted_at IS NULL
ORDER BY i.updated_at DESC, i.number DESC
LIMIT 50;
