-- PLT-05: numbering rules that can be changed from a day on, and the register of numbered documents.

-- What number_rules holds is the latest that was decided; what holds on a day, number_rule_versions says.
ALTER TABLE number_rules
    ADD COLUMN id             UUID NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    ADD COLUMN reset          TEXT NOT NULL DEFAULT 'yearly' CHECK (reset IN ('yearly', 'monthly', 'never')),
    ADD COLUMN date_part      TEXT NOT NULL DEFAULT 'year' CHECK (date_part IN ('none', 'year', 'month')),
    ADD COLUMN effective_from DATE,
    ADD COLUMN version        INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
    ADD COLUMN changed_by     TEXT NOT NULL DEFAULT 'yewu',
    ADD COLUMN changed_at     TIMESTAMPTZ NOT NULL DEFAULT now(),
    ADD COLUMN reason         TEXT,
    -- A date coarser than the reset would give the same number twice.
    ADD CONSTRAINT number_rules_distinct CHECK (reset = 'never' OR date_part = 'month' OR (reset = 'yearly' AND date_part = 'year'));

CREATE TABLE number_rule_versions (
    kind           TEXT NOT NULL,
    version        INTEGER NOT NULL,
    prefix         TEXT NOT NULL,
    gapless        BOOLEAN NOT NULL,
    width          INTEGER NOT NULL,
    reset          TEXT NOT NULL,
    date_part      TEXT NOT NULL,
    -- Since ever, where it is null: as the kind was made.
    effective_from DATE,
    changed_by     TEXT NOT NULL,
    changed_at     TIMESTAMPTZ NOT NULL,
    reason         TEXT,
    -- Has a number been drawn by it?
    started        BOOLEAN NOT NULL,
    PRIMARY KEY (kind, version)
);
CREATE FUNCTION keep_number_rule() RETURNS TRIGGER LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO number_rule_versions (kind, version, prefix, gapless, width, reset, date_part, effective_from, changed_by, changed_at, reason, started)
    VALUES (NEW.kind, NEW.version, NEW.prefix, NEW.gapless, NEW.width, NEW.reset, NEW.date_part, NEW.effective_from, NEW.changed_by, NEW.changed_at, NEW.reason, NEW.version = 1)
    -- A migration may mend a rule in place, before a number was drawn by it.
    ON CONFLICT (kind, version) DO UPDATE SET prefix = NEW.prefix, gapless = NEW.gapless, width = NEW.width, reset = NEW.reset, date_part = NEW.date_part;
    RETURN NULL;
END $$;
CREATE TRIGGER number_rules_kept AFTER INSERT OR UPDATE ON number_rules FOR EACH ROW EXECUTE FUNCTION keep_number_rule();
INSERT INTO number_rule_versions
    SELECT kind, version, prefix, gapless, width, reset, date_part, effective_from, changed_by, changed_at, reason, TRUE FROM number_rules;

-- How far a series has counted; 0 where it has not begun.
CREATE FUNCTION number_reached(wanted TEXT, series TEXT) RETURNS BIGINT LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    name    TEXT := quote_ident('number_' || wanted || '_' || series);
    counted BIGINT := 0;
    drawn   BIGINT;
BEGIN
    SELECT s.last INTO drawn FROM number_series s WHERE s.kind = wanted AND s.period = series;
    counted := greatest(counted, coalesce(drawn, 0));
    IF to_regclass(name) IS NOT NULL THEN
        EXECUTE 'SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ' || name INTO drawn;
        counted := greatest(counted, drawn);
    END IF;
    RETURN counted;
END $$;

-- The next number of a kind on a day in China. Owner's rights, because a new series may need a new sequence.
--
-- No number comes twice, however rules change. A series counts within a period (all, a year, a month), and the number shows at
-- least that period, so two series of one rule never meet. Series of two rules can meet only in the period of the change: the
-- first draw by a changed rule goes on from the highest of all series that reach into this day. It waits for those who are
-- drawing by the rule before (advisory lock: shared by all who draw, taken alone by the first by a new rule).
CREATE FUNCTION next_number(wanted TEXT, day DATE) RETURNS TEXT LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    key    BIGINT := hashtextextended('number ' || current_schema() || ' ' || wanted, 0);
    rule   number_rule_versions;
    again  number_rule_versions;
    series TEXT;
    name   TEXT;
    n      BIGINT;
