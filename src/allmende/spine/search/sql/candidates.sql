-- The newest documents for a query, two ways. A word that many documents have is found soonest by going back in time; a rarer one by its own index.
-- The planner cannot tell them apart (it does not look into the query), so each way is closed to it in turn.
CREATE FUNCTION search_newest_by_time(asked tsquery, kinds text[], most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    SELECT d.id FROM search_document d WHERE d.tsv @@ asked AND d.kind = ANY (kinds) ORDER BY d.changed DESC, d.id DESC LIMIT most
$$;

CREATE FUNCTION search_newest_by_word(asked tsquery, kinds text[], most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off AS $$
    SELECT d.id FROM search_document d WHERE d.tsv @@ asked AND d.kind = ANY (kinds) ORDER BY d.changed DESC, d.id DESC LIMIT most
$$;

-- The newest documents with the words in their title.
CREATE FUNCTION search_titled(asked tsquery, kinds text[], most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off AS $$
    SELECT d.id FROM search_document d WHERE d.title_tsv @@ asked AND d.kind = ANY (kinds) ORDER BY d.changed DESC, d.id DESC LIMIT most
$$;

-- At most about `cap` documents worth ranking. A query that more than `cap` documents match yields those with the words in their title and the
-- newest; a rarer one is filled up with documents that match only loosely (`exact` false). The index is always used: where the planner overrates
-- a match, it would read every document's tsvector instead.
CREATE FUNCTION search_candidates(asked tsquery, loose tsquery, kinds text[], cap integer)
RETURNS TABLE (id bigint, exact boolean, many boolean) LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    ids bigint[];
    further bigint[] := '{}';
    pages bigint;
    share double precision;
BEGIN
    -- The scan goes through the table from its beginning; how far it got for `cap` matches tells how common they are.
    SELECT array_agg(m.id), max(m.page) INTO ids, pages FROM (
        SELECT d.id, (d.ctid::text::point)[0]::bigint + 1 AS page FROM search_document d
        WHERE d.tsv @@ asked AND d.kind = ANY (kinds) LIMIT cap + 1
    ) m;
    ids := coalesce(ids, '{}');
    IF cardinality(ids) > cap THEN
        SELECT cap / greatest(cap, c.reltuples * pages / greatest(c.relpages, pages)) INTO share
        FROM pg_class c WHERE c.oid = 'search_document'::regclass;
        RETURN QUERY SELECT u.id, true, true FROM (
            SELECT * FROM search_titled(asked, kinds, cap / 2)
            UNION
            SELECT * FROM search_newest_by_time(asked, kinds, cap / 2) WHERE share > 0.1
            UNION
            SELECT * FROM search_newest_by_word(asked, kinds, cap / 2) WHERE share <= 0.1
        ) u(id);
    ELSE
        IF asked <> loose THEN
            further := ARRAY(
                SELECT d.id FROM search_document d
                WHERE d.tsv @@ loose AND d.kind = ANY (kinds) AND d.id <> ALL (ids)
                LIMIT cap - cardinality(ids) + 1);
        END IF;
        RETURN QUERY
            SELECT u, true, cardinality(ids) + cardinality(further) > cap FROM unnest(ids) u
            UNION ALL
            SELECT u, false, cardinality(ids) + cardinality(further) > cap FROM unnest(further) u;
    END IF;
END $$;

-- Known words that resemble an unknown one, for the finer comparison outside.
CREATE FUNCTION search_similar(asked text, most integer)
RETURNS TABLE (word text, shown text, df integer) LANGUAGE sql STABLE SET enable_seqscan = off SET pg_trgm.similarity_threshold = 0.33 AS $$
    SELECT w.word::text, w.shown::text, w.df FROM search_word w WHERE w.word % asked
    ORDER BY similarity(w.word, asked) DESC, w.df DESC, w.word LIMIT most
$$;

-- For each word asked: whether any document has it, and which known words it is part of.
CREATE FUNCTION search_known(folded text[], queries text[], stems text[], most integer)
RETURNS TABLE (known boolean, compounds text[]) LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT EXISTS (SELECT 1 FROM search_word w WHERE w.word = u.f OR w.spelt = u.f)
            OR EXISTS (SELECT 1 FROM search_document d WHERE d.tsv @@ u.q::tsquery),
        ARRAY(
            SELECT w.word::text FROM search_word w WHERE length(u.stem) >= 4 AND w.word LIKE '%' || u.stem || '%'
            ORDER BY w.df DESC, w.word LIMIT most
        )
    FROM unnest(folded, queries, stems) WITH ORDINALITY u(f, q, stem, n) ORDER BY n
$$;
