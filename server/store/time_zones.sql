-- Zones as PostgreSQL knows them. $1: the name; $2 and $3: between when, both at midnight, so that the minutes are whole.

-- name: list_offsets_of_time_zone
-- The first row is the offset in minutes at $2, the others are when it became another one. Looked for every week (clocks go back for a fasting month and on again), then where
-- it differs by days, by hours and by minutes (Newfoundland's clock went on at one past midnight): some twenty thousand looks for a century.
WITH probes AS (
  SELECT at, (extract(epoch FROM (at AT TIME ZONE $1) - (at AT TIME ZONE 'UTC')) / 60)::bigint AS minutes,
         lag(at) OVER (ORDER BY at) AS before
  FROM generate_series($2::timestamptz, $3::timestamptz, interval '7 days') AS at
), weeks AS (
  SELECT before, at, minutes, lag(minutes) OVER (ORDER BY at) AS minutes_before FROM probes
)
SELECT at, minutes FROM weeks WHERE before IS NULL
UNION ALL
SELECT step.at, weeks.minutes
FROM weeks
CROSS JOIN LATERAL (
  SELECT min(day) AS day
  FROM generate_series(weeks.before, weeks.at, interval '24 hours') AS day
  WHERE (day AT TIME ZONE $1) - (day AT TIME ZONE 'UTC') = make_interval(mins => weeks.minutes::int)
) AS days
CROSS JOIN LATERAL (
  SELECT min(hour) AS hour
  FROM generate_series(days.day - interval '24 hours', days.day, interval '1 hour') AS hour
  WHERE (hour AT TIME ZONE $1) - (hour AT TIME ZONE 'UTC') = make_interval(mins => weeks.minutes::int)
) AS hours
CROSS JOIN LATERAL (
  SELECT min(at) AS at
  FROM generate_series(hours.hour - interval '1 hour', hours.hour, interval '1 minute') AS at
  WHERE (at AT TIME ZONE $1) - (at AT TIME ZONE 'UTC') = make_interval(mins => weeks.minutes::int)
) AS step
WHERE weeks.minutes <> weeks.minutes_before
ORDER BY 1;
