-- Posts and moves come as JSON beside their teacher: those in the state are
-- written, open posts and planned moves that stand in it no more are taken
-- away. The two sets have no row in common, so their order does not matter.
-- What is as it was is not written: a changed e-mail rewrites no move.
WITH given AS MATERIALIZED (
    SELECT unnest($1::uuid[]) AS person_id, unnest($2::bigint[]) AS version,
             unnest($3::text[]) AS name, unnest($4::text[]) AS folded,
             unnest($5::text[]) AS masked_name, unnest($6::text[]) AS email,
             unnest($7::smallint[]) AS sex,
             unnest($8::smallint[]) AS number_kind,
             unnest($9::uuid[]) AS merged_into,
             unnest($10::text[]) AS document, unnest($11::text[]) AS masked,
             unnest($12::text[]) AS posts, unnest($13::text[]) AS moves
), post AS MATERIALIZED (
    SELECT g.person_id, p.organization, p.kind, p.title, p.stage, p.note,
           ARRAY(SELECT jsonb_array_elements_text(p.subjects)) AS subjects,
           p.since, p.source, g.name, g.folded
      FROM given g
     CROSS JOIN LATERAL jsonb_to_recordset(g.posts::jsonb)
           AS p(organization text, kind smallint, title text, stage text,
                note text, subjects jsonb, since date, source smallint)
), move AS MATERIALIZED (
    SELECT m.id, g.person_id, m.out, m.into, m.cause, m.post, m.reason, m.on,
           m.ordered, m.done, m.undone
      FROM given g
     CROSS JOIN LATERAL jsonb_to_recordset(g.moves::jsonb)
           AS m(id uuid, out text, "into" text, cause smallint, post smallint,
                reason smallint, "on" date, ordered timestamptz,
                done timestamptz, undone timestamptz)
), post_gone AS (
    DELETE FROM v_post v
     WHERE v.person_id = ANY ($1::uuid[])
       AND NOT EXISTS (SELECT FROM post p
                        WHERE p.person_id = v.person_id
                          AND p.organization = v.organization)
), post_put AS (
    INSERT INTO v_post (person_id, organization, kind, title, stage, unit_note,
                        subjects, since, source, name, folded)
    SELECT * FROM post
        ON CONFLICT (person_id, organization) DO UPDATE
       SET kind = excluded.kind, title = excluded.title,
           stage = excluded.stage, unit_note = excluded.unit_note,
           subjects = excluded.subjects, since = excluded.since,
           source = excluded.source, name = excluded.name,
           folded = excluded.folded
     WHERE (v_post.kind, v_post.title, v_post.stage, v_post.unit_note,
            v_post.subjects, v_post.since, v_post.source, v_post.name,
            v_post.folded)
           IS DISTINCT FROM
           (excluded.kind, excluded.title, excluded.stage, excluded.unit_note,
            excluded.subjects, excluded.since, excluded.source, excluded.name,
            excluded.folded)
), move_gone AS (
    DELETE FROM v_move v
     WHERE v.person_id = ANY ($1::uuid[])
       AND v.done_at IS NULL AND v.undone_at IS NULL
       AND NOT EXISTS (SELECT FROM move m WHERE m.id = v.move_id)
), move_put AS (
    INSERT INTO v_move (move_id, person_id, from_organization,
                        to_organization, cause, post, reason, effective_on,
                        ordered_at, done_at, undone_at)
    SELECT * FROM move
        ON CONFLICT (move_id) DO UPDATE
       SET done_at = excluded.done_at, undone_at = excluded.undone_at,
           effective_on = excluded.effective_on
     WHERE (v_move.done_at, v_move.undone_at, v_move.effective_on)
           IS DISTINCT FROM
           (excluded.done_at, excluded.undone_at, excluded.effective_on)
)
INSERT INTO v_teacher (person_id, version, name, folded, masked_name, email,
                       sex, number_kind, merged_into, document, masked)
SELECT person_id, version, name, folded, masked_name, email, sex, number_kind,
       merged_into, document, masked
  FROM given
    ON CONFLICT (person_id) DO UPDATE
   SET version = excluded.version, name = excluded.name,
       folded = excluded.folded, masked_name = excluded.masked_name,
       email = excluded.email, sex = excluded.sex,
       number_kind = excluded.number_kind, merged_into = excluded.merged_into,
       document = excluded.document, masked = excluded.masked
