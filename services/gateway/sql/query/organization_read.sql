-- With the unit that enables its first account (B8, B10): the managing centre
-- of a school, otherwise the platform. With that unit's office phone, but no
-- person.
SELECT
\ir ../part/organization.sql
       , a.code, a.name, a.phone
  FROM v_organization o
  LEFT JOIN v_organization a
    ON a.code = CASE WHEN o.kind BETWEEN 1 AND 5 THEN o.managing_centre
                     ELSE (SELECT p.code FROM v_organization p
                            WHERE p.kind = :KIND_PLATFORM
                            ORDER BY p.code LIMIT 1) END
 WHERE o.code = $1::text
