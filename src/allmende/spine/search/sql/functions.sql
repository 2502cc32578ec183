-- Letters and digits apart from everything that the text parser reads a meaning into (addresses, numbers with points, hyphens), so that documents
-- and queries fall into the same words. What German texts are made of is replaced first, since din5007 costs a millisecond a page; it deals with the
-- rest of Europe's letters where any is left. RETURN bodies are bound when they are made: a restore with an empty search_path still works.
CREATE FUNCTION search_words(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN (
    SELECT translate(CASE WHEN octet_length(plain) = length(plain) THEN lower(plain COLLATE "C") ELSE din5007(plain) END,
        '.,:;/@_-&%+#?=~*''"<>()', repeat(' ', 22))
    FROM (SELECT
        replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(value
            , 'ä', 'a'), 'ö', 'o'), 'ü', 'u'), 'ß', 'ss'), 'Ä', 'a')
            , 'Ö', 'o'), 'Ü', 'u'), '„', ' '), '“', ' '), '”', ' ')
            , '‚', ' '), '‘', ' '), '’', ' '), '–', ' '), '—', ' ')
            , '…', ' '), '·', ' '), '•', ' '), '€', ' '), '§', ' ')
            , '°', ' ')
        AS plain OFFSET 0) AS once
);

-- The words with umlauts, spelt out: ä as ae (DIN 5007-2).
CREATE FUNCTION search_spelt(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN search_words((
    SELECT coalesce(string_agg(
        replace(replace(replace(replace(replace(replace(part, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'Ä', 'ae'), 'Ö', 'oe'), 'Ü', 'ue'), ' '), '')
    FROM string_to_table(value, ' ') part WHERE translate(part, 'äöüÄÖÜ', '') <> part
));

CREATE FUNCTION search_stems(lang text, value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN lang = 'en' THEN to_tsvector('english', value) ELSE to_tsvector('german', value) END;

-- Every lexeme of a text: stems and whole words, umlauts in both spellings. OFFSET 0 keeps the planner from folding each text four times.
CREATE FUNCTION search_lexemes(lang text, value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT search_stems(lang, folded) || to_tsvector('simple', folded) || search_stems(lang, spelt) || to_tsvector('simple', spelt)
    FROM (SELECT search_words(value) AS folded, search_spelt(value) AS spelt OFFSET 0) AS once
);

CREATE FUNCTION search_vector(lang text, title text, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(search_lexemes(lang, title), 'A') || setweight(search_lexemes(lang, body), 'B');