BEGIN
    LOOP
        -- By a rule that has begun, even for a clock that is a little behind.
        SELECT * INTO rule FROM number_rule_versions v
            WHERE v.kind = wanted AND (v.effective_from IS NULL OR v.effective_from <= day OR (v.started AND v.version > 1))
            ORDER BY v.version DESC LIMIT 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no numbering rule for %', wanted;
        END IF;
        IF rule.started THEN
            PERFORM pg_advisory_xact_lock_shared(key);
        ELSE
            PERFORM pg_advisory_xact_lock(key);
        END IF;
        SELECT * INTO again FROM number_rule_versions v
            WHERE v.kind = wanted AND (v.effective_from IS NULL OR v.effective_from <= day OR (v.started AND v.version > 1))
            ORDER BY v.version DESC LIMIT 1;
        EXIT WHEN again.version = rule.version;
    END LOOP;
    series := CASE again.reset WHEN 'never' THEN 'all' WHEN 'monthly' THEN to_char(day, 'YYYYMM') ELSE to_char(day, 'YYYY') END;
    name := 'number_' || wanted || '_' || series;
    IF NOT again.gapless AND to_regclass(quote_ident(name)) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext(name));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', name);
    END IF;
    IF NOT again.started THEN
        n := greatest(number_reached(wanted, 'all'), number_reached(wanted, to_char(day, 'YYYY')), number_reached(wanted, to_char(day, 'YYYYMM')));
        IF again.gapless THEN
            INSERT INTO number_series AS s VALUES (wanted, series, n) ON CONFLICT ON CONSTRAINT number_series_pkey DO UPDATE SET last = n;
        ELSIF n > 0 THEN
            PERFORM setval(quote_ident(name)::regclass, n);
        END IF;
        UPDATE number_rule_versions v SET started = TRUE WHERE v.kind = wanted AND v.version = again.version;
    END IF;
    IF again.gapless THEN
        INSERT INTO number_series AS s VALUES (wanted, series, 1)
            ON CONFLICT ON CONSTRAINT number_series_pkey DO UPDATE SET last = s.last + 1 RETURNING s.last INTO n;
    ELSE
        n := nextval(quote_ident(name)::regclass);
    END IF;
    RETURN again.prefix
        || CASE again.date_part WHEN 'none' THEN '' WHEN 'year' THEN '-' || to_char(day, 'YYYY') ELSE '-' || to_char(day, 'YYYYMM') END
        || '-' || lpad(n::TEXT, greatest(again.width, length(n::TEXT)), '0');
END $$;
-- For programs of the version before, while they are still running: they name the year.
CREATE OR REPLACE FUNCTION next_number(wanted TEXT, period TEXT) RETURNS TEXT LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT next_number(wanted, (now() AT TIME ZONE 'Asia/Shanghai')::DATE)
$$;

-- Numbered documents as they came, and as they were archived: an entry each, never changed. Documents that were numbered before
-- this migration have no entry.
CREATE TABLE document_register (
    id            UUID PRIMARY KEY,
    kind          TEXT NOT NULL,
    number        TEXT NOT NULL,
    status        TEXT NOT NULL CHECK (status IN ('registered', 'archived')),
    entity_id     UUID NOT NULL,
    case_id       UUID,
    registered_at TIMESTAMPTZ NOT NULL,
    registered_by TEXT NOT NULL,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    UNIQUE (kind, number, status)
);
CREATE INDEX document_register_kind ON document_register (kind, id);
CREATE INDEX document_register_number ON document_register (number, id);
CREATE INDEX document_register_case ON document_register (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX document_register_entity ON document_register (entity_id, id);
CREATE INDEX document_register_status ON document_register (status, id);
CREATE INDEX document_register_owner ON document_register (owner_id, id);
CREATE INDEX document_register_team ON document_register (team_id, id);
CREATE INDEX document_register_department ON document_register (department_id, id);

DO $$ BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON document_register FROM %I', current_schema());
    EXECUTE format('REVOKE DELETE, TRUNCATE ON number_rules, number_rule_versions FROM %I', current_schema());
END $$;
