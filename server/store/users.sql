-- Accounts.

-- name: find_user
SELECT id, email, name, avatar, preferences, role, created_at, updated_at
FROM users
WHERE id = $1;

-- name: find_user_by_email
SELECT id, email, name, avatar, preferences, role, created_at, updated_at, password_hash, disabled_at
FROM users
WHERE folded_email = fold_text($1);

-- name: hold_user
-- As it is now, and nobody changes it until the transaction ends.
SELECT id, email, name, avatar, preferences, role, created_at, updated_at, password_hash, disabled_at
FROM users
WHERE id = $1
FOR NO KEY UPDATE;

-- name: find_password_hash
SELECT password_hash FROM users WHERE id = $1;

-- name: list_accounts
SELECT id, email, name, avatar, preferences, role, created_at, updated_at, disabled_at,
       (SELECT count(*) FROM api_tokens t WHERE t.user_id = users.id AND t.revoked_at IS NULL)
FROM users
ORDER BY created_at, id;

-- name: count_other_administrators
-- Who could still do what an administrator does, if this one could not.
SELECT count(*) FROM users WHERE role = 'ADMIN' AND disabled_at IS NULL AND id <> $1;

-- name: change_account
UPDATE users
SET email = $2, name = $3, role = $4::user_role, disabled_at = $5, updated_at = $6
WHERE id = $1;

-- name: delete_account
-- All that is the account's goes with it.
DELETE FROM users WHERE id = $1;

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
