-- Letters and digits apart from everything that the text parser reads a meaning into (addresses, numbers with points, hyphens), so that documents
-- and queries fall into the same words. RETURN bodies are bound when they are made: a restore with an empty search_path still works.
CREATE FUNCTION search_words(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN translate(din5007(value), '.,;:/@_-&%+#?=~''"<>()[]{}|*\^`$!„“”‚‘’«»‹›–—…·•§€°', repeat(' ', 60));

-- The words with umlauts, spelt out: ä as ae (DIN 5007-2).
CREATE FUNCTION search_spelt(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN search_words((
    SELECT coalesce(string_agg(
        replace(replace(replace(replace(replace(replace(part, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'Ä', 'ae'), 'Ö', 'oe'), 'Ü', 'ue'), ' '), '')
    FROM regexp_split_to_table(value, '[\s/.,-]+') part WHERE part ~ '[äöüÄÖÜ]'
));

CREATE FUNCTION search_stems(lang text, value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN lang = 'en' THEN to_tsvector('english', value) ELSE to_tsvector('german', value) END;

-- Every lexeme of a text: stems and whole words, umlauts in both spellings.
CREATE FUNCTION search_lexemes(lang text, value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN search_stems(lang, search_words(value)) || to_tsvector('simple', search_words(value))
    || search_stems(lang, search_spelt(value)) || to_tsvector('simple', search_spelt(value));

CREATE FUNCTION search_vector(lang text, title text, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(search_lexemes(lang, title), 'A') || setweight(search_lexemes(lang, body), 'B');
