-- The units that a person has left for good, for the answer to a second leave.
SELECT DISTINCT o.code, o.kind, o.managing_centre, o.parent_code, o.status
  FROM v_move m
  JOIN v_organization o ON o.code = m.from_organization
 WHERE m.person_id = $1::uuid
   AND m.done_at IS NOT NULL AND m.undone_at IS NULL
