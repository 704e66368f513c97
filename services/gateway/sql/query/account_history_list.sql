-- What was done to an account, oldest first. The actor is an officer or a
-- teacher; a deleted one has no name. $2-$4: the row before.
SELECT h.incarnation, h.version, h.event, h.at, h.actor, h.role, h.permissions,
       h.cause, h.other, coalesce(b.name, t.name), b.organization
  FROM account_history h
  LEFT JOIN v_business_account b ON b.account_id = h.actor
  LEFT JOIN v_teacher_account t ON t.account_id = h.actor
 WHERE h.account_id = $1::uuid
   AND (h.incarnation, h.version, h.event)
       > ($2::text::bigint, $3::text::bigint, $4::text::smallint)
 ORDER BY h.incarnation, h.version, h.event
 LIMIT $5::integer
