-- The sessions of an account end with its being disabled, whoever disables it: a command, Studio, a hand at psql.
CREATE FUNCTION end_sessions_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM sessions WHERE user_id = NEW.id;
  RETURN NULL;
END
$$;

-- Those of accounts that are disabled already; row-level security is forced on a plain owner too.
SELECT set_config('dits.system', 'on', true);
DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE disabled_at IS NOT NULL);
SELECT set_config('dits.system', '', true);

CREATE TRIGGER users_disabled_sessions AFTER UPDATE OF disabled_at ON users FOR EACH ROW
  WHEN (NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL) EXECUTE FUNCTION end_sessions_of_user();
