-- What is removed by its age is removed by a clock that was seen to run: a jump forward is left out of account for a while.
CREATE TABLE clock_witness (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  seen_at timestamptz,                     -- when a server last looked; absent: never
  hidden_ms bigint NOT NULL DEFAULT 0,     -- how much of seen_at nobody has seen pass
  doubted_until timestamptz                -- when that is believed; absent: there is no doubt
);
INSERT INTO clock_witness DEFAULT VALUES;
