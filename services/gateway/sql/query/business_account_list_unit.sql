-- business_account_list.sql for one unit, without filters. It walks
-- v_business_account_list and is planned once, which costs more than the list. $1
-- own unit, $2 its kind; $3 the unit; $4, $5 the row before; $6 count?; $7 rows.
SELECT b.account_id, b.version, b.organization, o.name,
       unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                  $1::text, $2::smallint) AS reach,
       b.role, b.permissions, b.status, b.cause, b.name, b.phone, b.email,
       b.login, b.enabled_at, b.disabled_at, b.deletion_requested_at,
       CASE WHEN $6::boolean THEN
            (SELECT count(*) FROM v_business_account c
              WHERE c.organization = $3::text
                AND c.status IN (:ACCOUNT_PENDING, :ACCOUNT_ACTIVE,
                                 :ACCOUNT_DISABLED)) END
  FROM v_organization o
  JOIN v_business_account b ON b.organization = o.code
 WHERE o.code = $3::text
   AND unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                  $1::text, $2::smallint) > 0
   AND b.status IN (:ACCOUNT_PENDING, :ACCOUNT_ACTIVE, :ACCOUNT_DISABLED)
   AND (b.name, b.account_id)
       > ($4::text COLLATE extensions.zh_stroke, $5::uuid)
 ORDER BY b.name, b.account_id
 LIMIT $7::integer
