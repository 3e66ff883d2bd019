-- Full text over issues, best first, and the second look for words with typing errors.

-- name: search_issues
-- $2 is the text as typed, folded. What is shown around the words found is cut out of the text by service/snippet.
SELECT i.id, i.number, i.title, i.status_id, i.project_id, i.priority, i.completed_at, i.updated_at, b.rank, left(i.description, 20000)
FROM search_issue_words($2, $3) AS b (issue_id, rank) JOIN issues i ON i.user_id = $1 AND i.id = b.issue_id
WHERE i.deleted_at IS NULL
ORDER BY b.rank DESC, i.id;

-- name: search_issues_literally
-- For what has no words by its spaces or its signs: addresses, paths, versions, Chinese. $2 are patterns for LIKE, all of which a title
-- with its description must fit, $3 some that it must not; $4 are the letters that fold to one of theirs, $5 those (see
-- issue_query_sql.cpp); $6 is the first of the words, to be shown. Of the 200 newest, those with all of it in the title come first.
WITH matches AS (
  SELECT i.id, i.title, i.description
  FROM issues i,
       LATERAL (SELECT translate(lower((i.title || chr(1) || i.description) COLLATE "C"), $4, $5) AS folded OFFSET 0) AS t
  WHERE i.user_id = $1 AND i.deleted_at IS NULL AND t.folded LIKE ALL ($2::text[]) AND NOT t.folded LIKE ANY ($3::text[])
  ORDER BY i.updated_at DESC, i.number DESC
  LIMIT 200
),
best AS (
  SELECT m.id, CASE WHEN translate(lower(m.title COLLATE "C"), $4, $5) LIKE ALL ($2::text[]) THEN 1 ELSE 0.5 END::real AS rank,
         strpos(translate(lower(left(m.description, 20000) COLLATE "C"), $4, $5), $6) AS place
  FROM matches m
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
