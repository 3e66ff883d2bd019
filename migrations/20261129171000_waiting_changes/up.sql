-- An import holds its account's counters for as long as it takes, and with them the numbers of the log. A revocation or a new password
-- must not wait for that: what it changes is committed at once, with its entry here, and the entry gets its number when the counters
-- are free.
CREATE TABLE waiting_changes (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  action audit_action NOT NULL,
  entity_type text NOT NULL,
  entity_id uuid NOT NULL,
  old_values jsonb,
  new_values jsonb,
  ip_address text NOT NULL DEFAULT '',
  user_agent text NOT NULL DEFAULT '',
  metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, id)
);
ALTER TABLE waiting_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE waiting_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY waiting_changes_owner ON waiting_changes USING (user_id = (SELECT current_user_id()) OR (SELECT is_system()))
  WITH CHECK (user_id = (SELECT current_user_id()) OR (SELECT is_system()));

-- An import brings another history into an account in which nothing was made. The log stays append-only but for this: the entries with
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
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION begin_log_anew() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM set_config('dits.begins_anew', current_user_id()::text, true);
  DELETE FROM audit_logs WHERE user_id = current_user_id();
  PERFORM set_config('dits.begins_anew', '', true);
END $$;
