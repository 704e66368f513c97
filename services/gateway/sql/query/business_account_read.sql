SELECT b.version, b.organization, b.person_id, b.role, b.permissions, b.status,
       b.cause, b.login, b.name, b.phone, b.email, b.wanted_role, b.succeeds,
       b.applied_at, b.enabled_at, b.disabled_at, b.deletion_requested_at,
       b.deleted_at, b.settled, b.open_courses,
       o.name, o.code, o.kind, o.managing_centre, o.parent_code, o.status
  FROM v_business_account b
  JOIN v_organization o ON o.code = b.organization
 WHERE b.account_id = $1::uuid
