-- The log keeps that something happened to what was deleted for ever, and not what: the values of its changes go. The log stays
-- append-only but for this: while redact_changes() runs, both values of a change become NULL and its metadata say "redacted", and
-- only of what a change says is gone.
CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A deleted account takes its log with it; nothing else may.
  IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM users WHERE id = OLD.user_id) THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND coalesce(current_setting('dits.redacts', true), '') <> '' THEN
    IF NEW.old_values IS NULL AND NEW.new_values IS NULL
       AND NEW.metadata = OLD.metadata || '{"redacted": true}'
       AND (NEW.user_id, NEW.change_id, NEW.action, NEW.entity_type, NEW.entity_id, NEW.ip_address, NEW.user_agent, NEW.created_at)
           IS NOT DISTINCT FROM
           (OLD.user_id, OLD.change_id, OLD.action, OLD.entity_type, OLD.entity_id, OLD.ip_address, OLD.user_agent, OLD.created_at)
       AND current_setting('dits.redacts', true) IN (OLD.entity_id::text, OLD.metadata ->> 'issueId', OLD.metadata ->> 'targetIssueId')
       AND EXISTS (SELECT 1 FROM audit_logs gone
                   WHERE gone.user_id = OLD.user_id AND gone.entity_id = current_setting('dits.redacts', true)::uuid
                     AND gone.action = 'DELETE' AND gone.new_values IS NULL) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

-- Redacts what the log has of one thing of the acting user's that is gone, and of its parts; how many changes those were. Nobody but
-- the application may call it: its role may not change the log by itself.
CREATE FUNCTION redact_changes(gone_id uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE redacted bigint;
BEGIN
  PERFORM set_config('dits.redacts', gone_id::text, true);
  UPDATE audit_logs SET old_values = NULL, new_values = NULL, metadata = metadata || '{"redacted": true}'
  WHERE user_id = current_user_id() AND NOT metadata ? 'redacted'
    AND change_id IN (
      SELECT change_id FROM audit_logs WHERE user_id = current_user_id() AND entity_id = gone_id
      UNION ALL
      SELECT change_id FROM audit_logs
      WHERE user_id = current_user_id() AND metadata ? 'issueId' AND metadata ->> 'issueId' = gone_id::text
      UNION ALL
      SELECT change_id FROM audit_logs
      WHERE user_id = current_user_id() AND metadata ? 'targetIssueId' AND metadata ->> 'targetIssueId' = gone_id::text);
  GET DIAGNOSTICS redacted = ROW_COUNT;
  PERFORM set_config('dits.redacts', '', true);
  RETURN redacted;
END $$;
REVOKE EXECUTE ON FUNCTION redact_changes(uuid) FROM PUBLIC;

-- What was deleted for ever before, and is not there again.
DO $$
DECLARE
  account uuid;
  gone record;
  is_live boolean;
BEGIN
  PERFORM set_config('dits.system', 'on', true);
  FOR account IN SELECT id FROM users LOOP
    PERFORM set_config('dits.user_id', account::text, true);
    FOR gone IN
      SELECT DISTINCT entity_type, entity_id FROM audit_logs
      WHERE user_id = account AND action = 'DELETE' AND new_values IS NULL
        AND entity_type IN ('issue', 'comment', 'attachment', 'label', 'saved_view', 'area', 'workflow', 'project')
    LOOP
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE user_id = $1 AND id = $2)', gone.entity_type || 's')
        INTO is_live USING account, gone.entity_id;
      IF NOT is_live THEN
        PERFORM redact_changes(gone.entity_id);
      END IF;
    END LOOP;
  END LOOP;
  PERFORM set_config('dits.user_id', '', true);
  PERFORM set_config('dits.system', '', true);
END $$;
