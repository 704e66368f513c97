-- Indexes for lists of an area and of the country. Each holds the columns that
-- filters and counts need, so that a list reads the rows of its page only. Search by
-- name walks a part of v_post_folded instead of trigrams: masks show how a name
-- begins.
DROP INDEX v_post_list, v_post_folded;
CREATE INDEX v_post_list ON v_post (organization, name, person_id)
    INCLUDE (folded, kind, title, account_status, since);
CREATE INDEX v_post_folded ON v_post (folded text_pattern_ops)
    INCLUDE (name, person_id, organization, kind, title, account_status);
CREATE INDEX v_post_title ON v_post (title, name, person_id, organization);

-- How somebody came to a unit, for the posts that ended there.
DROP INDEX v_move_person;
CREATE INDEX v_move_person ON v_move (person_id, to_organization, effective_on);

-- What the post was like that ended at a unit on a day, as its teacher's record
-- names it: the last one only.
CREATE FUNCTION post_ended(record text, unit text, day date)
    RETURNS TABLE (title text, stage text, note text, subjects text[], since date)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT p.title, p.stage, p."unitNote",
               ARRAY(SELECT jsonb_array_elements_text(p.subjects)), p.since
          FROM jsonb_to_recordset((('{' || record || '}')::jsonb) -> 'posts')
            AS p(organization text, title text, stage text, "unitNote" text,
                 subjects jsonb, since date, until date)
         WHERE p.organization = unit AND p.until = day
         LIMIT 1;
    END;

-- As it was, but a query pays only for the columns it reads.
DROP VIEW v_post_past;
CREATE VIEW v_post_past AS
SELECT m.person_id, m.from_organization AS organization, m.post AS kind,
       coalesce((SELECT e.title FROM post_ended(t.record, m.from_organization,
                                                m.effective_on) e), '') AS title,
       coalesce((SELECT e.stage FROM post_ended(t.record, m.from_organization,
                                                m.effective_on) e), '') AS stage,
       coalesce((SELECT e.subjects
                   FROM post_ended(t.record, m.from_organization,
                                   m.effective_on) e), '{}') AS subjects,
       coalesce((SELECT max(v.effective_on)
                   FROM v_move v
                  WHERE v.person_id = m.person_id
                    AND v.to_organization = m.from_organization
                    AND v.post = m.post AND v.effective_on <= m.effective_on
                    AND v.done_at IS NOT NULL AND v.undone_at IS NULL),
                (SELECT e.since FROM post_ended(t.record, m.from_organization,
                                                m.effective_on) e)) AS since,
       m.effective_on AS until, t.name, t.folded, t.version,
       (SELECT post_item(m.person_id, t.name, false, m.from_organization, m.post,
                         e.title, e.stage, e.note, coalesce(e.subjects, '{}'))
          FROM (SELECT) one
          LEFT JOIN post_ended(t.record, m.from_organization, m.effective_on) e
            ON true) AS item,
       (SELECT post_item(m.person_id, t.masked_name, true, m.from_organization,
                         m.post, e.title, e.stage, e.note,
                         coalesce(e.subjects, '{}'))
          FROM (SELECT) one
          LEFT JOIN post_ended(t.record, m.from_organization, m.effective_on) e
            ON true) AS masked_item,
       coalesce((SELECT v.status FROM v_teacher_account v
                  WHERE v.person_id = m.person_id AND v.status IN (3, 4)
                  ORDER BY v.account_id DESC LIMIT 1), 1::smallint)
           AS account_status,
       (SELECT v.account_id FROM v_teacher_account v
         WHERE v.person_id = m.person_id AND v.status IN (3, 4)
         ORDER BY v.account_id DESC LIMIT 1) AS account_id
  FROM v_move m
  JOIN v_teacher t ON t.person_id = m.person_id AND t.record <> ''
 WHERE m.from_organization <> '' AND m.done_at IS NOT NULL
   AND m.undone_at IS NULL;
