-- For each person asked for a row for each unit where they have a post. For a
-- person without a post a row for each unit that has planned one, or one
-- without unit.
  FROM unnest($1::uuid[]) WITH ORDINALITY AS w(person_id, which)
  JOIN v_teacher t ON t.person_id = w.person_id
  LEFT JOIN v_post p ON p.person_id = t.person_id
  LEFT JOIN LATERAL (
       SELECT m.to_organization AS organization, m.post
         FROM v_move m
        WHERE p.person_id IS NULL AND m.person_id = t.person_id
          AND m.to_organization <> ''
          AND m.done_at IS NULL AND m.undone_at IS NULL) plan ON true
  LEFT JOIN v_organization o ON o.code = coalesce(p.organization, plan.organization)
