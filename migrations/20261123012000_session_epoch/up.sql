-- Caches of sessions and tokens must not outlive a revocation, whoever makes it: a route, a command, a hand at psql. Every one moves
-- this number on, in its own transaction, so that who reads a credential together with the number knows what the credential is worth.
CREATE TABLE session_epoch (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  epoch bigint NOT NULL
);
INSERT INTO session_epoch (epoch) VALUES ((extract(epoch FROM clock_timestamp()) * 1000000)::bigint);

-- Microseconds, so that a database restored from a backup does not come upon its old numbers again.
CREATE FUNCTION move_session_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE session_epoch SET epoch = greatest(epoch + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
  PERFORM pg_notify('dits_sessions', '');
  RETURN NULL;
END
$$;

CREATE FUNCTION move_session_epoch_if_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM gone) THEN
    UPDATE session_epoch SET epoch = greatest(epoch + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
    PERFORM pg_notify('dits_sessions', '');
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER sessions_deleted AFTER DELETE ON sessions REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION move_session_epoch_if_gone();
CREATE TRIGGER sessions_shortened AFTER UPDATE ON sessions FOR EACH ROW
  WHEN (NEW.expires_at < OLD.expires_at OR NEW.absolute_expires_at < OLD.absolute_expires_at OR NEW.user_id <> OLD.user_id OR NEW.token_hash <> OLD.token_hash)
  EXECUTE FUNCTION move_session_epoch();
CREATE TRIGGER api_tokens_deleted AFTER DELETE ON api_tokens REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION move_session_epoch_if_gone();
CREATE TRIGGER api_tokens_changed AFTER UPDATE ON api_tokens FOR EACH ROW
  -- Spelled out: PostgreSQL writes a comparison of rows into a dump in another form than it reads it back.
  WHEN (NEW.user_id IS DISTINCT FROM OLD.user_id OR NEW.token_hash IS DISTINCT FROM OLD.token_hash OR NEW.scope IS DISTINCT FROM OLD.scope
        OR NEW.expires_at IS DISTINCT FROM OLD.expires_at OR NEW.revoked_at IS DISTINCT FROM OLD.revoked_at)
  EXECUTE FUNCTION move_session_epoch();
CREATE TRIGGER users_role_changed AFTER UPDATE OF role ON users FOR EACH ROW
  WHEN (NEW.role <> OLD.role) EXECUTE FUNCTION move_session_epoch();
