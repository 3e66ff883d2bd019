-- Relations between issues, stored once.

-- name: list_all_relations
SELECT id, source_id, target_id, relation_type, created_at
FROM issue_relations
WHERE user_id = $1
ORDER BY id;

-- name: list_relations_of_issue
SELECT id, source_id, target_id, relation_type, created_at
FROM issue_relations
WHERE user_id = $1 AND source_id = $2
UNION ALL
SELECT id, source_id, target_id, relation_type, created_at
FROM issue_relations
WHERE user_id = $1 AND target_id = $2
ORDER BY created_at, id;

-- name: find_relation
SELECT id, source_id, target_id, relation_type, created_at
FROM issue_relations
WHERE user_id = $1 AND id = $2;

-- name: insert_relation
INSERT INTO issue_relations (user_id, id, source_id, target_id, relation_type, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $6);

-- name: delete_relation
DELETE FROM issue_relations WHERE user_id = $1 AND id = $2;

-- name: is_blocked_through
-- Does a chain of BLOCKS lead from issue $2 to issue $3?
WITH RECURSIVE chain (id) AS (
  SELECT $2::uuid
  UNION
  SELECT r.target_id
  FROM chain c JOIN issue_relations r ON r.user_id = $1 AND r.source_id = c.id AND r.relation_type = 'BLOCKS'
)
SELECT EXISTS (SELECT 1 FROM chain WHERE id = $3);
