INSERT INTO identity (number_mac, person_id, generation, sealed, kind, state,
                      proposed_at)
VALUES ($1::bytea, $2::uuid, $3::integer, $4::bytea, $5::smallint, 1,
        $6::timestamptz)
ON CONFLICT (number_mac) DO NOTHING
