-- How many ACTIVE CHIEFs with account management a unit has (B22).
SELECT active_chiefs FROM v_organization WHERE code = $1::text
