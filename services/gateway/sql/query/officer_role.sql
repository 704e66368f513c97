-- The ACTIVE business account of a person, at most one (B11): T15.
SELECT organization, role, version
  FROM v_business_account
 WHERE person_id = $1::uuid AND status = :ACCOUNT_ACTIVE
 LIMIT 1
