-- Which database this is: the data directory, its attachments and every backup name it too, so that none of them is ever taken for
-- another database's. It goes along in dumps. Where it is there already, a restore or a reset has put it there, and it stays.
CREATE TABLE IF NOT EXISTS database_identity (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  id uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO database_identity DEFAULT VALUES ON CONFLICT DO NOTHING;
