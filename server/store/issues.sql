-- Issues. Lists are computed in issues.cpp, from the query language and the fields asked for; everything else is here.

-- name: find_issue
SELECT i.id, i.number, i.title, i.description, i.priority, i.status_id, i.project_id, i.area_id, i.parent_issue_id,
       i.start_date, i.due_date, i.completed_at, i.position,
       ARRAY(SELECT l.label_id FROM issue_labels l WHERE l.user_id = $1 AND l.issue_id = i.id ORDER BY l.label_id),
       i.metadata, i.version, i.created_at, i.updated_at, i.deleted_at
FROM issues i
WHERE i.user_id = $1 AND i.id = $2;

-- name: find_issue_by_number
SELECT i.id, i.number, i.title, i.description, i.priority, i.status_id, i.project_id, i.area_id, i.parent_issue_id,
       i.start_date, i.due_date, i.completed_at, i.position,
       ARRAY(SELECT l.label_id FROM issue_labels l WHERE l.user_id = $1 AND l.issue_id = i.id ORDER BY l.label_id),
       i.metadata, i.version, i.created_at, i.updated_at, i.deleted_at
FROM issues i
WHERE i.user_id = $1 AND i.number = $2;

-- name: find_issues
SELECT i.id, i.number, i.title, i.description, i.priority, i.status_id, i.project_id, i.area_id, i.parent_issue_id,
       i.start_date, i.due_date, i.completed_at, i.position,
       ARRAY(SELECT l.label_id FROM issue_labels l WHERE l.user_id = $1 AND l.issue_id = i.id ORDER BY l.label_id),
       i.metadata, i.version, i.created_at, i.updated_at, i.deleted_at
FROM issues i
WHERE i.user_id = $1 AND i.id = ANY ($2::uuid[]);

-- name: find_issues_by_number
SELECT i.id, i.number, i.title, i.description, i.priority, i.status_id, i.project_id, i.area_id, i.parent_issue_id,
       i.start_date, i.due_date, i.completed_at, i.position,
       ARRAY(SELECT l.label_id FROM issue_labels l WHERE l.user_id = $1 AND l.issue_id = i.id ORDER BY l.label_id),
       i.metadata, i.version, i.created_at, i.updated_at, i.deleted_at
FROM issues i
WHERE i.user_id = $1 AND i.number = ANY ($2::bigint[]);

-- name: find_issue_id_by_number
SELECT id FROM issues WHERE user_id = $1 AND number = $2;

-- name: create_issues
-- With their labels as pairs: each issue beside its label.
WITH created AS (
  INSERT INTO issues (user_id, id, number, title, description, priority, status_id, project_id, area_id, parent_issue_id,
                      start_date, due_date, completed_at, position, metadata, version, created_at, updated_at)
  SELECT $1, r.id, r.number, r.title, r.description, r.priority::issue_priority, r.status_id, r.project_id, r.area_id, r.parent_issue_id,
         r.start_date, r.due_date, r.completed_at, r.position, r.metadata::jsonb, r.version, r.created_at, r.updated_at
  FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[], $11::date[],
              $12::date[], $13::timestamptz[], $14::double precision[], $15::text[], $16::bigint[], $17::timestamptz[], $18::timestamptz[])
    AS r (id, number, title, description, priority, status_id, project_id, area_id, parent_issue_id, start_date, due_date, completed_at,
          position, metadata, version, created_at, updated_at)
)
INSERT INTO issue_labels (user_id, issue_id, label_id)
SELECT $1, p.issue_id, p.label_id FROM unnest($19::uuid[], $20::uuid[]) AS p (issue_id, label_id);

-- name: insert_issues
-- Many at once: one array a column.
INSERT INTO issues (user_id, id, number, title, description, priority, status_id, project_id, completed_at, position, metadata,
                    created_at, updated_at)
SELECT $1, r.id, r.number, r.title, r.description, 'NO_PRIORITY', r.status_id, r.project_id, r.completed_at, r.number, r.metadata::jsonb,
       r.created_at, r.updated_at
FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::timestamptz[], $9::text[],
            $10::timestamptz[], $11::timestamptz[])
  AS r (id, number, title, description, status_id, project_id, completed_at, metadata, created_at, updated_at);

-- name: insert_issue_labels
-- Pairs: each issue beside its label.
INSERT INTO issue_labels (user_id, issue_id, label_id)
SELECT $1, p.issue_id, p.label_id FROM unnest($2::uuid[], $3::uuid[]) AS p (issue_id, label_id)
ON CONFLICT DO NOTHING;

-- name: purge_issue
DELETE FROM issues WHERE user_id = $1 AND id = $2;

-- name: resolve_issue_references
-- Which of these exist and are not in the trash: project, area, parent, and how many of the labels.
SELECT EXISTS (SELECT 1 FROM projects WHERE user_id = $1 AND id = $2 AND deleted_at IS NULL),
       EXISTS (SELECT 1 FROM areas WHERE user_id = $1 AND id = $3 AND deleted_at IS NULL),
       EXISTS (SELECT 1 FROM issues WHERE user_id = $1 AND id = $4 AND deleted_at IS NULL),
       (SELECT count(*) FROM labels WHERE user_id = $1 AND id = ANY ($5::uuid[]) AND deleted_at IS NULL);

