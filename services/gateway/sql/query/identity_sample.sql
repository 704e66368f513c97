-- Any row, to check that the keys of this installation are the ones we have.
SELECT person_id, sealed
  FROM identity
 ORDER BY number_mac
 LIMIT 1
