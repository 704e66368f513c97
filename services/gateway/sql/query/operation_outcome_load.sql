-- By hand: nothing is read, because an outcome is written by itself and once.
SELECT operation_id, state, code, version, outcome_seq, outcome, decided_at,
       outcome_incarnation
  FROM operation
 WHERE operation_id = ANY ($1::uuid[]) AND false
