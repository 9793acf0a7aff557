"""What the database itself refuses and seals, for schemes and the ledger."""

CLOSERS_LOCK = 7214803
"""Advisory lock of a session: who closes days holds it, so that only one does."""

LEDGER_SEAL = """
CREATE FUNCTION discipline_ledger_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7214802);
    NEW.posted_at := daybook_now();
    NEW.previous_hash := COALESCE((SELECT hash FROM discipline_ledgerentry ORDER BY id DESC LIMIT 1), '');
    NEW.hash := encode(sha256(convert_to(concat_ws('|', NEW.previous_hash, NEW.key, NEW.kind, NEW.user_id, NEW.card_id, NEW.day,
        NEW.debit, NEW.credit, NEW.points, to_char(NEW.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')), 'UTF8')), 'hex');
    NEW.id := nextval(pg_get_serial_sequence('discipline_ledgerentry', 'id'));
    RETURN NEW;
END $$;
CREATE TRIGGER a_seal BEFORE INSERT ON discipline_ledgerentry FOR EACH ROW EXECUTE FUNCTION discipline_ledger_seal();
"""

LEDGER_SEAL_BACK = "DROP TRIGGER a_seal ON discipline_ledgerentry; DROP FUNCTION discipline_ledger_seal();"

PUBLISHED_STAYS = """
CREATE FUNCTION discipline_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'a published scheme is never changed: make a new version' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER a_stays BEFORE UPDATE OR DELETE ON discipline_schemeversion
    FOR EACH ROW EXECUTE FUNCTION discipline_version_stays();

CREATE FUNCTION discipline_rule_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM discipline_schemeversion WHERE published_at IS NOT NULL
               AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END)) THEN
        RAISE EXCEPTION 'a published scheme is never changed: make a new version' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER a_stays BEFORE INSERT OR UPDATE OR DELETE ON discipline_rule
    FOR EACH ROW EXECUTE FUNCTION discipline_rule_stays();
"""

PUBLISHED_STAYS_BACK = """
DROP TRIGGER a_stays ON discipline_rule;
DROP FUNCTION discipline_rule_stays();
DROP TRIGGER a_stays ON discipline_schemeversion;
DROP FUNCTION discipline_version_stays();
"""

LEDGER_SEAL_AGAIN = """
CREATE OR REPLACE FUNCTION discipline_ledger_hash(e discipline_ledgerentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws('|', e.previous_hash, e.key, e.kind, e.user_id, e.card_id, e.day, e.debit, e.credit, e.points,
        to_char(e.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), 'adjustment:' || e.adjustment_id, 'claim:' || e.claim_id,
        'settlement:' || e.settlement_id), 'UTF8')), 'hex')
$$;
CREATE OR REPLACE FUNCTION discipline_ledger_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7214802);
    NEW.posted_at := daybook_now();
    NEW.previous_hash := COALESCE((SELECT hash FROM discipline_ledgerentry ORDER BY id DESC LIMIT 1), '');
    NEW.hash := discipline_ledger_hash(NEW);
    NEW.id := nextval(pg_get_serial_sequence('discipline_ledgerentry', 'id'));
    RETURN NEW;
END $$;
"""
"""The seal over everything an entry says. What an entry does not have is left out, and what it has instead carries its name, so that
entries sealed before keep their hash and no two different entries have the same text."""

LEDGER_SEAL_AGAIN_BACK = (
    """
DROP TRIGGER a_seal ON discipline_ledgerentry;
DROP FUNCTION discipline_ledger_seal();
DROP FUNCTION discipline_ledger_hash(discipline_ledgerentry);
"""
    + LEDGER_SEAL
)

LEDGER_SEAL_BY_INDEX = """
CREATE OR REPLACE FUNCTION discipline_ledger_seal() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7214802);
    NEW.posted_at := daybook_now();
    NEW.previous_hash := COALESCE((SELECT hash FROM discipline_ledgerentry ORDER BY id DESC LIMIT 1), '');
    NEW.hash := discipline_ledger_hash(NEW);
    NEW.id := nextval('discipline_ledgerentry_id_seq');
    RETURN NEW;
END $$;
"""
"""The seal that finds the last entry by its key, always. A plan made while the ledger was empty would read all of it for every entry
of the first day, and a big company's first day has thousands."""

LEDGER_SEAL_BY_INDEX_BACK = LEDGER_SEAL_AGAIN

LINES_BELONG = """
CREATE FUNCTION discipline_lines_belong() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added l
        LEFT JOIN discipline_scorecard c ON c.id = l.card_id
            AND c.id BETWEEN (SELECT min(card_id) FROM added) AND (SELECT max(card_id) FROM added)
        LEFT JOIN discipline_rule r ON r.id = l.rule_id AND r.version_id = c.version_id
        LEFT JOIN discipline_schemeversion v ON v.id = r.version_id
        WHERE v.published_at IS NULL
    ) THEN
        RAISE EXCEPTION 'a line belongs to a card and to a published rule of its version' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER a_belongs AFTER INSERT ON discipline_scoreline REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION discipline_lines_belong();
"""
"""Instead of foreign keys of lines, which take as long as writing the lines. Cards are only added to, what is published stays, and
lines are never changed: what holds when a line is written holds for ever. Cards that are written together lie side by side: their
span keeps a year of others from being read."""

LINES_BELONG_BACK = "DROP TRIGGER a_belongs ON discipline_scoreline; DROP FUNCTION discipline_lines_belong();"

DAY_SHEETS = """
INSERT INTO discipline_daysheet (card_id, user_id, team_id, day, name, points, lines)
SELECT c.id, c.user_id, c.team_id, c.day, u.full_name, c.points, COALESCE(l.lines, '[]')
FROM discipline_scorecard c
JOIN accounts_user u ON u.id = c.user_id
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(l.code, l.metric, r.label, l.value, l.result, l.points, r.scored, r.trial) ORDER BY l.position)
        AS lines
    FROM discipline_scoreline l JOIN discipline_rule r ON r.id = l.rule_id WHERE l.card_id = c.id
) l ON true
WHERE c.id {which}
"""
"""The short rows of cards (`which`: a condition on their keys) from their lines: discipline.models.DaySheet says what they hold."""
