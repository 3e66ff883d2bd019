-- One issue with its labels.
\set number random(1, :issues)
SELECT i.id, i.number, i.title, i.description, i.priority, i.status_id, i.project_id, i.area_id, i.parent_issue_id, i.start_date, i.due_date,
       i.completed_at, i.position, i.metadata, i.version, i.created_at, i.updated_at, i.deleted_at,
       ARRAY(SELECT l.label_id FROM issue_labels l WHERE l.user_id = i.user_id AND l.issue_id = i.id)
FROM issues i
WHERE i.user_id = :user AND i.number = :number;
