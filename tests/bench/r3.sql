-- Full text: the best twenty, ranked.
\set first random(0, 15)
\set second random(0, 18)
SELECT i.id, i.number, i.title, i.status_id, i.project_id, i.priority, i.completed_at, i.updated_at, left(i.description, 400), best.rank
FROM (SELECT m.id, ts_rank(m.search, q.query) AS rank
      FROM issues m, (SELECT to_tsquery('simple', 'quar' || chr(97 + :first::int) || chr(97 + :second::int) || 'ton') AS query) q
      WHERE m.user_id = :user AND m.deleted_at IS NULL AND m.search @@ q.query
      ORDER BY 2 DESC, 1
      LIMIT 20) best
JOIN issues i ON i.user_id = :user AND i.id = best.id
ORDER BY best.rank DESC, best.id;
