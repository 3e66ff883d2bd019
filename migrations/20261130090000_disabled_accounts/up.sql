-- An account may be closed for a while: nobody gets in by it, whatever they hold, and nothing of it is lost.
ALTER TABLE users ADD COLUMN disabled_at timestamptz;

-- Who remembers a session or token asks again: see move_session_epoch().
CREATE TRIGGER users_disabled AFTER UPDATE OF disabled_at ON users FOR EACH ROW
  WHEN (NEW.disabled_at IS DISTINCT FROM OLD.disabled_at) EXECUTE FUNCTION move_session_epoch();
