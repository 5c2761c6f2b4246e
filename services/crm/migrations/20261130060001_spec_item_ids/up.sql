-- Items of specifications have ids, by which solutions say what they cover; those that stand already get theirs here. A revision
-- that was copied from another before this gets ids of its own.
UPDATE requirement_specs SET items = (
    SELECT jsonb_agg(item || jsonb_build_object('id', gen_random_uuid()) ORDER BY place)
    FROM jsonb_array_elements(items) WITH ORDINALITY AS kept (item, place)
);
