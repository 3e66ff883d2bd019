-- Under row-level security PostgreSQL asks an index only by operators that it knows to keep silent about rows that the reader may not
-- see: comparisons of numbers, texts, times and ids. Comparisons of enums, @@, LIKE, %>, -> and fold_text() are not among them, and to
-- mark them is not ours. So what is asked by them has a column to be asked by, and the search has a table of its own.

-- A superuser's login used to mark functions of PostgreSQL.
DO $$
DECLARE signature text;
BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    FOREACH signature IN ARRAY ARRAY['ts_match_vq(tsvector,tsquery)', 'ts_match_qv(tsquery,tsvector)',
      'enum_eq(anyenum,anyenum)', 'enum_ne(anyenum,anyenum)', 'enum_lt(anyenum,anyenum)', 'enum_le(anyenum,anyenum)',
      'enum_gt(anyenum,anyenum)', 'enum_ge(anyenum,anyenum)', 'jsonb_exists(jsonb,text)',
      'jsonb_object_field_text(jsonb,text)', 'textlike(text,text)', 'lower(text)', 'translate(text,text,text)', 'fold_text(text)',
      'similarity_op(text,text)', 'word_similarity_op(text,text)', 'word_similarity_commutator_op(text,text)'] LOOP
      EXECUTE 'ALTER FUNCTION ' || signature || ' NOT LEAKPROOF';
    END LOOP;
  END IF;
END $$;

DROP INDEX issues_user_id_project_id_idx;
DROP INDEX issues_user_id_area_id_idx;
DROP INDEX issues_user_id_status_priority_idx;
DROP INDEX issues_user_id_priority_idx;
DROP INDEX issues_user_id_source_key;
DROP INDEX issues_search_idx;
DROP INDEX issues_title_trgm_idx;
DROP INDEX audit_logs_group_idx;
DROP INDEX audit_logs_issue_idx;
DROP INDEX audit_logs_target_issue_idx;
DROP INDEX users_email_key;

-- The enum is for people; lists filter and sort by its rank.
ALTER TABLE issues
  DROP COLUMN search,
  ADD COLUMN priority_rank smallint NOT NULL GENERATED ALWAYS AS (
    CASE priority WHEN 'NO_PRIORITY' THEN 0 WHEN 'LOW' THEN 1 WHEN 'MEDIUM' THEN 2 WHEN 'HIGH' THEN 3 WHEN 'URGENT' THEN 4 END) STORED,
  ADD COLUMN source_url text GENERATED ALWAYS AS (metadata ->> 'sourceUrl') STORED;
-- Each ends in the order of the page, so that a page is read from its first row to its last.
CREATE INDEX issues_user_id_project_id_idx ON issues (user_id, project_id, updated_at DESC, number DESC) WHERE deleted_at IS NULL;
CREATE INDEX issues_user_id_area_id_idx ON issues (user_id, area_id, updated_at DESC, number DESC) WHERE deleted_at IS NULL;
CREATE INDEX issues_user_id_status_priority_idx ON issues (user_id, status_id, priority_rank, updated_at DESC, number DESC)
  WHERE deleted_at IS NULL;
CREATE INDEX issues_user_id_priority_idx ON issues (user_id, priority_rank, updated_at DESC, number DESC) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX issues_user_id_source_key ON issues (user_id, source_url) WHERE source_url IS NOT NULL;

ALTER TABLE audit_logs
  ADD COLUMN group_id text GENERATED ALWAYS AS (metadata ->> 'group') STORED,
  ADD COLUMN issue_id text GENERATED ALWAYS AS (metadata ->> 'issueId') STORED,
  ADD COLUMN target_issue_id text GENERATED ALWAYS AS (metadata ->> 'targetIssueId') STORED;
CREATE INDEX audit_logs_group_idx ON audit_logs (user_id, group_id) WHERE group_id IS NOT NULL;
CREATE INDEX audit_logs_issue_idx ON audit_logs (user_id, issue_id, change_id) WHERE issue_id IS NOT NULL;
CREATE INDEX audit_logs_target_issue_idx ON audit_logs (user_id, target_issue_id, change_id) WHERE target_issue_id IS NOT NULL;

ALTER TABLE users ADD COLUMN folded_email text COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold_text(email)) STORED;
CREATE UNIQUE INDEX users_email_key ON users (folded_email);

