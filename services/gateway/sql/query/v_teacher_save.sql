-- By hand: it writes three tables. Posts and moves come as JSON with their
-- teacher; NULL: unchanged, but for the version. A post holds its row of the list
-- and the person's login. Rows in the state are upserted. Open posts and
-- planned moves that are no longer in the state are deleted. The two sets have
-- no row in common, so their order does not matter. Unchanged moves are not
-- written. Settled moves stay although later states do not name them.
-- Exception: moves from before a restored backup that were settled after the
-- version of its state.
WITH given AS MATERIALIZED (
    SELECT unnest($1::uuid[]) AS person_id, unnest($2::bigint[]) AS version,
        unnest($3::bigint[]) AS incarnation, unnest($4::text[]) AS name,
        unnest($5::text[]) AS folded, unnest($6::text[]) AS masked_name,
        unnest($7::text[]) AS email, unnest($8::smallint[]) AS sex,
        unnest($9::smallint[]) AS number_kind,
        unnest($10::uuid[]) AS merged_into, unnest($11::text[]) AS head,
        unnest($12::text[]) AS masked_head, unnest($13::text[]) AS record,
        unnest($14::text[]) AS posts, unnest($15::text[]) AS moves,
        unnest($16::text[]) AS confirmed_semester
), post AS MATERIALIZED (
    SELECT g.person_id, p.organization, p.kind, p.title, p.stage, p.note,
           s.subjects, p.since, p.source, g.name, g.folded, g.version,
           post_item(g.person_id, g.name, false, p.organization, p.kind,
                     p.title, p.stage, p.note, s.subjects) AS item,
           post_item(g.person_id, g.masked_name, true, p.organization, p.kind,
                     p.title, p.stage, p.note, s.subjects) AS masked_item,
           coalesce(a.status, :ACCOUNT_NOT_APPLIED::smallint) AS account_status,
           a.account_id
      FROM given g
     CROSS JOIN LATERAL jsonb_to_recordset(g.posts::jsonb)
           AS p(organization text, kind smallint, title text, stage text,
                note text, subjects jsonb, since date, source smallint)
     CROSS JOIN LATERAL (
           SELECT ARRAY(SELECT jsonb_array_elements_text(p.subjects))
           OFFSET 0) AS s(subjects)
      LEFT JOIN LATERAL (
           SELECT v.account_id, v.status FROM v_teacher_account v
            WHERE v.person_id = g.person_id
              AND v.status IN (:ACCOUNT_ACTIVE, :ACCOUNT_DISABLED)
            ORDER BY v.account_id DESC LIMIT 1) a ON true
), move AS MATERIALIZED (
    SELECT DISTINCT ON (m.id)
           m.id, g.person_id, m.out, m.into, m.cause, m.post, m.reason, m.on,
           m.ordered, m.done, m.undone
      FROM given g
     CROSS JOIN LATERAL ROWS FROM (jsonb_to_recordset(g.moves::jsonb)
           AS (id uuid, out text, "into" text, cause smallint, post smallint,
               reason smallint, "on" date, ordered timestamptz,
               done timestamptz, undone timestamptz))
           WITH ORDINALITY
           AS m(id, out, "into", cause, post, reason, "on", ordered, done,
                undone, place)
     ORDER BY m.id, m.place DESC
), post_gone AS (
    DELETE FROM v_post v
     WHERE v.person_id = ANY (ARRAY(SELECT person_id FROM given
                                     WHERE posts IS NOT NULL))
       AND NOT EXISTS (SELECT FROM post p
                        WHERE p.person_id = v.person_id
                          AND p.organization = v.organization)
), post_put AS (
    INSERT INTO v_post (person_id, organization, kind, title, stage, unit_note,
                        subjects, since, source, name, folded, version, item,
                        masked_item, account_status, account_id)
    SELECT * FROM post
        ON CONFLICT (person_id, organization) DO UPDATE
       SET kind = excluded.kind, title = excluded.title,
           stage = excluded.stage, unit_note = excluded.unit_note,
           subjects = excluded.subjects, since = excluded.since,
           source = excluded.source, name = excluded.name,
           folded = excluded.folded, version = excluded.version,
           item = excluded.item, masked_item = excluded.masked_item,
           account_status = excluded.account_status,
           account_id = excluded.account_id
), post_kept AS (
    UPDATE v_post v SET version = g.version
      FROM given g
     WHERE g.posts IS NULL AND v.person_id = g.person_id
), move_gone AS (
    DELETE FROM v_move v
     WHERE v.person_id = ANY (ARRAY(SELECT person_id FROM given
                                     WHERE moves IS NOT NULL))
       AND NOT EXISTS (SELECT FROM move m WHERE m.id = v.move_id)
       AND (v.done_at IS NULL AND v.undone_at IS NULL
            OR EXISTS (SELECT FROM v_teacher t
                         JOIN given g USING (person_id)
                        WHERE t.person_id = v.person_id
                          AND t.incarnation BETWEEN 1 AND g.incarnation - 1
                          AND greatest(v.done_at, v.undone_at) > (
                              SELECT coalesce(max(greatest(m.done, m.undone)),
                                              '-infinity')
                                FROM move m
                               WHERE m.person_id = v.person_id)))
), move_put AS (
    INSERT INTO v_move (move_id, person_id, from_organization,
                        to_organization, cause, post, reason, effective_on,
                        ordered_at, done_at, undone_at)
    SELECT * FROM move
        ON CONFLICT (move_id) DO UPDATE
       SET from_organization = excluded.from_organization,
           to_organization = excluded.to_organization,
           cause = excluded.cause, post = excluded.post,
           reason = excluded.reason, effective_on = excluded.effective_on,
           done_at = excluded.done_at, undone_at = excluded.undone_at
     WHERE (v_move.from_organization, v_move.to_organization, v_move.cause,
            v_move.post, v_move.reason, v_move.effective_on, v_move.done_at,
            v_move.undone_at)
           IS DISTINCT FROM
           (excluded.from_organization, excluded.to_organization,
            excluded.cause, excluded.post, excluded.reason,
            excluded.effective_on, excluded.done_at, excluded.undone_at)
)
INSERT INTO v_teacher (person_id, version, incarnation, name, folded,
                       masked_name, email, sex, number_kind, merged_into,
                       head, masked_head, record, confirmed_semester)
SELECT person_id, version, incarnation, name, folded, masked_name, email, sex,
       number_kind, merged_into, head, masked_head, record,
       confirmed_semester
  FROM given
    ON CONFLICT (person_id) DO UPDATE
   SET version = excluded.version, incarnation = excluded.incarnation,
       name = excluded.name, folded = excluded.folded, masked_name = excluded.masked_name,
       email = excluded.email, sex = excluded.sex,
       number_kind = excluded.number_kind, merged_into = excluded.merged_into,
       head = excluded.head, masked_head = excluded.masked_head,
       record = excluded.record,
       confirmed_semester = excluded.confirmed_semester
