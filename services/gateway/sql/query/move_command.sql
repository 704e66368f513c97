-- For a command about a move: a row for each of its units, with the ACTIVE
-- business account of the person (T15). $1 person, $2 move.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       m.to_organization, b.organization, b.role, b.version
  FROM v_move m
  JOIN v_organization o ON o.code IN (m.from_organization, m.to_organization)
  LEFT JOIN v_business_account b
    ON b.person_id = m.person_id AND b.status = :ACCOUNT_ACTIVE
 WHERE m.move_id = $2::uuid AND m.person_id = $1::uuid
 ORDER BY o.code
