-- B7: the people of a unit who can be asked: ACTIVE CHIEF and CONTACT, never
-- OPERATOR. $1 units, $2 part of the unit's folded name, $3 part of the
-- person's; NULL: no filter. $4-$6: the row before; $7 rows.
SELECT b.account_id, b.organization, o.name, b.role, b.name, b.phone, b.email
  FROM v_business_account b
  JOIN v_organization o ON o.code = b.organization
 WHERE b.status = :ACCOUNT_ACTIVE AND b.role IN (:ROLE_CHIEF, :ROLE_CONTACT)
   AND ($1::text[] IS NULL OR b.organization = ANY ($1::text[]))
   AND ($2::text IS NULL OR o.folded LIKE $2::text)
   AND ($3::text IS NULL OR b.folded LIKE $3::text)
   AND (b.organization, b.name, b.account_id)
       > ($4::text, $5::text COLLATE extensions.zh_stroke, $6::uuid)
 ORDER BY b.organization, b.name, b.account_id
 LIMIT $7::integer
