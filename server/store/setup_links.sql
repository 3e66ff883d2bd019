-- One-time links that allow a registration.

-- name: insert_setup_link
INSERT INTO setup_links (token_hash, created_at, expires_at)
VALUES (decode($1, 'hex'), $2, $3);

-- name: has_setup_link
SELECT 1 FROM setup_links
WHERE token_hash = decode($1, 'hex') AND used_at IS NULL AND expires_at > $2;

-- name: use_setup_link
-- Only one of two simultaneous uses touches the row.
UPDATE setup_links SET used_at = $2
WHERE token_hash = decode($1, 'hex') AND used_at IS NULL AND expires_at > $2;

-- name: delete_ended_setup_links
DELETE FROM setup_links WHERE expires_at <= $1;

-- name: delete_setup_links
DELETE FROM setup_links;
