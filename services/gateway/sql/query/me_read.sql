-- The live accounts of the person who asks, with their units. $1 account,
-- $2 person.
SELECT :ACCOUNT_BUSINESS::smallint AS account_kind, b.account_id, b.version,
       b.status, b.login,
       b.name, b.phone, b.email, b.role, b.permissions, b.organization, o.name,
       o.kind, o.status, o.managing_centre, o.parent_code
  FROM v_business_account b
  JOIN v_organization o ON o.code = b.organization
 WHERE b.account_id = $1::uuid
    OR (b.person_id = $2::uuid
        AND b.status IN (:ACCOUNT_ACTIVE, :ACCOUNT_DISABLED))
 UNION ALL
SELECT :ACCOUNT_TEACHER::smallint, a.account_id, a.version, a.status, a.login,
       a.name,
       a.phone, a.email, 0::smallint, 0, coalesce(o.code, ''),
       coalesce(o.name, ''), coalesce(o.kind, 0::smallint),
       coalesce(o.status, 0::smallint), coalesce(o.managing_centre, ''),
       coalesce(o.parent_code, '')
  FROM v_teacher_account a
  LEFT JOIN v_post p ON p.person_id = a.person_id AND p.kind = :POST_PRIMARY
  LEFT JOIN v_organization o ON o.code = p.organization
 WHERE a.account_id = $1::uuid
    OR (a.person_id = $2::uuid
        AND a.status IN (:ACCOUNT_ACTIVE, :ACCOUNT_DISABLED))
 ORDER BY 1, 2
