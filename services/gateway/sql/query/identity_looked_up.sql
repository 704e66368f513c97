-- identity_find.sql, with the latest look-up of the person by this unit that was
-- shown (T1): a pull needs one, and its owner judges how old it may be. No row:
-- the number is unknown, or there was no such look-up.
SELECT i.person_id, i.kind, i.state, i.sealed, a.audit_id, a.at
  FROM identity i
 CROSS JOIN LATERAL (
       SELECT audit_id, at FROM audit
        WHERE subject = i.person_id::text AND organization = $2::text
          AND what = 'TEACHER_LOOK_UP' AND result = 'SHOWN'
        ORDER BY at DESC LIMIT 1) a
 WHERE i.number_mac = $1::bytea AND i.state <> :IDENTITY_FREED
