"""What the database itself refuses for people: the trace of who changed whose rights is only added to."""

EVENTS_STAY = """
CREATE FUNCTION accounts_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: events are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION accounts_event_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER a_stamp BEFORE INSERT ON accounts_accessevent FOR EACH ROW EXECUTE FUNCTION accounts_event_stamp();
CREATE TRIGGER a_stays BEFORE UPDATE OR DELETE ON accounts_accessevent FOR EACH ROW EXECUTE FUNCTION accounts_event_stays();
CREATE TRIGGER a_stays_whole BEFORE TRUNCATE ON accounts_accessevent EXECUTE FUNCTION accounts_event_stays();
"""

EVENTS_STAY_BACK = """
DROP TRIGGER a_stays_whole ON accounts_accessevent;
DROP TRIGGER a_stays ON accounts_accessevent;
DROP TRIGGER a_stamp ON accounts_accessevent;
DROP FUNCTION accounts_event_stamp();
DROP FUNCTION accounts_event_stays();
"""
