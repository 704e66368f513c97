-- A leave that was planned by somebody who may not let a CHIEF go, of a teacher
-- who is the school's CHIEF on its day: it waits for the managing centre (T15).
-- The owner asks again each day, so what stands here is due and not done.
CREATE INDEX v_move_leave_planned ON v_move (from_organization, effective_on)
    WHERE done_at IS NULL AND undone_at IS NULL AND to_organization = '';

-- Columns and `by` as in v_task.
CREATE VIEW v_task_leave AS
SELECT 'CHIEF_LEAVE_DUE' AS kind, 2::smallint AS by,
       m.from_organization AS organization, m.move_id::text AS subject,
       b.role, 0::smallint AS new_role,
       m.effective_on::timestamp AT TIME ZONE 'Asia/Taipei' AS at,
       b.name AS about
  FROM v_move m
  JOIN v_business_account b
    ON b.person_id = m.person_id AND b.status = 3 AND b.role = 1
   AND b.organization = m.from_organization
 WHERE m.done_at IS NULL AND m.undone_at IS NULL AND m.to_organization = ''
   AND m.effective_on <= (now() AT TIME ZONE 'Asia/Taipei')::date;
