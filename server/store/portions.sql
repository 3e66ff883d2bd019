-- What may be too much to be read at once, in portions by the bytes of its texts.

-- name: list_issue_text_sizes
-- In the order of the ids; of one that is not there, 0. The length of a text is known without reading it, that of a JSON value is not.
SELECT coalesce(octet_length(i.title) + octet_length(i.description) + octet_length(i.metadata::text), 0)
FROM unnest($2::uuid[]) WITH ORDINALITY AS a (id, place) LEFT JOIN issues i ON i.user_id = $1 AND i.id = a.id
ORDER BY a.place;

-- name: list_group_portion
-- Of a group's changes from $3 to $4 the newest, until they have $5 bytes; the first whatever it has.
SELECT change_id, action, entity_type, entity_id, old_values, new_values, metadata, created_at, ip_address, user_agent
FROM (SELECT s.*, sum(s.bytes) OVER (ORDER BY s.change_id DESC) - s.bytes AS bytes_before
      FROM (SELECT *, octet_length(coalesce(old_values::text, '')) + octet_length(coalesce(new_values::text, '')) AS bytes
            FROM audit_logs
            WHERE user_id = $1 AND change_id >= $3 AND change_id <= $4 AND group_id = $2) AS s) AS p
WHERE bytes_before < $5
ORDER BY change_id DESC;

-- name: list_change_portion
-- Of the log after $2 the oldest, as many as above, and fewer than $4; with how many of $4 there are.
SELECT change_id, action, entity_type, entity_id, old_values, new_values, metadata, created_at, found
FROM (SELECT s.*, sum(s.bytes) OVER (ORDER BY s.change_id) - s.bytes AS bytes_before,
             row_number() OVER (ORDER BY s.change_id) AS place, count(*) OVER () AS found
      FROM (SELECT *, octet_length(coalesce(old_values::text, '')) + octet_length(coalesce(new_values::text, '')) AS bytes
            FROM audit_logs
            WHERE user_id = $1 AND change_id > $2
            ORDER BY change_id
            LIMIT $4) AS s) AS p
WHERE bytes_before < $3 AND place < $4
ORDER BY change_id;

-- name: list_comment_portion
-- Of an issue's comments, those in the trash too, the ones after $3, as many as above, and no more than $5.
SELECT id, issue_id, body, created_at, updated_at, deleted_at
FROM (SELECT s.*, sum(s.bytes) OVER (ORDER BY s.id) - s.bytes AS bytes_before
      FROM (SELECT *, octet_length(body) AS bytes
            FROM comments
            WHERE user_id = $1 AND issue_id = $2 AND id > $3
            ORDER BY id
            LIMIT $5) AS s) AS p
WHERE bytes_before < $4
ORDER BY id;
