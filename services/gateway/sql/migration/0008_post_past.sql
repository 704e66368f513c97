-- Posts that ended (T2, T11), by the moves that began and ended them: of a
-- record's own closed posts its state names the last one only. What a post was
-- like is known of that one; of older ones only where and when. A day without
-- the move that began it is not known to have been one.
CREATE VIEW v_post_past AS
SELECT m.person_id, m.from_organization AS organization, m.post AS kind,
       coalesce(last.title, '') AS title, coalesce(last.stage, '') AS stage,
       coalesce(last.note, '') AS unit_note,
       ARRAY(SELECT jsonb_array_elements_text(last.subjects)) AS subjects,
       coalesce(entry.since, last.since) AS since, m.effective_on AS until,
       t.name, t.folded
  FROM v_move m
  JOIN v_teacher t ON t.person_id = m.person_id AND t.document <> ''
 CROSS JOIN LATERAL (
       SELECT max(v.effective_on) AS since
         FROM v_move v
        WHERE v.person_id = m.person_id
          AND v.to_organization = m.from_organization
          AND v.post = m.post AND v.effective_on <= m.effective_on
          AND v.done_at IS NOT NULL AND v.undone_at IS NULL) entry
  LEFT JOIN LATERAL (
       SELECT p.title, p.stage, p."unitNote" AS note, p.subjects, p.since
         FROM jsonb_to_recordset(((t.document || '}')::jsonb) -> 'posts')
           AS p(organization text, title text, stage text, "unitNote" text,
                subjects jsonb, since date, until date)
        WHERE p.organization = m.from_organization
          AND p.until = m.effective_on) last ON true
 WHERE m.from_organization <> '' AND m.done_at IS NOT NULL
   AND m.undone_at IS NULL;
