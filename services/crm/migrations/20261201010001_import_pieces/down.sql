-- The program of before knows rows only: what waits is kept as such.
INSERT INTO import_rows (id, import_id, line, status, data, attempts, code, message_zh, message_en, candidates)
SELECT gen_random_uuid(), p.import_id, (r ->> 'line')::integer, CASE WHEN r -> 'wrong' <> 'null' THEN 'failed' ELSE 'pending' END,
       nullif(r -> 'data', 'null'), 0, r #>> '{wrong,code}', r #>> '{wrong,chinese}', r #>> '{wrong,english}', '[]'
FROM import_pieces p, jsonb_array_elements(p.rows) r;
UPDATE imports i SET failed = i.failed + w.wrong
FROM (SELECT p.import_id, count(*) FILTER (WHERE r -> 'wrong' <> 'null') AS wrong
      FROM import_pieces p, jsonb_array_elements(p.rows) r GROUP BY p.import_id) w
WHERE w.import_id = i.id;
DROP TABLE import_pieces;
