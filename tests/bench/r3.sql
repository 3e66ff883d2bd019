-- Full text: the best twenty, ranked.
\set first random(0, 15)
\set second random(0, 18)
SELECT i.id, i.number, i.title, i.status_id, i.project_id, i.priority, i.completed_at, i.updated_at, best.rank, left(i.description, 20000)
FROM search_issue_words('quar' || chr(97 + :first::int) || chr(97 + :second::int) || 'ton', 20) best
JOIN issues i ON i.user_id = :user AND i.id = best.issue_id AND i.deleted_at IS NULL
ORDER BY best.rank DESC, i.id;
