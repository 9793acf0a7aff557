"""A reading that was mailed is never changed: the database refuses."""

from django.db import migrations

KEPT = """
CREATE FUNCTION reports_reading_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.kept THEN
        RAISE EXCEPTION '% of a kept reading is refused', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION reports_figures_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (SELECT 1 FROM reports_reading WHERE id = OLD.reading_id AND kept) THEN
        RAISE EXCEPTION '% of the figures of a reading is refused', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER a_stays BEFORE UPDATE OR DELETE ON reports_reading FOR EACH ROW EXECUTE FUNCTION reports_reading_stays();
CREATE TRIGGER a_stay BEFORE UPDATE OR DELETE ON reports_personreading FOR EACH ROW EXECUTE FUNCTION reports_figures_stay();
CREATE TRIGGER a_stay BEFORE UPDATE OR DELETE ON reports_teamreading FOR EACH ROW EXECUTE FUNCTION reports_figures_stay();
"""
BACK = """
DROP TRIGGER a_stay ON reports_teamreading;
DROP TRIGGER a_stay ON reports_personreading;
DROP TRIGGER a_stays ON reports_reading;
DROP FUNCTION reports_figures_stay();
DROP FUNCTION reports_reading_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_figures_and_reports")]
    operations = [migrations.RunSQL(KEPT, BACK)]
