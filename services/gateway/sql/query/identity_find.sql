SELECT person_id, kind, state, sealed
  FROM identity
 WHERE number_mac = $1::bytea AND state <> :IDENTITY_FREED
