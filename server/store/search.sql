-- Full text over issues, best first, and the second look for words with typing errors.

-- name: search_issues
-- $2 is the text as typed, folded. What is shown around the words found is cut out of the text by service/snippet.
SELECT i.id, i.number, i.title, i.status_id, i.project_id, i.priority, i.completed_at, i.updated_at, b.rank, left(i.description, 20000)
FROM search_issue_words($2, $3) AS b (issue_id, rank) JOIN issues i ON i.user_id = $1 AND i.id = b.issue_id
WHERE i.deleted_at IS NULL
ORDER BY b.rank DESC, i.id;

-- name: find_literal_matches
-- For what has no words by its spaces or its signs: addresses, paths, versions, Chinese. $2 are patterns for LIKE, all of which a title
-- with its description must fit, $3 some that it must not; $4 are the letters that fold to one of theirs, $5 those (see
-- issue_query_sql.cpp). The 200 newest.
SELECT i.id
FROM issues i, LATERAL (SELECT translate(lower((i.title || chr(1) || i.description) COLLATE "C"), $4, $5) AS folded OFFSET 0) AS t
WHERE i.user_id = $1 AND i.deleted_at IS NULL AND t.folded LIKE ALL ($2::text[]) AND NOT t.folded LIKE ANY ($3::text[])
ORDER BY i.updated_at DESC, i.number DESC
LIMIT 200;

-- name: find_literal_matches_within
-- The same of the issues with these numbers. As few, whatever PostgreSQL thinks of their number: it looks them up one by one.
SELECT i.id
FROM issues i, LATERAL (SELECT translate(lower((i.title || chr(1) || i.description) COLLATE "C"), $4, $5) AS folded OFFSET 0) AS t
WHERE i.user_id = $1 AND i.number = ANY (ARRAY(SELECT unnest($6::bigint[]))) AND i.deleted_at IS NULL
  AND t.folded LIKE ALL ($2::text[]) AND NOT t.folded LIKE ANY ($3::text[])
ORDER BY i.updated_at DESC, i.number DESC
LIMIT 200;

-- name: show_literal_matches
-- Of these issues those that fit the patterns $3 with their title come first; $4 and $5 as above; $6 is the first of the words, to be shown.
WITH best AS (
  SELECT i.id, CASE WHEN translate(lower(i.title COLLATE "C"), $4, $5) LIKE ALL ($3::text[]) THEN 1 ELSE 0.5 END::real AS rank,
         strpos(translate(lower(left(i.description, 20000) COLLATE "C"), $4, $5), $6) AS place
  FROM issues i
  WHERE i.user_id = $1 AND i.id = ANY ($2::uuid[])
)
SELECT i.id, i.number, i.title, i.status_id, i.project_id, i.priority, i.completed_at, i.updated_at, b.rank,
       CASE WHEN b.place = 0 THEN left(i.description, 160)
       ELSE substr(i.description, greatest(1, b.place - 60), least(60, b.place - 1)) || chr(2) || substr(i.description, b.place, length($6)) || chr(3) ||
            substr(i.description, b.place + length($6), 100) END
FROM best b JOIN issues i ON i.user_id = $1 AND i.id = b.id
ORDER BY b.rank DESC, i.updated_at DESC, i.id
LIMIT $7;

-- name: allow_typing_errors
-- For this transaction: how alike a word and a part of a title must be.
SELECT set_config('pg_trgm.word_similarity_threshold', '0.45', true);

-- name: search_issues_loosely
-- $2 are the words, folded. An issue ranks by how many of them its title has something like, and how alike they are.
SELECT i.id, i.number, i.title, i.status_id, i.project_id, i.priority, i.completed_at, i.updated_at,
       f.likeness / cardinality($2::text[]), left(i.description, 160)
FROM search_issue_titles($2, $3) AS f (issue_id, word_count, likeness) JOIN issues i ON i.user_id = $1 AND i.id = f.issue_id
WHERE i.deleted_at IS NULL
ORDER BY f.word_count DESC, f.likeness DESC, i.updated_at DESC, i.id;
