UPDATE requirement_specs SET items = (
    SELECT jsonb_agg(item - 'id' ORDER BY place) FROM jsonb_array_elements(items) WITH ORDINALITY AS kept (item, place)
);
