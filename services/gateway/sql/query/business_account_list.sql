-- $1 own unit, $2 its kind; $3 units, $4 part of the folded name, $5 statuses,
-- $6 roles; NULL: no filter. $7, $8: the row before; $9 count?; $10 rows.
WITH matched AS NOT MATERIALIZED (
    SELECT b.account_id, b.version, b.organization,
           o.name AS organization_name,
           unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                      $1::text, $2::smallint) AS reach,
           b.role, b.permissions, b.status, b.cause, b.name, b.phone, b.email,
           b.login, b.enabled_at, b.disabled_at, b.deletion_requested_at
      FROM v_business_account b
      JOIN v_organization o ON o.code = b.organization
     WHERE unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                      $1::text, $2::smallint) > 0
       AND ($3::text[] IS NULL OR b.organization = ANY ($3::text[]))
       AND ($4::text IS NULL OR b.folded LIKE $4::text)
       AND ($5::smallint[] IS NULL OR b.status = ANY ($5::smallint[]))
       AND ($6::smallint[] IS NULL OR b.role = ANY ($6::smallint[]))
       AND b.status IN (:ACCOUNT_PENDING, :ACCOUNT_ACTIVE, :ACCOUNT_DISABLED)
)
SELECT m.*, CASE WHEN $9::boolean THEN (SELECT count(*) FROM matched) END
  FROM matched m
 WHERE (m.name, m.account_id)
       > ($7::text COLLATE extensions.zh_stroke, $8::uuid)
 ORDER BY m.name, m.account_id
 LIMIT $10::integer
