-- What a command about a teacher needs: of each person asked for a row for each
-- unit where he has a post, primary first, or one without unit. The last
-- column: which of those asked for.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       t.version, t.name, t.email, t.merged_into, t.incarnation, w.which
  FROM unnest($1::uuid[]) WITH ORDINALITY AS w(person_id, which)
  JOIN v_teacher t ON t.person_id = w.person_id
  LEFT JOIN v_post p ON p.person_id = t.person_id
  LEFT JOIN v_organization o ON o.code = p.organization
 ORDER BY w.which, p.kind, p.organization
