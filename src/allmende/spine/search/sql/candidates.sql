-- At most about two times `cap` documents worth ranking. A query that more than `cap` documents match yields those with the words in their title
-- and the newest; a rarer one is filled up with documents that match only loosely. The index is always used: where the planner overrates a match,
-- it would read every document's tsvector instead.
CREATE FUNCTION search_candidates(exact tsquery, loose tsquery, kinds text[], cap integer)
RETURNS TABLE (id bigint, many boolean) LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    ids bigint[];
BEGIN
    ids := ARRAY(SELECT d.id FROM search_document d WHERE d.tsv @@ exact AND d.kind = ANY (kinds) LIMIT cap + 1);
    IF cardinality(ids) > cap THEN
        RETURN QUERY
            (SELECT d.id, true FROM search_document d WHERE d.title_tsv @@ exact AND d.kind = ANY (kinds) ORDER BY d.changed DESC, d.id LIMIT cap / 2)
            UNION
            (SELECT d.id, true FROM search_document d WHERE d.tsv @@ exact AND d.kind = ANY (kinds) ORDER BY d.changed DESC, d.id LIMIT cap / 2);
    ELSE
        IF exact <> loose THEN
            ids := ids || ARRAY(
                SELECT d.id FROM search_document d WHERE d.tsv @@ loose AND d.kind = ANY (kinds) LIMIT cap - cardinality(ids) + 1);
        END IF;
        RETURN QUERY SELECT DISTINCT u, cardinality(ids) > cap FROM unnest(ids) u;
    END IF;
END $$;

-- Known words that resemble an unknown one, for the finer comparison outside.
CREATE FUNCTION search_similar(asked text, most integer)
RETURNS TABLE (word text, shown text, df integer) LANGUAGE sql STABLE SET enable_seqscan = off SET pg_trgm.similarity_threshold = 0.28 AS $$
    SELECT w.word::text, w.shown::text, w.df FROM search_word w WHERE w.word % asked
    ORDER BY similarity(w.word, asked) DESC, w.df DESC, w.word LIMIT most
$$;