-- name: list_issue_ancestors
-- Issue $2 and those above it.
WITH RECURSIVE chain (id, parent_issue_id) AS (
  SELECT id, parent_issue_id FROM issues WHERE user_id = $1 AND id = $2
  UNION
  SELECT i.id, i.parent_issue_id FROM chain c JOIN issues i ON i.user_id = $1 AND i.id = c.parent_issue_id
)
SELECT id FROM chain;

-- name: list_issue_ids_by_project
SELECT id FROM issues WHERE user_id = $1 AND project_id = $2 ORDER BY number;

-- name: list_issue_ids_by_area
SELECT id FROM issues WHERE user_id = $1 AND area_id = $2 ORDER BY number;

-- name: list_issue_ids_by_label
SELECT issue_id FROM issue_labels WHERE user_id = $1 AND label_id = $2 ORDER BY issue_id;

-- name: list_issue_ids_by_status
SELECT id FROM issues WHERE user_id = $1 AND status_id = $2 ORDER BY number;

-- name: list_issue_ids_by_parent
SELECT id FROM issues WHERE user_id = $1 AND parent_issue_id = $2 ORDER BY number;

-- name: update_issues
-- Each with its own values; the text stays, so that the search column is not computed again.
UPDATE issues i
SET priority = r.priority::issue_priority, status_id = r.status_id, project_id = r.project_id, area_id = r.area_id,
    parent_issue_id = r.parent_issue_id, start_date = r.start_date, due_date = r.due_date, completed_at = r.completed_at,
    position = r.position, version = r.version, updated_at = r.updated_at, deleted_at = r.deleted_at
FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::date[], $9::date[], $10::timestamptz[],
            $11::double precision[], $12::bigint[], $13::timestamptz[], $14::timestamptz[])
  AS r (id, priority, status_id, project_id, area_id, parent_issue_id, start_date, due_date, completed_at, position, version,
        updated_at, deleted_at)
WHERE i.user_id = $1 AND i.id = r.id;

-- name: update_issue_texts
UPDATE issues i
SET title = r.title, description = r.description, metadata = r.metadata::jsonb
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) AS r (id, title, description, metadata)
WHERE i.user_id = $1 AND i.id = r.id;

-- name: delete_issue_labels
-- Pairs: each issue beside its label.
DELETE FROM issue_labels l
USING unnest($2::uuid[], $3::uuid[]) AS p (issue_id, label_id)
WHERE l.user_id = $1 AND l.issue_id = p.issue_id AND l.label_id = p.label_id;

-- name: list_trash_issues
SELECT i.id, i.number, i.title, '' AS description, i.priority, i.status_id, i.project_id, i.area_id, i.parent_issue_id,
       i.start_date, i.due_date, i.completed_at, i.position,
       ARRAY(SELECT l.label_id FROM issue_labels l WHERE l.user_id = $1 AND l.issue_id = i.id ORDER BY l.label_id),
       i.metadata, i.version, i.created_at, i.updated_at, i.deleted_at
FROM issues i
WHERE i.user_id = $1 AND i.deleted_at IS NOT NULL
ORDER BY i.deleted_at DESC, i.id
LIMIT $2;

-- name: list_sub_issues
SELECT i.id, i.number, i.title, '' AS description, i.priority, i.status_id, i.project_id, i.area_id, i.parent_issue_id,
       i.start_date, i.due_date, i.completed_at, i.position,
       ARRAY(SELECT l.label_id FROM issue_labels l WHERE l.user_id = $1 AND l.issue_id = i.id ORDER BY l.label_id),
       i.metadata, i.version, i.created_at, i.updated_at, i.deleted_at
FROM issues i
WHERE i.user_id = $1 AND i.parent_issue_id = $2 AND i.deleted_at IS NULL
ORDER BY i.position, i.number;

-- name: list_snapshot_issues
-- The whole store of a client, by key: $2 is the last id of the page before.
SELECT i.id, i.number, i.title, '' AS description, i.priority, i.status_id, i.project_id, i.area_id, i.parent_issue_id,
       i.start_date, i.due_date, i.completed_at, i.position,
       ARRAY(SELECT l.label_id FROM issue_labels l WHERE l.user_id = $1 AND l.issue_id = i.id ORDER BY l.label_id),
       i.metadata, i.version, i.created_at, i.updated_at, i.deleted_at
FROM issues i
WHERE i.user_id = $1 AND i.id > $2 AND i.deleted_at IS NULL
ORDER BY i.id
LIMIT $3;

-- name: list_possible_duplicates
-- Issues whose titles look alike, most alike first.
SELECT i.id, i.number, i.title, f.likeness
FROM find_issue_titles_like(fold_text($2), 20) AS f (issue_id, likeness) JOIN issues i ON i.user_id = $1 AND i.id = f.issue_id
WHERE i.deleted_at IS NULL AND ($3::uuid IS NULL OR i.id <> $3)
ORDER BY f.likeness DESC, i.number
LIMIT 10;
