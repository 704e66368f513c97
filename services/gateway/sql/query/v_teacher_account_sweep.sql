-- By hand: the posts of its person forget a swept login.
WITH gone AS (
    DELETE FROM v_teacher_account WHERE incarnation = -1
    RETURNING account_id, person_id
)
UPDATE v_post p
   SET account_id = NULL, account_status = :ACCOUNT_NOT_APPLIED
  FROM gone g
 WHERE p.person_id = g.person_id AND p.account_id = g.account_id
