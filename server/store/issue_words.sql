-- The texts whose words the server remembers, and which issues have others by now.

-- name: list_issue_texts
-- Those in the trash too, by number; $2 is the last one of the portion before. So many as have $4 bytes of text, and no more than $3.
SELECT number, title, description
FROM (SELECT s.number, s.title, s.description, sum(s.bytes) OVER (ORDER BY s.number) - s.bytes AS bytes_before
      FROM (SELECT number, title, description, octet_length(title) + octet_length(description) AS bytes
            FROM issues
            WHERE user_id = $1 AND number > $2
            ORDER BY number
            LIMIT $3) AS s) AS p
WHERE bytes_before < $4
ORDER BY number;

-- name: list_issue_texts_of
-- As few, whatever PostgreSQL thinks of their number: it looks them up one by one.
-- The first of them, until they have $3 bytes of text.
SELECT number, title, description
FROM (SELECT s.number, s.title, s.description, sum(s.bytes) OVER (ORDER BY s.number) - s.bytes AS bytes_before
      FROM (SELECT number, title, description, octet_length(title) + octet_length(description) AS bytes
            FROM issues
            WHERE user_id = $1 AND number = ANY (ARRAY(SELECT unnest($2::bigint[])))) AS s) AS p
WHERE bytes_before < $3
ORDER BY number;

-- name: find_issue_changes
-- Which log it is (see find_log_name) and how far it goes; of the changes after $2, the next $3 at most: whether tables were changed as
-- such, whether an issue went for good, and the numbers of the issues that were changed.
SELECT (SELECT t.oid || '-' || t.xmin FROM pg_class t WHERE t.oid = 'audit_logs'::regclass) || '-'
         || coalesce((SELECT f.entity_id FROM audit_logs f WHERE f.user_id = $1 AND f.change_id = 1)::text, ''),
       c.last_change_id, coalesce(l.has_studio, false), coalesce(l.has_purge, false),
       coalesce((SELECT string_agg(i.number::text, ',') FROM issues i WHERE i.user_id = c.user_id AND i.id = ANY (l.issue_ids)), '')
FROM user_counters c,
     LATERAL (SELECT bool_or(a.entity_type = 'studio') AS has_studio,
                     bool_or(a.entity_type = 'issue' AND a.action = 'DELETE' AND a.new_values IS NULL) AS has_purge,
                     array_agg(DISTINCT a.entity_id) FILTER (WHERE a.entity_type = 'issue') AS issue_ids
              FROM audit_logs a
              WHERE a.user_id = c.user_id AND a.change_id > $2 AND a.change_id <= $2::bigint + $3) AS l
WHERE c.user_id = $1;
