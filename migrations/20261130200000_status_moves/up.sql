-- Insights reads when issues went from one status to another: a change of the log that is such a move says so in columns of its own.
-- Text, as the log has it: what was forged there or comes of another program must not stop a restore.
ALTER TABLE audit_logs
  ADD COLUMN old_status_id text GENERATED ALWAYS AS (
    CASE WHEN entity_type = 'issue' AND new_values ? 'statusId' THEN old_values ->> 'statusId' END) STORED,
  ADD COLUMN new_status_id text GENERATED ALWAYS AS (
    CASE WHEN entity_type = 'issue' AND old_values ? 'statusId' THEN new_values ->> 'statusId' END) STORED;
CREATE INDEX audit_logs_status_moves_idx ON audit_logs (user_id, created_at) WHERE new_status_id IS NOT NULL;
