-- For a ticket for a teacher account: the state of the account, whether it no
-- longer needs a password, the address on record. A row for each unit where the
-- teacher has a post.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       a.person_id, a.version, a.status, coalesce(t.email, ''),
       EXISTS (SELECT FROM credential c
                WHERE c.account_id = a.account_id AND c.hash IS NOT NULL)
  FROM v_teacher_account a
  LEFT JOIN v_teacher t ON t.person_id = a.person_id
  LEFT JOIN v_post p ON p.person_id = a.person_id
  LEFT JOIN v_organization o ON o.code = p.organization
 WHERE a.account_id = $1::uuid
 ORDER BY p.kind, o.code
