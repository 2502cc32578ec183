"""A released version never changes, whoever writes: the database itself refuses."""

from typing import ClassVar

from django.db import migrations

MAKE = """
CREATE FUNCTION process_keep_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('released', 'retired') AND (
       (NEW.model_id, NEW.number, NEW.sha256, NEW.source, NEW.xml, NEW.lanes::text, NEW.findings::text, NEW.accepted::text)
       IS DISTINCT FROM
       (OLD.model_id, OLD.number, OLD.sha256, OLD.source, OLD.xml, OLD.lanes::text, OLD.findings::text, OLD.accepted::text)
       OR NEW.state IN ('draft', 'review')
     ) THEN
    RAISE EXCEPTION 'a released version does not change' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER process_version_released BEFORE UPDATE ON process_version
  FOR EACH ROW EXECUTE FUNCTION process_keep_released();
CREATE FUNCTION process_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.instance_id, NEW.number, NEW.time, NEW.kind, NEW.element, NEW.name, NEW.payload::text, NEW.mark, NEW.previous,
      NEW.hash)
     IS DISTINCT FROM
     (OLD.instance_id, OLD.number, OLD.time, OLD.kind, OLD.element, OLD.name, OLD.payload::text, OLD.mark, OLD.previous,
      OLD.hash) THEN
    RAISE EXCEPTION 'history does not change' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER process_event_kept BEFORE UPDATE ON process_event
  FOR EACH ROW EXECUTE FUNCTION process_keep_history();
"""
BACK = """
DROP TRIGGER process_version_released ON process_version;
DROP FUNCTION process_keep_released();
DROP TRIGGER process_event_kept ON process_event;
DROP FUNCTION process_keep_history();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("process", "0003_decision_cases")]
    operations: ClassVar = [migrations.RunSQL(MAKE, BACK)]
