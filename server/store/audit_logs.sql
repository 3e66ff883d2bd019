-- The audit log, and the heads of a user's two gapless sequences.

-- name: insert_user_counters
INSERT INTO user_counters (user_id) VALUES ($1);

-- name: lock_user_counters
-- Orders a user's writes: held until the end of the transaction.
SELECT last_change_id, last_issue_number FROM user_counters WHERE user_id = $1 FOR UPDATE;

-- name: lock_user_log
-- The same, with the name of the log (see find_log_name).
SELECT c.last_change_id, c.last_issue_number,
       (SELECT t.oid || '-' || t.xmin FROM pg_class t WHERE t.oid = 'audit_logs'::regclass) || '-'
         || coalesce((SELECT a.entity_id FROM audit_logs a WHERE a.user_id = $1 AND a.change_id = 1)::text, '')
FROM user_counters c WHERE c.user_id = $1 FOR UPDATE OF c;

-- name: try_to_lock_user_counters
-- The same, unless somebody else holds them.
SELECT last_change_id, last_issue_number FROM user_counters WHERE user_id = $1 FOR UPDATE SKIP LOCKED;

-- name: insert_waiting_change
INSERT INTO waiting_changes (user_id, id, action, entity_type, entity_id, old_values, new_values, ip_address, user_agent, metadata, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: list_users_with_waiting_changes
SELECT DISTINCT user_id FROM waiting_changes;

-- name: number_waiting_changes
-- For a transaction that holds the counters, whose head is $2.
WITH waiting AS (
  DELETE FROM waiting_changes WHERE user_id = $1
  RETURNING id, action, entity_type, entity_id, old_values, new_values, ip_address, user_agent, metadata, created_at
), numbered AS (
  INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, old_values, new_values, ip_address, user_agent, metadata, created_at)
  SELECT $1, $2::bigint + row_number() OVER (ORDER BY created_at, id), action, entity_type, entity_id, old_values, new_values, ip_address,
         user_agent, metadata, created_at
  FROM waiting
  RETURNING change_id
), head AS (
  UPDATE user_counters SET last_change_id = (SELECT max(change_id) FROM numbered)
  WHERE user_id = $1 AND EXISTS (SELECT FROM numbered)
)
SELECT count(*) FROM numbered;

-- name: find_user_counters
SELECT last_change_id, last_issue_number FROM user_counters WHERE user_id = $1;

-- name: find_last_change_id
SELECT last_change_id FROM user_counters WHERE user_id = $1;

-- name: find_log_name
-- The same as long as this is one log: another one after a restore, which makes the table anew, or when an import has
-- put another history into the account.
SELECT c.oid || '-' || c.xmin || '-'
    || coalesce((SELECT entity_id FROM audit_logs WHERE user_id = $1 AND change_id = 1)::text, '')
FROM pg_class c
WHERE c.oid = 'audit_logs'::regclass;

-- name: append_change
-- One change on a transaction that may not hold the lock yet.
WITH head AS (
  UPDATE user_counters SET last_change_id = last_change_id + 1 WHERE user_id = $1 RETURNING last_change_id
)
INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, old_values, new_values, ip_address, user_agent, metadata, created_at)
SELECT $1, last_change_id, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM head
RETURNING change_id;

-- name: append_locked_changes
-- Changes whose numbers are known, because this transaction holds the counters; with them the heads, which only rise.
WITH head AS (
  UPDATE user_counters
  SET last_change_id = greatest(last_change_id, (SELECT max(c) FROM unnest($2::bigint[]) AS c)),
      last_issue_number = greatest(last_issue_number, (SELECT max(n) FROM unnest($12::bigint[]) AS n))
  WHERE user_id = $1
)
INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, old_values, new_values, ip_address, user_agent, metadata, created_at)
SELECT $1, c.change_id, c.action::audit_action, c.entity_type, c.entity_id, c.old_values::jsonb, c.new_values::jsonb, c.ip_address,
       c.user_agent, c.metadata::jsonb, c.created_at
FROM unnest($2::bigint[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::timestamptz[])
  AS c (change_id, action, entity_type, entity_id, old_values, new_values, ip_address, user_agent, metadata, created_at);

-- name: redact_changes
-- By a function of the schema, which is the one way to change the log.
SELECT redact_changes($1);

-- name: forget_answers_about
-- A repeat of such a request hears that it was carried out.
UPDATE idempotency_keys SET status = NULL, headers = NULL, body = NULL
WHERE user_id = $1 AND position($2 IN body) > 0;

-- name: find_change
SELECT change_id, action, entity_type, entity_id, old_values, new_values, metadata, created_at, ip_address, user_agent
FROM audit_logs
WHERE user_id = $1 AND change_id = $2;

-- name: find_ends_of_group
-- A group is written by one transaction, so that hardly another change lies between its first and its last.
-- OFFSET 0: else the planner may look for the least number of all that belongs to the group.
SELECT min(change_id), max(change_id)
FROM (SELECT change_id FROM audit_logs WHERE user_id = $1 AND group_id = $2 OFFSET 0) g;

-- name: list_changes_of_issue
-- Newest first: the issue itself, and its comments, relations and git links, which name it in their metadata.
SELECT change_id, action, entity_type, entity_id, old_values, new_values, metadata, created_at, ip_address, user_agent
FROM (
  SELECT * FROM audit_logs WHERE user_id = $1 AND entity_id = $2::uuid AND change_id < $3
  UNION ALL
  SELECT * FROM audit_logs WHERE user_id = $1 AND issue_id = $2::uuid::text AND change_id < $3
  UNION ALL
  SELECT * FROM audit_logs WHERE user_id = $1 AND target_issue_id = $2::uuid::text AND change_id < $3
) AS changes
ORDER BY change_id DESC
LIMIT $4;

-- name: list_audit_logs
-- Newest first; each filter is off when NULL.
SELECT change_id, action, entity_type, entity_id, old_values, new_values, metadata, created_at, ip_address, user_agent
FROM audit_logs
WHERE user_id = $1
  AND change_id < $2
  AND ($3::text IS NULL OR entity_type = $3)
  AND ($4::uuid IS NULL OR entity_id = $4)
  AND ($5::text IS NULL OR action = $5::audit_action)
  AND ($6::timestamptz IS NULL OR created_at >= $6)
  AND ($7::timestamptz IS NULL OR created_at < $7)
ORDER BY change_id DESC
LIMIT $8;
