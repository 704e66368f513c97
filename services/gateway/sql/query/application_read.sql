-- With the unit where the same person holds a live account (B25).
SELECT a.account_kind, a.version, a.organization, a.person_id, a.name, a.phone,
       a.email, a.login, a.wanted_role, a.succeeds, a.status, a.closed_cause,
       a.identity_proven, a.applied_at, a.lapses_at,
       o.name, o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       h.organization, u.name
  FROM v_application a
  JOIN v_organization o ON o.code = a.organization
  LEFT JOIN v_business_account h
    ON h.person_id = a.person_id AND h.status IN (3, 4)
   AND h.account_id <> a.account_id AND a.account_kind = 1
  LEFT JOIN v_organization u ON u.code = h.organization
 WHERE a.account_id = $1::uuid
 LIMIT 1
