-- Files that hang on issues. Their bytes lie in the data directory under their hash.

-- name: list_attachments
SELECT id, issue_id, file_name, content_type, byte_size, encode(sha256, 'hex'), created_at, updated_at, deleted_at
FROM attachments
WHERE user_id = $1 AND issue_id = $2 AND deleted_at IS NULL
ORDER BY created_at, id;

-- name: list_attachments_with_deleted
SELECT id, issue_id, file_name, content_type, byte_size, encode(sha256, 'hex'), created_at, updated_at, deleted_at
FROM attachments
WHERE user_id = $1 AND issue_id = $2
ORDER BY created_at, id;

-- name: find_attachment
SELECT id, issue_id, file_name, content_type, byte_size, encode(sha256, 'hex'), created_at, updated_at, deleted_at
FROM attachments
WHERE user_id = $1 AND id = $2;

-- name: insert_attachment
INSERT INTO attachments (user_id, id, issue_id, file_name, content_type, byte_size, sha256, created_at, updated_at, deleted_at)
VALUES ($1, $2, $3, $4, $5, $6, decode($7, 'hex'), $8, $9, $10);

-- name: update_attachment
UPDATE attachments
SET updated_at = $3, deleted_at = $4
WHERE user_id = $1 AND id = $2;

-- name: purge_attachment
DELETE FROM attachments WHERE user_id = $1 AND id = $2;

-- name: own_file
-- All of its bytes came from this user.
INSERT INTO owned_files (user_id, sha256, byte_size, content_type, created_at)
VALUES ($1, decode($2, 'hex'), $3, $4, $5)
ON CONFLICT (user_id, sha256) DO NOTHING;

-- name: find_owned_file
SELECT byte_size, content_type FROM owned_files WHERE user_id = $1 AND sha256 = decode($2, 'hex');

-- name: list_loose_files
-- Of which no attachment speaks any more.
SELECT encode(sha256, 'hex')
FROM owned_files f
WHERE user_id = $1 AND NOT EXISTS (SELECT FROM attachments a WHERE a.user_id = f.user_id AND a.sha256 = f.sha256);

-- name: disown_file
DELETE FROM owned_files f
WHERE user_id = $1 AND sha256 = decode($2, 'hex')
  AND NOT EXISTS (SELECT FROM attachments a WHERE a.user_id = f.user_id AND a.sha256 = f.sha256);

-- name: has_attachment_of_hash
SELECT EXISTS (SELECT FROM attachments WHERE user_id = $1 AND sha256 = decode($2, 'hex'));

-- name: sum_attachment_bytes
-- What a user's files take on the disk: one file that hangs on two issues is there once.
SELECT coalesce(sum(byte_size), 0) FROM (SELECT DISTINCT sha256, byte_size FROM attachments WHERE user_id = $1) AS files;

-- name: list_attachment_hashes
SELECT DISTINCT encode(sha256, 'hex') FROM attachments WHERE user_id = $1;
