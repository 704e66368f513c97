-- By hand: it reads and locks only some states. The best number of a person
-- comes first, because the batch takes a key once.
SELECT person_id, state
  FROM identity
 WHERE person_id = ANY ($1::uuid[])
   AND state IN (:IDENTITY_PROPOSED, :IDENTITY_CURRENT)
 ORDER BY person_id, state DESC
   FOR UPDATE
