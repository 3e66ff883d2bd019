-- Another status and its line in the log, durable.
\set number 2 * random(1, :issues / 2)
\set status random(0, 4)
WITH changed AS (
  UPDATE issues
  SET status_id = (:statuses::text || :status::text)::uuid, version = version + 1, updated_at = now(),
      completed_at = CASE WHEN :status::int = 4 THEN now() END
  WHERE user_id = :user AND number = :number
  RETURNING id, version, status_id, completed_at, updated_at
)
INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, old_values, new_values, ip_address, user_agent, created_at)
SELECT :user::uuid, nextval('bench_numbers'), 'UPDATE', 'issue', id, jsonb_build_object('version', version - 1),
       jsonb_build_object('version', version, 'statusId', status_id, 'updatedAt', updated_at, 'completedAt', completed_at),
       '127.0.0.1', 'pgbench', updated_at
FROM changed;
