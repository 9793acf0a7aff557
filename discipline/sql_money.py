"""What the database itself refuses about settlements: steps out of order, and any change of what is reviewed, approved or exported."""

SETTLEMENT_STAYS = """
CREATE FUNCTION discipline_settlement_walks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            RAISE EXCEPTION 'only a draft of a settlement can be thrown away' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'a settlement begins as a draft' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.made_at := daybook_now();
    ELSE
        IF (OLD.id, OLD.team_id, OLD.first, OLD.last, OLD.made_by_id)
            IS DISTINCT FROM (NEW.id, NEW.team_id, NEW.first, NEW.last, NEW.made_by_id) THEN
            RAISE EXCEPTION 'team, days and maker of a settlement cannot be changed' USING ERRCODE = 'restrict_violation';
        END IF;
        IF (OLD.status, NEW.status) NOT IN (('draft', 'draft'), ('draft', 'reviewed'), ('reviewed', 'draft'), ('reviewed', 'approved'),
                                            ('approved', 'exported')) THEN
            RAISE EXCEPTION 'a settlement does not go from % to %', OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
        END IF;
        IF OLD.status = 'approved' AND (OLD.reviewed_by_id, OLD.approved_by_id) IS DISTINCT FROM (NEW.reviewed_by_id, NEW.approved_by_id) THEN
            RAISE EXCEPTION 'who reviewed and approved a settlement cannot be changed' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.made_at := OLD.made_at;
    END IF;
    NEW.reviewed_at := CASE WHEN NEW.status = 'draft' THEN NULL WHEN TG_OP = 'UPDATE' THEN COALESCE(OLD.reviewed_at, daybook_now()) END;
    NEW.approved_at := CASE WHEN NEW.status IN ('approved', 'exported') THEN COALESCE(OLD.approved_at, daybook_now()) END;
    NEW.exported_at := CASE WHEN NEW.status = 'exported' THEN daybook_now() END;
    RETURN NEW;
END $$;
CREATE TRIGGER a_walks BEFORE INSERT OR UPDATE OR DELETE ON discipline_settlement
    FOR EACH ROW EXECUTE FUNCTION discipline_settlement_walks();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON discipline_settlement FOR EACH STATEMENT EXECUTE FUNCTION daybook_refuse();

CREATE FUNCTION discipline_settlement_drafts(settlement bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM discipline_settlement WHERE id = settlement AND status = 'draft' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only a draft of a settlement can be worked out' USING ERRCODE = 'restrict_violation';
    END IF;
END $$;

CREATE FUNCTION discipline_settlementline_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM discipline_settlement_drafts(OLD.settlement_id); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM discipline_settlement_drafts(NEW.settlement_id); END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER a_stays BEFORE INSERT OR UPDATE OR DELETE ON discipline_settlementline
    FOR EACH ROW EXECUTE FUNCTION discipline_settlementline_stays();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON discipline_settlementline FOR EACH STATEMENT EXECUTE FUNCTION daybook_refuse();

CREATE FUNCTION discipline_settledentry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a settled entry stays where it is settled' USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM discipline_settlement_drafts(settlement_id) FROM discipline_settlementline WHERE id = COALESCE(NEW.line_id, OLD.line_id);
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER a_stays BEFORE INSERT OR UPDATE OR DELETE ON discipline_settledentry
    FOR EACH ROW EXECUTE FUNCTION discipline_settledentry_stays();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON discipline_settledentry FOR EACH STATEMENT EXECUTE FUNCTION daybook_refuse();

CREATE FUNCTION discipline_settlementstep_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'steps of a settlement are only added to' USING ERRCODE = 'restrict_violation';
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM discipline_settlement_drafts(OLD.settlement_id);
        RETURN OLD;
    END IF;
    NEW.recorded_at := daybook_now();
    RETURN NEW;
END $$;
CREATE TRIGGER a_stays BEFORE INSERT OR UPDATE OR DELETE ON discipline_settlementstep
    FOR EACH ROW EXECUTE FUNCTION discipline_settlementstep_stays();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON discipline_settlementstep FOR EACH STATEMENT EXECUTE FUNCTION daybook_refuse();
"""

SETTLEMENT_STAYS_BACK = """
DROP TRIGGER a_no_truncate ON discipline_settlementstep;
DROP TRIGGER a_stays ON discipline_settlementstep;
DROP FUNCTION discipline_settlementstep_stays();
DROP TRIGGER a_no_truncate ON discipline_settledentry;
DROP TRIGGER a_stays ON discipline_settledentry;
DROP FUNCTION discipline_settledentry_stays();
DROP TRIGGER a_no_truncate ON discipline_settlementline;
DROP TRIGGER a_stays ON discipline_settlementline;
DROP FUNCTION discipline_settlementline_stays();
DROP FUNCTION discipline_settlement_drafts(bigint);
DROP TRIGGER a_no_truncate ON discipline_settlement;
DROP TRIGGER a_walks ON discipline_settlement;
DROP FUNCTION discipline_settlement_walks();
"""
