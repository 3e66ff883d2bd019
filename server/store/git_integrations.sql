-- Links from issues to branches, pull requests and commits.

-- name: list_git_integrations
SELECT id, issue_id, provider, repository, branch_name, pr_url, commit_hash, metadata, created_at, updated_at
FROM git_integrations
WHERE user_id = $1 AND issue_id = $2
ORDER BY created_at, id;

-- name: list_all_git_integrations
-- Of live issues; the metadata is left out.
SELECT g.id, g.issue_id, g.provider, g.repository, g.branch_name, g.pr_url, g.commit_hash, '{}', g.created_at, g.updated_at
FROM git_integrations g JOIN issues i ON i.user_id = $1 AND i.id = g.issue_id AND i.deleted_at IS NULL
WHERE g.user_id = $1
ORDER BY g.id;

-- name: find_git_integration
SELECT id, issue_id, provider, repository, branch_name, pr_url, commit_hash, metadata, created_at, updated_at
FROM git_integrations
WHERE user_id = $1 AND id = $2;

-- name: insert_git_integration
INSERT INTO git_integrations (user_id, id, issue_id, provider, repository, branch_name, pr_url, commit_hash, metadata, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: update_git_integration
UPDATE git_integrations
SET provider = $3, repository = $4, branch_name = $5, pr_url = $6, commit_hash = $7, metadata = $8, updated_at = $9
WHERE user_id = $1 AND id = $2;

-- name: delete_git_integration
DELETE FROM git_integrations WHERE user_id = $1 AND id = $2;
