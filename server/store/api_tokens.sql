-- Tokens for programs. Only the hash is kept; the prefix lets people recognise one.

-- name: insert_api_token
INSERT INTO api_tokens (id, user_id, name, token_hash, prefix, scope, expires_at, created_at)
VALUES ($1, $2, $3, decode($4, 'hex'), $5, $6::token_scope, $7, $8);

-- name: find_api_token_by_hash
-- The token and its user's role, while it is neither revoked nor expired, and the epoch of revocations at which this is so.
SELECT t.id, t.user_id, t.name, t.prefix, t.scope, t.expires_at, t.last_used_at, t.created_at, u.role,
       (SELECT epoch FROM session_epoch)
FROM api_tokens t JOIN users u ON u.id = t.user_id
WHERE t.token_hash = decode($1, 'hex') AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)
  AND u.disabled_at IS NULL;

-- name: list_api_tokens
SELECT id, user_id, name, prefix, scope, expires_at, last_used_at, created_at
FROM api_tokens
WHERE user_id = $1 AND revoked_at IS NULL
ORDER BY created_at DESC, id;

-- name: find_api_token
SELECT id, user_id, name, prefix, scope, expires_at, last_used_at, created_at
FROM api_tokens
WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL;

-- name: touch_api_tokens
-- Many at once; none is set back to an earlier use.
UPDATE api_tokens t
SET last_used_at = u.at
FROM unnest($1::uuid[], $2::timestamptz[]) AS u (id, at)
WHERE t.id = u.id AND (t.last_used_at IS NULL OR t.last_used_at < u.at);

-- name: revoke_api_token
UPDATE api_tokens SET revoked_at = $3 WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL;
