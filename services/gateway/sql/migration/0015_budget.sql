-- Limits are counted where they are taken. One row is one budget of one holder:
-- how much was taken since its window began, and when the window ends. A row
-- past its end counts as absent and is deleted by the clean-up job. Names hold
-- no personal data: mailboxes and people's names stand in them as keyed digests.
CREATE TABLE budget (
    name text PRIMARY KEY,          -- "LOOK_UP/officer/<account>"
    taken integer NOT NULL,
    ends_at timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX budget_ends ON budget (ends_at);

-- Takes one from each budget, or from none: a row each, up to the first that
-- has nothing left. Then `left_over` is false, `until` is when that one is full
-- again, and what the earlier ones gave is put back. Row locks make it exact: of
-- any number of requests at once, no more than the limit get one.
CREATE FUNCTION budget_take(names text[], limits integer[], windows bigint[],
                            at timestamptz)
    RETURNS TABLE (left_over boolean, counted integer, until timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. cardinality(names) LOOP
        until := at + windows[i] * interval '1 microsecond';
        INSERT INTO budget AS b (name, taken, ends_at)
        VALUES (names[i], 1, until)
        ON CONFLICT (name) DO UPDATE
           SET taken = CASE WHEN b.ends_at <= at THEN 1 ELSE b.taken + 1 END,
               ends_at = CASE WHEN b.ends_at <= at THEN excluded.ends_at
                              ELSE b.ends_at END
         WHERE b.ends_at <= at OR b.taken < limits[i]
        RETURNING b.taken, b.ends_at INTO counted, until;
        left_over := FOUND;
        IF NOT left_over THEN
            SELECT b.taken, b.ends_at INTO counted, until
              FROM budget b WHERE b.name = names[i];
            UPDATE budget b SET taken = b.taken - 1
             WHERE b.name = ANY (names[1 : i - 1]);
        END IF;
        RETURN NEXT;
        EXIT WHEN NOT left_over;
    END LOOP;
END
$$;

-- Numbers that somebody typed and nothing came of are deleted by age.
CREATE INDEX identity_proposed ON identity (proposed_at) WHERE state = 1;
