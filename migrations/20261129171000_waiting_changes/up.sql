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
