-- The record that an application for a teacher account is compared with: a row
-- for each post, primary first, and whether the teacher already has an account.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       t.version, t.name, t.email, t.merged_into, t.incarnation,
       EXISTS (SELECT FROM v_teacher_account a
                WHERE a.person_id = t.person_id
                  AND a.status IN (:ACCOUNT_ACTIVE, :ACCOUNT_DISABLED))
  FROM v_teacher t
  LEFT JOIN v_post p ON p.person_id = t.person_id
  LEFT JOIN v_organization o ON o.code = p.organization
 WHERE t.person_id = $1::uuid
 ORDER BY p.kind, p.organization