-- What full text and likeness are looked for in: a row for each issue that is not in the trash, made from the issue by triggers. No
-- role but its owner has a right on it, and its owner reads it in the functions below alone, which look for the acting user's rows;
-- for the owner row-level security is not forced, so that these may use the indexes.
CREATE TABLE issue_search (
  user_id uuid NOT NULL,
  issue_id uuid NOT NULL,
  title text NOT NULL,  -- folded
  -- Words of the title weigh more than those of the description. One lexeme more is the user's id: who looks for a word has the index
  -- look for both, and other users' issues with that word are not read.
  lexemes tsvector NOT NULL,
  PRIMARY KEY (user_id, issue_id)
) WITH (toast_tuple_target = 8160);  -- ranking reads the lexemes of each match: they stay in their row, as they are
ALTER TABLE issue_search ENABLE ROW LEVEL SECURITY;
CREATE POLICY issue_search_owner ON issue_search USING (user_id = (SELECT current_user_id()))
  WITH CHECK (user_id = (SELECT current_user_id()));

-- 'simple' keeps every language's words as they are written.
CREATE FUNCTION issue_lexemes(user_id uuid, title text, description text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN setweight(to_tsvector('simple', fold_text(title)), 'A')
    || setweight(to_tsvector('simple', fold_text(left(description, 100000))), 'B') || array_to_tsvector(ARRAY[user_id::text]);

-- Makes all of it anew: for a restore, whose backup does not hold it.
CREATE FUNCTION fill_issue_search() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM issue_search;
  INSERT INTO issue_search (user_id, issue_id, title, lexemes)
  SELECT user_id, id, fold_text(title), issue_lexemes(user_id, title, description) FROM issues WHERE deleted_at IS NULL;
END $$;
REVOKE EXECUTE ON FUNCTION fill_issue_search() FROM PUBLIC;

ALTER TABLE issues NO FORCE ROW LEVEL SECURITY;
SELECT fill_issue_search();
ALTER TABLE issues FORCE ROW LEVEL SECURITY;
-- A search reads what waits to be merged into the index word by word, so that not much may wait.
CREATE INDEX issue_search_lexemes_idx ON issue_search USING gin (lexemes) WITH (gin_pending_list_limit = 512);
CREATE INDEX issue_search_title_idx ON issue_search USING gin (title gin_trgm_ops) WITH (gin_pending_list_limit = 512);

CREATE FUNCTION add_to_issue_search() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO issue_search (user_id, issue_id, title, lexemes)
  SELECT user_id, id, fold_text(title), issue_lexemes(user_id, title, description) FROM added WHERE deleted_at IS NULL;
  RETURN NULL;
END $$;
CREATE FUNCTION change_issue_search() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.deleted_at IS NOT NULL THEN
    DELETE FROM issue_search WHERE user_id = OLD.user_id AND issue_id = OLD.id;
  ELSE
    INSERT INTO issue_search (user_id, issue_id, title, lexemes)
    VALUES (NEW.user_id, NEW.id, fold_text(NEW.title), issue_lexemes(NEW.user_id, NEW.title, NEW.description))
    ON CONFLICT (user_id, issue_id) DO UPDATE SET title = excluded.title, lexemes = excluded.lexemes;
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION remove_from_issue_search() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM issue_search s USING removed r WHERE s.user_id = r.user_id AND s.issue_id = r.id;
  RETURN NULL;
END $$;
-- Studio may write any id.
CREATE FUNCTION rename_in_issue_search() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM issue_search WHERE user_id = OLD.user_id AND issue_id = OLD.id;
  IF NEW.deleted_at IS NULL THEN
    INSERT INTO issue_search (user_id, issue_id, title, lexemes)
    VALUES (NEW.user_id, NEW.id, fold_text(NEW.title), issue_lexemes(NEW.user_id, NEW.title, NEW.description));
  END IF;
  RETURN NULL;
END $$;
-- Whoever may execute them could hang them on a table of their own; triggers need no right.
REVOKE EXECUTE ON FUNCTION add_to_issue_search(), change_issue_search(), remove_from_issue_search(), rename_in_issue_search() FROM PUBLIC;
CREATE TRIGGER issues_search_added AFTER INSERT ON issues REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION add_to_issue_search();
CREATE TRIGGER issues_search_removed AFTER DELETE ON issues REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION remove_from_issue_search();
-- Apart, so that a change of anything else compares no texts.
CREATE TRIGGER issues_search_changed AFTER UPDATE OF title, description ON issues FOR EACH ROW
  WHEN (OLD.title IS DISTINCT FROM NEW.title OR OLD.description IS DISTINCT FROM NEW.description)
  EXECUTE FUNCTION change_issue_search();
CREATE TRIGGER issues_search_moved AFTER UPDATE OF deleted_at ON issues FOR EACH ROW
  WHEN ((OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL))
  EXECUTE FUNCTION change_issue_search();
CREATE TRIGGER issues_search_renamed AFTER UPDATE OF user_id, id ON issues FOR EACH ROW
  WHEN (OLD.user_id <> NEW.user_id OR OLD.id <> NEW.id)
  EXECUTE FUNCTION rename_in_issue_search();

-- The best of the acting user's issues that have these words, as search engines take them: quotes, OR and -. The rank is taken for at
-- most 2,000 matches, so that a common word stays quick. No index serves this comparison of ids, and the plan may be older than the
-- table is large: the index of words is the one to be used.
CREATE FUNCTION search_issue_words(typed text, most integer) RETURNS TABLE (issue_id uuid, rank real)
  LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  reader CONSTANT uuid := current_user_id();
  wanted CONSTANT tsquery := websearch_to_tsquery('simple', typed);
BEGIN
  IF reader IS NULL OR numnode(wanted) = 0 THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT m.issue_id, ts_rank(m.lexemes, wanted)
    FROM (SELECT s.issue_id, s.lexemes FROM issue_search s
          WHERE s.lexemes @@ (quote_literal(reader::text)::tsquery && wanted) AND s.user_id IS NOT DISTINCT FROM reader
          LIMIT 2000) AS m
    ORDER BY 2 DESC, 1
    LIMIT most;
END $$;

-- The acting user's issues whose titles have something like these folded words: of how many, and how alike those are together. At most
-- 4,000 titles are looked at for each word.
CREATE FUNCTION search_issue_titles(words text[], most integer) RETURNS TABLE (issue_id uuid, word_count bigint, likeness real)
  LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  reader CONSTANT uuid := current_user_id();
BEGIN
  RETURN QUERY
    SELECT c.issue_id, count(*), sum(c.likeness)
    FROM unnest(words) AS w (word),
         LATERAL (SELECT s.issue_id, word_similarity(w.word, s.title) AS likeness FROM issue_search s
                  WHERE s.title %> w.word AND s.user_id IS NOT DISTINCT FROM reader
                  LIMIT 4000) AS c
    GROUP BY c.issue_id
    ORDER BY 2 DESC, 3 DESC, 1 DESC
    LIMIT most;
END $$;

-- Those of the acting user's issues whose titles look most like this folded one.
CREATE FUNCTION find_issue_titles_like(wanted text, most integer) RETURNS TABLE (issue_id uuid, likeness real)
  LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  reader CONSTANT uuid := current_user_id();
BEGIN
  RETURN QUERY
    SELECT s.issue_id, similarity(s.title, wanted) FROM issue_search s
    WHERE s.title % wanted AND s.user_id IS NOT DISTINCT FROM reader
    ORDER BY 2 DESC, 1
    LIMIT most;
END $$;
REVOKE EXECUTE ON FUNCTION search_issue_words(text, integer), search_issue_titles(text[], integer), find_issue_titles_like(text, integer)
  FROM PUBLIC;

-- As before, by the columns that an index serves.
CREATE OR REPLACE FUNCTION redact_changes(gone_id uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE redacted bigint;
BEGIN
  PERFORM set_config('dits.redacts', gone_id::text, true);
  UPDATE audit_logs SET old_values = NULL, new_values = NULL, metadata = metadata || '{"redacted": true}'
  WHERE user_id = current_user_id() AND NOT metadata ? 'redacted'
    AND change_id IN (
      SELECT change_id FROM audit_logs WHERE user_id = current_user_id() AND entity_id = gone_id
      UNION ALL
      SELECT change_id FROM audit_logs WHERE user_id = current_user_id() AND issue_id = gone_id::text
      UNION ALL
      SELECT change_id FROM audit_logs WHERE user_id = current_user_id() AND target_issue_id = gone_id::text);
  GET DIAGNOSTICS redacted = ROW_COUNT;
  PERFORM set_config('dits.redacts', '', true);
  RETURN redacted;
END $$;
