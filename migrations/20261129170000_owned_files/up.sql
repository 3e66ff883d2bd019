-- A file lies on the disk under its hash, for all users at once; that somebody knows a hash must not give them the file. A row here is
-- written by the server when it has taken all of the file's bytes from that user, and says what they were. An attachment, whoever
-- makes it again (undo, an import, a hand in Studio), can only point at such a row.
CREATE TABLE owned_files (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  byte_size bigint NOT NULL CHECK (byte_size >= 0),
  content_type text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, sha256)
);

-- The owner of the tables is bound by their policies as everybody is, as long as it is no superuser.
ALTER TABLE attachments NO FORCE ROW LEVEL SECURITY;
INSERT INTO owned_files (user_id, sha256, byte_size, content_type, created_at)
SELECT DISTINCT ON (user_id, sha256) user_id, sha256, byte_size, content_type, created_at
FROM attachments
ORDER BY user_id, sha256, created_at;
ALTER TABLE attachments ADD CONSTRAINT attachments_sha256_fkey FOREIGN KEY (user_id, sha256) REFERENCES owned_files (user_id, sha256);
CREATE INDEX attachments_user_id_sha256_idx ON attachments (user_id, sha256);
ALTER TABLE attachments FORCE ROW LEVEL SECURITY;

ALTER TABLE owned_files ENABLE ROW LEVEL SECURITY;
ALTER TABLE owned_files FORCE ROW LEVEL SECURITY;
CREATE POLICY owned_files_owner ON owned_files USING (user_id = (SELECT current_user_id())) WITH CHECK (user_id = (SELECT current_user_id()));
