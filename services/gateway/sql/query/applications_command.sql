-- For rejecting many applications: a row for each id of $2, in that order, with
-- the unit $1. The last four columns are NULL if the unit has no such
-- application for a business account. No row: there is no such unit.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       a.account_id, a.person_id, a.login, a.wanted_role
  FROM v_organization o
 CROSS JOIN unnest($2::uuid[]) WITH ORDINALITY AS asked (account_id, place)
  LEFT JOIN v_business_account a
    ON a.account_id = asked.account_id AND a.organization = o.code
   AND a.applied_at IS NOT NULL
 WHERE o.code = $1::text
 ORDER BY asked.place
