-- Links from issues to branches, pull requests and commits.

-- name: list_git_integrations
SELECT id, issue_id, provider, repository, branch_name, pr_url, commit_hash, metadata, created_at, updated_at
FROM git_integrations
WHERE user_id = $1 AND issue_id = $2
ORDER BY created_at, id;

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
