-- Search for a part of a text, in any language, by an index (`search.rs`). Bodies are parsed when they are made, so that no
-- `search_path` of whoever calls them later, a restore for instance, changes what they mean.

-- One width, one case: `ＰＵＭＰ　４０` is `pump 40`.
CREATE FUNCTION search_fold(said TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(normalize(said, NFKC));

-- Every character of a folded text and every pair of neighbours: what an index holds. Some come twice, which an index minds not.
CREATE FUNCTION search_grams(folded TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 200
    RETURN (SELECT array_agg(one || coalesce(next, '')) || string_to_array(folded, NULL)
        FROM unnest(string_to_array(folded, NULL), (string_to_array(folded, NULL))[2:]) AS neighbours (one, next));

-- What every row has that holds the words of a question: their pairs, of a word of one character itself.
CREATE FUNCTION search_wanted(asked TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 200
    RETURN (SELECT coalesce(array_agg(DISTINCT one || coalesce(next, '')), '{}')
        FROM unnest(regexp_split_to_array(lower(normalize(asked, NFKC)), '\s+')) AS word,
            unnest(string_to_array(word, NULL), (string_to_array(word, NULL))[2:]) AS neighbours (one, next)
        WHERE next IS NOT NULL OR length(word) = 1);

-- The words themselves as patterns: each has to be found.
CREATE FUNCTION search_patterns(asked TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
    RETURN (SELECT coalesce(array_agg('%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%'), '{}')
        FROM unnest(regexp_split_to_array(lower(normalize(asked, NFKC)), '\s+')) AS word WHERE word <> '');
