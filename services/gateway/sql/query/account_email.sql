-- The proven address of a business account. A teacher account has none: teachers
-- change the address on their record without a proof.
SELECT email FROM v_business_account WHERE account_id = $1::uuid
