-- What an administrator sees of the database as a whole.

-- name: read_database_info
SELECT current_setting('server_version'), pg_postmaster_start_time(), current_setting('max_connections')::integer,
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
       current_database(), pg_database_size(current_database()), current_setting('data_checksums') = 'on',
       s.blks_hit, s.blks_read, s.xact_commit, s.xact_rollback, s.deadlocks, s.temp_bytes
FROM pg_stat_database s
WHERE s.datname = current_database();
