-- The catalogue as Studio shows it. What a column or a table allows is what the login that asks may do.

-- name: list_studio_tables
SELECT c.relname, greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid), has_table_privilege(c.oid, 'DELETE')
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
ORDER BY c.relname;

-- name: list_studio_columns
SELECT c.relname, a.attname, format_type(a.atttypid, NULL), t.typtype = 'e', NOT a.attnotnull,
       coalesce(a.attnum = ANY (k.conkey), false), NOT has_column_privilege(c.oid, a.attnum, 'SELECT'),
       has_column_privilege(c.oid, a.attnum, 'UPDATE') AND a.attgenerated = '' AND has_table_privilege(c.oid, 'DELETE'),
       a.atthasdef, e.labels
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
LEFT JOIN LATERAL (SELECT string_agg(enumlabel, E'\n' ORDER BY enumsortorder) AS labels FROM pg_enum WHERE enumtypid = t.oid) e ON true
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
ORDER BY c.relname, a.attnum;

-- name: list_studio_foreign_keys
SELECT c.relname, target.relname,
       (SELECT string_agg(a.attname, E'\n' ORDER BY n) FROM unnest(k.conkey) WITH ORDINALITY AS u (num, n)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num),
       (SELECT string_agg(a.attname, E'\n' ORDER BY n) FROM unnest(k.confkey) WITH ORDINALITY AS u (num, n)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num)
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_class target ON target.oid = k.confrelid
WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace
ORDER BY c.relname, k.conname;

-- name: bound_studio_statement
-- From here to the end of the transaction.
SELECT set_config('statement_timeout', $1, true);

-- name: read_planner_statistics
-- What ANALYZE last found: for tables that are too large to be looked through.
SELECT null_frac, n_distinct,
       (histogram_bounds::text::text[])[1], (histogram_bounds::text::text[])[cardinality(histogram_bounds::text::text[])]
FROM pg_stats
WHERE schemaname = 'public' AND tablename = $1 AND attname = $2;

-- name: list_planner_values
SELECT v.value, f.share
FROM pg_stats s,
     unnest(s.most_common_vals::text::text[]) WITH ORDINALITY AS v (value, n)
     JOIN unnest((SELECT most_common_freqs FROM pg_stats WHERE schemaname = 'public' AND tablename = $1 AND attname = $2))
       WITH ORDINALITY AS f (share, n) USING (n)
WHERE s.schemaname = 'public' AND s.tablename = $1 AND s.attname = $2
ORDER BY f.share DESC
LIMIT 8;

-- name: name_studio_types
SELECT oid::bigint, format_type(oid, NULL), typcategory = 'N' FROM pg_type WHERE oid = ANY ($1::bigint[]::oid[]);

-- name: set_studio_role
-- 'dits_studio_sql' for statements that a person typed: no audit log, no counters. PostgreSQL checks what a statement may touch
-- before any part of it runs, so it cannot give itself more. 'none' is the login again.
SELECT set_config('role', $1, true);

-- name: list_all_user_ids
SELECT id FROM users ORDER BY id;

-- name: take_next_issue_number
UPDATE user_counters SET last_issue_number = last_issue_number + 1 WHERE user_id = $1 RETURNING last_issue_number;

-- name: find_broken_rule
-- Rules between rows, which no constraint holds: of what this transaction has written, something that the rest of DITS could not
-- read, or that could never have come about through the API. One sentence, or none.
WITH RECURSIVE parents (user_id, start, number, id) AS (
  SELECT user_id, id, number, parent_issue_id FROM issues WHERE xmin = pg_current_xact_id()::xid AND parent_issue_id IS NOT NULL
  UNION
  SELECT p.user_id, p.start, p.number, i.parent_issue_id
  FROM parents p JOIN issues i ON i.user_id = p.user_id AND i.id = p.id
  WHERE i.parent_issue_id IS NOT NULL AND p.id <> p.start
), blocked (user_id, start, id) AS (
  SELECT user_id, source_id, target_id FROM issue_relations WHERE xmin = pg_current_xact_id()::xid AND relation_type = 'BLOCKS'
  UNION
  SELECT b.user_id, b.start, r.target_id
  FROM blocked b JOIN issue_relations r ON r.user_id = b.user_id AND r.source_id = b.id AND r.relation_type = 'BLOCKS'
  WHERE b.id <> b.start
)
SELECT * FROM (
  SELECT 'There would be no administrator any more.'
  FROM users WHERE xmin = pg_current_xact_id()::xid AND NOT EXISTS (SELECT FROM users WHERE role = 'ADMIN' AND disabled_at IS NULL)
  UNION ALL
  SELECT format('Issue #%s would have no place in the order: its position must be a finite number.', number)
  FROM issues WHERE xmin = pg_current_xact_id()::xid AND position IN ('NaN', 'Infinity', '-Infinity')
  UNION ALL
  SELECT format('Issue #%s would have a day or a time that is not in the years 1 to 9999.', number)
  FROM issues
  WHERE xmin = pg_current_xact_id()::xid
    AND NOT (coalesce(start_date, 'epoch') BETWEEN '0001-01-01' AND '9999-12-31' AND coalesce(due_date, 'epoch') BETWEEN '0001-01-01' AND '9999-12-31'
             AND coalesce(completed_at, 'epoch') BETWEEN '0001-01-01Z' AND '9999-12-31 23:59:59Z'
             AND coalesce(deleted_at, 'epoch') BETWEEN '0001-01-01Z' AND '9999-12-31 23:59:59Z'
             AND created_at BETWEEN '0001-01-01Z' AND '9999-12-31 23:59:59Z' AND updated_at BETWEEN '0001-01-01Z' AND '9999-12-31 23:59:59Z')
  UNION ALL
  SELECT format('Issue #%s would have a number above #%s, the last one that was given: leave the number out, and it gets the next.', i.number, c.last_issue_number)
  FROM issues i JOIN user_counters c ON c.user_id = i.user_id
  WHERE i.xmin = pg_current_xact_id()::xid AND i.number > c.last_issue_number
  UNION ALL
  SELECT format('Issue #%s would be its own ancestor.', number) FROM parents WHERE id = start
  UNION ALL
  SELECT format('Issue #%s would block itself.', i.number)
  FROM blocked b JOIN issues i ON i.user_id = b.user_id AND i.id = b.start
  WHERE b.id = b.start
  UNION ALL
  SELECT format('The workflow "%s" would have a transition that does not join two of its statuses: {"from": id, "to": [id, …]}.', w.name)
  FROM workflows w CROSS JOIN LATERAL jsonb_array_elements(w.transitions) AS t (pair)
  CROSS JOIN LATERAL (SELECT CASE WHEN jsonb_typeof(pair -> 'to') = 'array' THEN pair -> 'to' ELSE '[null]' END || jsonb_build_array(pair -> 'from')) AS a (ids)
  WHERE w.xmin = pg_current_xact_id()::xid
    AND EXISTS (SELECT FROM jsonb_array_elements_text(a.ids) AS e (id)
                WHERE NOT EXISTS (SELECT FROM statuses s WHERE s.user_id = w.user_id AND s.workflow_id = w.id AND s.id::text = e.id))
) AS broken (rule)
LIMIT 1;
