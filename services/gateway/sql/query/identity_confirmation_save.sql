-- By hand: it confirms a proposed number; other rows stay.
UPDATE identity i SET state = :IDENTITY_CURRENT, current_at = now()
  FROM (
      SELECT
          unnest($1::uuid[]) AS person_id, unnest($2::smallint[]) AS state
  ) AS x
 WHERE i.person_id = x.person_id AND i.state = :IDENTITY_PROPOSED
   AND x.state = :IDENTITY_CURRENT
   AND i.number_mac = (SELECT p.number_mac FROM identity p
                        WHERE p.person_id = x.person_id
                          AND p.state = :IDENTITY_PROPOSED
                        ORDER BY p.proposed_at DESC LIMIT 1)
   AND NOT EXISTS (SELECT FROM identity c
                    WHERE c.person_id = x.person_id
                      AND c.state = :IDENTITY_CURRENT)
