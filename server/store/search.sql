-- Full text over issues, best first, and the second look for words with typing errors.

-- name: search_issues
-- $2 is the text as typed. The rank is taken for at most 2,000 matches, so that a common word stays quick;
-- only the rows shown have their text cut into a snippet.
WITH wanted AS (SELECT websearch_to_tsquery('simple', $2) AS query),
matches AS (
  SELECT i.id, i.search FROM issues i, wanted WHERE i.user_id = $1 AND i.deleted_at IS NULL AND i.search @@ wanted.query
  LIMIT 2000
),
best AS (
  SELECT m.id, ts_rank(m.search, wanted.query) AS rank FROM matches m, wanted ORDER BY 2 DESC, m.id LIMIT $3
)
SELECT i.id, i.number, i.title, i.status_id, i.project_id, i.priority, i.completed_at, i.updated_at, b.rank,
       ts_headline('simple', left(i.description, 20000), wanted.query,
                   'StartSel=' || chr(2) || ', StopSel=' || chr(3) || ', MaxWords=24, MinWords=8, MaxFragments=1')
FROM best b JOIN issues i ON i.user_id = $1 AND i.id = b.id, wanted
ORDER BY b.rank DESC, b.id;

-- name: allow_typing_errors
-- For this transaction: how alike a word and a part of a title must be.
SELECT set_config('pg_trgm.word_similarity_threshold', '0.45', true);

-- name: search_issues_loosely
-- $2 are the words, folded. An issue ranks by how many of them its title has something like, and how alike they are; at most 4,000
-- titles are looked at for each word.
WITH found AS (
  SELECT c.id, count(*) AS words, sum(c.likeness) AS likeness
  FROM unnest($2::text[]) AS w (word),
       LATERAL (SELECT i.id, word_similarity(w.word, fold_text(i.title)) AS likeness
                FROM issues i
                WHERE i.user_id = $1 AND i.deleted_at IS NULL AND fold_text(i.title) %> w.word
                LIMIT 4000) AS c
  GROUP BY c.id
  ORDER BY 2 DESC, 3 DESC, 1 DESC
  LIMIT $3
)
SELECT i.id, i.number, i.title, i.status_id, i.project_id, i.priority, i.completed_at, i.updated_at,
       f.likeness / cardinality($2::text[]), left(i.description, 160)
FROM found f JOIN issues i ON i.user_id = $1 AND i.id = f.id
ORDER BY f.words DESC, f.likeness DESC, i.updated_at DESC, i.id;
