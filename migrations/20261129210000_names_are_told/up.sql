-- Every server keeps in its memory what its users' queries can name. A change of a name is told to all of them with its commit, whoever
-- makes it: a route, a command, an import, a hand at psql.
CREATE FUNCTION tell_of_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('dits_names', coalesce(NEW.user_id, OLD.user_id)::text);
  RETURN NULL;
END
$$;

CREATE TRIGGER statuses_named AFTER INSERT OR DELETE OR UPDATE OF name, position, is_closed ON statuses
  FOR EACH ROW EXECUTE FUNCTION tell_of_names();
CREATE TRIGGER projects_named AFTER INSERT OR DELETE OR UPDATE OF name, status, deleted_at ON projects
  FOR EACH ROW EXECUTE FUNCTION tell_of_names();
CREATE TRIGGER areas_named AFTER INSERT OR DELETE OR UPDATE OF name, deleted_at ON areas
  FOR EACH ROW EXECUTE FUNCTION tell_of_names();
CREATE TRIGGER labels_named AFTER INSERT OR DELETE OR UPDATE OF name, deleted_at ON labels
  FOR EACH ROW EXECUTE FUNCTION tell_of_names();
