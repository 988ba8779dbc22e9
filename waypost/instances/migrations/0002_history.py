"""History, partitioned by month from the first day on; and room for updates in place."""

from django.db import migrations

FORWARD = """
CREATE TABLE event (
  instance_id bigint NOT NULL, seq bigint NOT NULL, at timestamptz NOT NULL,
  workspace_id bigint NOT NULL, workflow_id bigint NOT NULL, version_id bigint NOT NULL,
  kind varchar(32) NOT NULL, format int NOT NULL, step_id bigint, visit int, actor_id bigint,
  origin varchar(8) NOT NULL CHECK (origin IN ('page', 'api', 'worker', 'link', 'cli')),
  duration_ms int, payload jsonb NOT NULL, personal jsonb, personal_digest bytea, hash bytea NOT NULL,
  PRIMARY KEY (instance_id, seq, at)
) PARTITION BY RANGE (at);
CREATE TABLE event_default PARTITION OF event DEFAULT;
CREATE TABLE exchange (
  id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL,
  workspace_id bigint NOT NULL, instance_id bigint NOT NULL, step_id bigint NOT NULL, visit int NOT NULL,
  attempt int NOT NULL, is_late boolean NOT NULL DEFAULT false, idempotency_key varchar(64) NOT NULL,
  method varchar(8) NOT NULL, url text NOT NULL, answered_by text NOT NULL DEFAULT '', status int,
  failure text NOT NULL DEFAULT '', duration_ms int NOT NULL, request jsonb NOT NULL, response jsonb,
  PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE exchange_default PARTITION OF exchange DEFAULT;
CREATE INDEX exchange_of_instance ON exchange (instance_id, id);

CREATE FUNCTION make_month_partitions(months int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first date := date_trunc('month', now() AT TIME ZONE 'UTC');
  month date;
  parent text;
BEGIN
  FOR i IN 0..months LOOP
    month := first + make_interval(months => i);
    FOREACH parent IN ARRAY ARRAY['event', 'exchange'] LOOP
      EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
        parent || to_char(month, '_YYYY_MM'), parent,
        month::text || ' 00:00:00+00', (month + interval '1 month')::date::text || ' 00:00:00+00');
    END LOOP;
  END LOOP;
END $$;
SELECT make_month_partitions(3);

ALTER TABLE instance SET (fillfactor = 85);
ALTER TABLE instance_state SET (fillfactor = 70);
ALTER TABLE open_step SET (fillfactor = 70);
"""
BACKWARD = "DROP FUNCTION make_month_partitions(int); DROP TABLE exchange; DROP TABLE event;"


class Migration(migrations.Migration):
    dependencies = [("instances", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
