-- What rejecting many applications needs: the unit $1, and its applications for
-- business accounts among the ids $2. A unit without one of them has one row.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       a.account_id, a.person_id, a.login, a.wanted_role
  FROM v_organization o
  LEFT JOIN v_business_account a
    ON a.organization = o.code AND a.account_id = ANY ($2::uuid[])
   AND a.applied_at IS NOT NULL
 WHERE o.code = $1::text
 ORDER BY a.account_id
