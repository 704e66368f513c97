-- With the unit where the same person holds a live account (B25). The last
-- column: whether its receipt is still good, 30 days longer than it can wait.
SELECT a.account_kind, a.version, a.organization, a.person_id, a.name, a.phone,
       a.email, a.login, a.wanted_role, a.succeeds, a.status, a.closed_cause,
       a.identity_proven, a.applied_at, a.lapses_at,
       n.name, o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       h.organization, h.name,
       coalesce(a.lapses_at, a.applied_at + interval '30 days')
           + interval '30 days' > now()
  FROM v_application a
  JOIN v_organization n ON n.code = a.organization
\ir ../part/application_units.sql
  LEFT JOIN LATERAL (
       SELECT b.organization, g.name
         FROM v_business_account b
         LEFT JOIN v_organization g ON g.code = b.organization
        WHERE b.person_id = a.person_id
          AND b.status IN (:ACCOUNT_ACTIVE, :ACCOUNT_DISABLED)
          AND b.account_id <> a.account_id
          AND a.account_kind = :ACCOUNT_BUSINESS
        LIMIT 1) h ON true
 WHERE a.account_id = $1::uuid
 ORDER BY u.code = a.organization DESC, u.code
