-- Persons with their units, the primary post first. The last column: the number
-- of the id asked for.
SELECT t.version, t.head, t.masked_head, t.record, t.merged_into,
       o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       a.account_id, a.status, w.which
\ir ../part/teacher_units.sql
  LEFT JOIN v_teacher_account a
    ON a.person_id = t.person_id AND a.status IN (:ACCOUNT_ACTIVE, :ACCOUNT_DISABLED)
 ORDER BY w.which, p.kind, plan.post, o.code
