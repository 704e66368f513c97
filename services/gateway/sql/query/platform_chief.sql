SELECT b.account_id::text, b.organization
  FROM v_business_account b
  JOIN v_organization o ON o.code = b.organization
 WHERE b.login = $1::text AND b.status = :ACCOUNT_ACTIVE
   AND b.role = :ROLE_CHIEF AND o.kind = :KIND_PLATFORM
