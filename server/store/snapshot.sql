-- What a client starts from, in portions: the newest issues first. A portion is a range of ids, and all that hangs on an issue of
-- it is found by the same range.

-- name: list_portion_issues
-- Live ones, as columns of find_issue; texts that a client loads when it needs them are left out.
SELECT i.id, i.number, i.title, '' AS description, i.priority, i.status_id, i.project_id, i.area_id, i.parent_issue_id,
       i.start_date, i.due_date, i.completed_at, i.position,
       ARRAY(SELECT l.label_id FROM issue_labels l WHERE l.user_id = $1 AND l.issue_id = i.id ORDER BY l.label_id),
       '{}' AS metadata, i.version, i.created_at, i.updated_at, i.deleted_at
FROM issues i
WHERE i.user_id = $1 AND i.id <= $2 AND i.deleted_at IS NULL
ORDER BY i.id DESC
LIMIT $3;

-- name: list_portion_relations
-- Of issues in the trash, too: they may come back.
SELECT id, source_id, target_id, relation_type, created_at
FROM issue_relations
WHERE user_id = $1 AND source_id BETWEEN $2 AND $3
ORDER BY source_id DESC, id;

-- name: list_portion_git
SELECT issue_id, bool_or(branch_name IS NOT NULL), bool_or(pr_url IS NOT NULL), bool_or(commit_hash IS NOT NULL)
FROM git_integrations
WHERE user_id = $1 AND issue_id BETWEEN $2 AND $3
GROUP BY issue_id;
