-- An import brings another history into an account in which nothing was made, and empties it first without touching the rows that every
-- request reads: the account's own, its sessions and tokens. The log stays append-only but for redaction and for this: the entries with
-- which every account begins may go, and only all of them, by the function below, for the account that asks.
CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A deleted account takes its log with it; nothing else may.
  IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM users WHERE id = OLD.user_id) THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'DELETE' AND current_setting('dits.begins_anew', true) = OLD.user_id::text
     AND (OLD.entity_type IN ('user', 'session', 'api_token') OR (OLD.entity_type = 'workflow' AND OLD.action = 'CREATE')) THEN
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

CREATE FUNCTION begin_log_anew() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM set_config('dits.begins_anew', current_user_id()::text, true);
  DELETE FROM audit_logs WHERE user_id = current_user_id();
  PERFORM set_config('dits.begins_anew', '', true);
END $$;
REVOKE EXECUTE ON FUNCTION begin_log_anew() FROM PUBLIC;
