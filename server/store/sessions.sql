-- Signed-in browsers. Only the hash of what the cookie holds is kept.

-- name: insert_session
INSERT INTO sessions (id, user_id, token_hash, user_agent, ip_address, created_at, last_seen_at, expires_at, absolute_expires_at)
VALUES ($1, $2, decode($3, 'hex'), $4, $5, $6, $6, $7, $8);

-- name: find_session_by_hash
-- The session and its user's role, while it has not ended, and the epoch of revocations at which this is so.
SELECT s.id, s.user_id, s.user_agent, s.ip_address, s.created_at, s.last_seen_at, s.expires_at, s.absolute_expires_at, u.role,
       (SELECT epoch FROM session_epoch)
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.token_hash = decode($1, 'hex') AND s.expires_at > $2 AND s.absolute_expires_at > $2 AND u.disabled_at IS NULL;

-- name: list_sessions
SELECT id, user_id, user_agent, ip_address, created_at, last_seen_at, expires_at, absolute_expires_at
FROM sessions
WHERE user_id = $1 AND expires_at > $2 AND absolute_expires_at > $2
ORDER BY last_seen_at DESC, id;

-- name: touch_sessions
-- Many at once; none is set back to an earlier use or end.
UPDATE sessions s
SET last_seen_at = u.at, expires_at = greatest(s.expires_at, least(u.expires_at, s.absolute_expires_at))
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS u (id, at, expires_at)
WHERE s.id = u.id AND s.last_seen_at < u.at;

-- name: delete_session
DELETE FROM sessions WHERE user_id = $1 AND id = $2;

-- name: delete_other_sessions
-- All of a user's sessions but one; an id that is not set spares none.
DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2::uuid;

-- name: delete_ended_sessions
DELETE FROM sessions WHERE expires_at < $1 OR absolute_expires_at < $1;

-- name: find_session_epoch
SELECT epoch FROM session_epoch;
