"""For steps that are open for months, and for a Waypost that was off for months.

A duration outgrew four bytes after 24 days. And where the first rows of a month came before the
month's own table, the default table held them and the month could never be made: now they move.
"""

from django.db import migrations, models

FORWARD = """
ALTER TABLE event ALTER COLUMN duration_ms TYPE bigint;

CREATE OR REPLACE FUNCTION make_month_partitions(months int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first date := date_trunc('month', now() AT TIME ZONE 'UTC');
  month date;
  parent text;
  name text;
  since text;
  until text;
BEGIN
  FOR i IN 0..months LOOP
    month := first + make_interval(months => i);
    since := month::text || ' 00:00:00+00';
    until := (month + interval '1 month')::date::text || ' 00:00:00+00';
    FOREACH parent IN ARRAY ARRAY['event', 'exchange'] LOOP
      name := parent || to_char(month, '_YYYY_MM');
      BEGIN
        EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
          name, parent, since, until);
      EXCEPTION WHEN check_violation THEN
        EXECUTE format('LOCK TABLE %I', parent);
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
          name, parent);
        EXECUTE format('WITH early AS (DELETE FROM %I WHERE at >= %L AND at < %L RETURNING *)
          INSERT INTO %I SELECT * FROM early', parent || '_default', since, until, name);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
          parent, name, since, until);
      END;
    END LOOP;
  END LOOP;
END $$;
"""
# The function before would do too, and durations keep their room.
BACKWARD = migrations.RunSQL.noop


class Migration(migrations.Migration):
    dependencies = [("instances", "0003_step_assignments")]
    operations = [
        migrations.RunSQL(
            FORWARD,
            BACKWARD,
            state_operations=[
                migrations.AlterField("EventRow", "duration_ms", models.BigIntegerField(null=True))
            ],
        )
    ]
