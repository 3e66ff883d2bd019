-- Counts and times over a user's issues.

-- name: count_issues_in_total
SELECT count(*), count(*) FILTER (WHERE completed_at IS NULL), count(*) FILTER (WHERE completed_at IS NOT NULL),
       count(*) FILTER (WHERE completed_at IS NULL AND due_date < $2::date)
FROM issues
WHERE user_id = $1 AND deleted_at IS NULL;

-- name: count_issues_per_status
SELECT status_id, count(*) FROM issues WHERE user_id = $1 AND deleted_at IS NULL GROUP BY status_id ORDER BY status_id;

-- name: count_issues_per_project
SELECT project_id, count(*) FILTER (WHERE completed_at IS NULL), count(*) FILTER (WHERE completed_at IS NOT NULL)
FROM issues
WHERE user_id = $1 AND deleted_at IS NULL
GROUP BY project_id
ORDER BY project_id;

-- name: count_issues_per_area
SELECT area_id, count(*) FILTER (WHERE completed_at IS NULL), count(*) FILTER (WHERE completed_at IS NOT NULL)
FROM issues
WHERE user_id = $1 AND deleted_at IS NULL
GROUP BY area_id
ORDER BY area_id;

-- name: count_issues_per_label
SELECT l.label_id, count(*) FILTER (WHERE i.completed_at IS NULL), count(*) FILTER (WHERE i.completed_at IS NOT NULL)
FROM issue_labels l JOIN issues i ON i.user_id = $1 AND i.id = l.issue_id AND i.deleted_at IS NULL
WHERE l.user_id = $1
GROUP BY l.label_id
ORDER BY l.label_id;

-- name: count_issues_per_priority
SELECT priority, count(*) FILTER (WHERE completed_at IS NULL), count(*) FILTER (WHERE completed_at IS NOT NULL)
FROM issues
WHERE user_id = $1 AND deleted_at IS NULL
GROUP BY priority
ORDER BY priority;

-- name: measure_throughput
-- Created and completed in each of the last weeks (Monday first), since $2.
SELECT to_char(w.week, 'YYYY-MM-DD'),
       (SELECT count(*) FROM issues WHERE user_id = $1 AND deleted_at IS NULL AND created_at >= w.week AND created_at < w.week + interval '7 days'),
       (SELECT count(*) FROM issues WHERE user_id = $1 AND deleted_at IS NULL AND completed_at >= w.week AND completed_at < w.week + interval '7 days')
FROM generate_series(date_trunc('week', $2::timestamptz), $3::timestamptz, interval '7 days') AS w (week)
ORDER BY 1;

-- name: measure_cycle_time
-- Days from creation to completion of what was completed since $2: how many, mean, median, 90th percentile.
SELECT count(*), coalesce(avg(days), 0), coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY days), 0),
       coalesce(percentile_cont(0.9) WITHIN GROUP (ORDER BY days), 0)
FROM (
  SELECT extract(epoch FROM completed_at - created_at)::double precision / 86400 AS days
  FROM issues
  WHERE user_id = $1 AND deleted_at IS NULL AND completed_at >= $2
) AS completed;
