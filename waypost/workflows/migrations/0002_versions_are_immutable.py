"""A published version never changes: the database itself refuses."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a published version is immutable: publish a new one';
END $$;
CREATE TRIGGER workflow_version_immutable BEFORE UPDATE ON workflow_version
  FOR EACH ROW EXECUTE FUNCTION refuse_version_change();
"""
BACKWARD = "DROP TRIGGER workflow_version_immutable ON workflow_version; DROP FUNCTION refuse_version_change();"


class Migration(migrations.Migration):
    dependencies = [("workflows", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
