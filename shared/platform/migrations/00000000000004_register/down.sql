DROP TABLE document_register;
DROP FUNCTION next_number(TEXT, DATE);
DROP FUNCTION number_reached;
DROP TRIGGER number_rules_kept ON number_rules;
DROP FUNCTION keep_number_rule;
DROP TABLE number_rule_versions;
ALTER TABLE number_rules
    DROP CONSTRAINT number_rules_distinct,
    DROP COLUMN id, DROP COLUMN reset, DROP COLUMN date_part, DROP COLUMN effective_from, DROP COLUMN version,
    DROP COLUMN changed_by, DROP COLUMN changed_at, DROP COLUMN reason;
-- As 00000000000001_platform made it.
CREATE OR REPLACE FUNCTION next_number(wanted TEXT, period TEXT) RETURNS TEXT LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    rule number_rules;
    name TEXT := 'number_' || wanted || '_' || period;
    n    BIGINT;
BEGIN
    SELECT * INTO rule FROM number_rules WHERE kind = wanted;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no numbering rule for %', wanted;
    END IF;
    IF rule.gapless THEN
        INSERT INTO number_series AS s VALUES (wanted, next_number.period, 1)
            ON CONFLICT ON CONSTRAINT number_series_pkey DO UPDATE SET last = s.last + 1 RETURNING s.last INTO n;
    ELSE
        IF to_regclass(quote_ident(name)) IS NULL THEN
            PERFORM pg_advisory_xact_lock(hashtext(name));
            EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', name);
        END IF;
        n := nextval(quote_ident(name)::regclass);
    END IF;
    RETURN rule.prefix || '-' || period || '-' || lpad(n::TEXT, greatest(rule.width, length(n::TEXT)), '0');
END $$;
