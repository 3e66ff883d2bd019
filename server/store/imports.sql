-- What an import needs to know: its own issues of earlier runs, and pull requests linked before.

-- name: list_imported_issues
SELECT i.id, i.number, i.source_url
FROM issues i
WHERE i.user_id = $1 AND i.source_url = ANY ($2::text[]);

-- name: list_imported_issues_with
-- Those whose text has any of $2 in it.
SELECT i.id FROM issues i
WHERE i.user_id = $1 AND i.source_url IS NOT NULL AND i.deleted_at IS NULL
  AND EXISTS (SELECT FROM unnest($2::text[]) AS words WHERE strpos(i.description, words) > 0)
ORDER BY i.number;

-- name: list_linked_pull_requests
SELECT issue_id, pr_url FROM git_integrations WHERE user_id = $1 AND issue_id = ANY ($2::uuid[]) AND pr_url IS NOT NULL;

-- name: insert_git_integrations
INSERT INTO git_integrations (user_id, id, issue_id, provider, repository, pr_url, metadata, created_at, updated_at)
SELECT $1, r.id, r.issue_id, 'GITHUB', r.repository, r.pr_url, r.metadata::jsonb, r.created_at, r.created_at
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
  AS r (id, issue_id, repository, pr_url, metadata, created_at);
