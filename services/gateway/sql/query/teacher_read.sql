-- A row for each unit where he has a post, primary first, or one without.
SELECT t.version, t.document, t.masked, t.merged_into,
       o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       a.account_id, a.status
  FROM v_teacher t
  LEFT JOIN v_post p ON p.person_id = t.person_id
  LEFT JOIN v_organization o ON o.code = p.organization
  LEFT JOIN v_teacher_account a
    ON a.person_id = t.person_id AND a.status IN (3, 4)
 WHERE t.person_id = $1::uuid
 ORDER BY p.kind, p.organization
