UPDATE identity i SET state = 2, current_at = now()
  FROM unnest($1::uuid[], $2::smallint[]) AS x(person_id, state)
 WHERE i.person_id = x.person_id AND i.state = 1 AND x.state = 2
   AND i.number_mac = (SELECT p.number_mac FROM identity p
                        WHERE p.person_id = x.person_id AND p.state = 1
                        ORDER BY p.proposed_at DESC LIMIT 1)
   AND NOT EXISTS (SELECT FROM identity c
                    WHERE c.person_id = x.person_id AND c.state = 2)
