-- What a write with an Idempotency-Key was answered.

-- name: find_idempotency_key
SELECT encode(request_hash, 'hex'), status, content_type, headers, body
FROM idempotency_keys
WHERE user_id = $1 AND key = $2;

-- name: reserve_idempotency_keys
-- In the transaction of the change itself, which the log knows by its number. When that created an entity, its state as the audit log
-- keeps it is the answer, should the server die before the real one is kept.
INSERT INTO idempotency_keys (user_id, key, request_hash, status, content_type, body, created_at)
SELECT $1::uuid, k.key, decode(k.request_hash, 'hex'), CASE WHEN a.change_id IS NULL THEN NULL ELSE 201 END, 'application/json',
       a.new_values::text, k.created_at
FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::bigint[]) AS k (key, request_hash, created_at, change_id)
LEFT JOIN audit_logs a ON a.user_id = $1 AND a.change_id = k.change_id AND a.action = 'CREATE' AND NOT a.metadata ? 'group';

-- name: keep_idempotent_answer
UPDATE idempotency_keys
SET status = $3, content_type = $4, headers = $5, body = $6
WHERE user_id = $1 AND key = $2;

-- name: insert_idempotent_answer
-- For a request that changed nothing that the hook could see.
INSERT INTO idempotency_keys (user_id, key, request_hash, status, content_type, headers, body, created_at)
VALUES ($1, $2, decode($3, 'hex'), $4, $5, $6, $7, $8)
ON CONFLICT (user_id, key) DO NOTHING;

-- name: commit_without_waiting
-- An answer that is lost in a power cut is made up for by the row that was written with the change.
SELECT set_config('synchronous_commit', 'off', true);

-- name: delete_old_idempotency_keys
DELETE FROM idempotency_keys WHERE created_at < $1;
