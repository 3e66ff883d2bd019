-- Accounts.

-- name: find_user
SELECT id, email, name, avatar, preferences, role, created_at, updated_at
FROM users
WHERE id = $1;

-- name: find_user_by_email
SELECT id, email, name, avatar, preferences, role, created_at, updated_at, password_hash
FROM users
WHERE folded_email = fold_text($1);

-- name: find_password_hash
SELECT password_hash FROM users WHERE id = $1;

-- name: list_users
SELECT id, email, name, avatar, preferences, role, created_at, updated_at
FROM users
ORDER BY created_at, id;

-- name: count_users
SELECT count(*) FROM users;

-- name: lock_users
-- Registrations follow one another: who is first decides who becomes the administrator.
SELECT pg_advisory_xact_lock(7238019);

-- name: insert_user
INSERT INTO users (id, email, password_hash, name, avatar, preferences, role, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::user_role, $8, $8);

-- name: update_user
UPDATE users
SET name = $2, avatar = $3, preferences = $4, updated_at = $5
WHERE id = $1;

-- name: update_password_hash
UPDATE users
SET password_hash = $2, updated_at = $3
WHERE id = $1;
