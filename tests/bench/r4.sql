-- A new issue with two labels and its line in the log, durable.
\set project random(0, 19)
\set label random(0, 28)
\set text random(1, 1000000)
WITH head AS (SELECT nextval('bench_numbers') AS number, gen_random_uuid() AS id, now() AS at),
made AS (
  INSERT INTO issues (user_id, id, number, title, description, priority, status_id, project_id, position, created_at, updated_at)
  SELECT :user::uuid, id, number, 'Made by a benchmark ' || :text::text,
         repeat('The page waits for the index, and the list is drawn before it is sorted. ', 8), 'HIGH', (:statuses::text || '0')::uuid,
         (:projects::text || lpad(to_hex(:project::int), 2, '0'))::uuid, number, at, at
  FROM head
  RETURNING id, number, title, description, status_id, project_id, created_at
), labelled AS (
  INSERT INTO issue_labels (user_id, issue_id, label_id)
  SELECT :user::uuid, made.id, (:labels::text || lpad(to_hex(:label::int + l), 2, '0'))::uuid FROM made, generate_series(0, 1) AS l
)
INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, new_values, ip_address, user_agent, created_at)
SELECT :user::uuid, number, 'CREATE', 'issue', id,
       jsonb_build_object('id', id, 'number', number, 'title', title, 'description', description, 'statusId', status_id, 'projectId', project_id,
                          'priority', 'HIGH', 'version', 1, 'createdAt', created_at, 'updatedAt', created_at),
       '127.0.0.1', 'pgbench', created_at
FROM made;
