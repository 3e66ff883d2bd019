-- Attempts to sign in, by account and by address.

-- name: lock_login_failures
-- Held until the transaction ends, so that parallel guesses are counted one after the other.
SELECT failures, first_failure_at, locked_until FROM login_failures WHERE key = $1 FOR UPDATE;

-- name: insert_login_failure
INSERT INTO login_failures AS f (key, failures, first_failure_at)
VALUES ($1, 1, $2)
ON CONFLICT (key) DO UPDATE SET failures = f.failures + 1
RETURNING failures;

-- name: update_login_failures
UPDATE login_failures
SET failures = $2, first_failure_at = $3, locked_until = $4
WHERE key = $1;

-- name: delete_login_failures
DELETE FROM login_failures WHERE key = $1;

-- name: delete_old_login_failures
DELETE FROM login_failures WHERE first_failure_at < $1 AND coalesce(locked_until, first_failure_at) < $1;
