-- No number comes twice, even where a draw is late across the midnight on which a rule changes (PLT-05).

-- The next number of a kind on a day in China. Owner's rights, because a new series may need a new sequence.
--
-- No number comes twice, however rules change. A series counts within a period (all, a year, a month), and the number shows at
-- least that period, so two series of one rule never meet. Series of two rules can meet only in the period of the change: the
-- first draw by a changed rule goes on from the highest of all series that reach into this day. It waits for those who are
-- drawing by the rule before (advisory lock: shared by all who draw, taken alone by the first by a new rule).
CREATE OR REPLACE FUNCTION next_number(wanted TEXT, day DATE) RETURNS TEXT LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
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
    -- Who asks late, by a clock that is still before the change, draws from the rule's first day: its series before that day
    -- were never begun, and would give again what the rule before has given.
    day := greatest(day, again.effective_from);
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
