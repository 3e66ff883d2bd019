-- What the servers' own work on a database goes by: which one it is, and how its time passed.

-- name: find_database_identity
SELECT id FROM database_identity;

-- name: lock_clock_witness
SELECT seen_at, hidden_ms, doubted_until FROM clock_witness FOR UPDATE;

-- name: update_clock_witness
UPDATE clock_witness SET seen_at = $1, hidden_ms = $2, doubted_until = $3;
