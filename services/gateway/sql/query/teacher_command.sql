-- What a command about a teacher needs: a row for each unit where he has a
-- post, primary first, or one without unit.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       t.version, t.name, t.email, t.merged_into
  FROM v_teacher t
  LEFT JOIN v_post p ON p.person_id = t.person_id
  LEFT JOIN v_organization o ON o.code = p.organization
 WHERE t.person_id = $1::uuid
 ORDER BY p.kind, p.organization
