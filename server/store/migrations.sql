-- The list of migrations, as requests may see it.

-- name: list_migration_names
SELECT name FROM schema_migrations ORDER BY name;
