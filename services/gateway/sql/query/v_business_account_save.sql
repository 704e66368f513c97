INSERT INTO v_business_account
       (account_id, version, incarnation, organization, person_id, role,
        permissions, status, cause, closed_cause, login, name, folded, phone,
        email, wanted_role, succeeds, identity_proven, teacher_version,
        move_id, applied_at, lapses_at, enabled_at, disabled_at,
        deletion_requested_at, deleted_at, settled, open_courses, session_floor)
SELECT *
  FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::uuid[],
              $6::smallint[], $7::integer[], $8::smallint[], $9::smallint[],
              $10::smallint[], $11::text[], $12::text[], $13::text[],
              $14::text[], $15::text[], $16::smallint[], $17::uuid[],
              $18::boolean[], $19::bigint[], $20::uuid[], $21::timestamptz[],
              $22::timestamptz[], $23::timestamptz[], $24::timestamptz[],
              $25::timestamptz[], $26::timestamptz[], $27::boolean[],
              $28::integer[], $29::bigint[])
    ON CONFLICT (account_id) DO UPDATE
   SET version = excluded.version, incarnation = excluded.incarnation,
       organization = excluded.organization, person_id = excluded.person_id,
       role = excluded.role, permissions = excluded.permissions, status =
       excluded.status, cause = excluded.cause, closed_cause =
       excluded.closed_cause, login = excluded.login, name = excluded.name,
       folded = excluded.folded, phone = excluded.phone, email =
       excluded.email, wanted_role = excluded.wanted_role, succeeds =
       excluded.succeeds, identity_proven = excluded.identity_proven,
       teacher_version = excluded.teacher_version, move_id = excluded.move_id,
       applied_at = excluded.applied_at, lapses_at = excluded.lapses_at,
       enabled_at = excluded.enabled_at, disabled_at = excluded.disabled_at,
       deletion_requested_at = excluded.deletion_requested_at, deleted_at =
       excluded.deleted_at, settled = excluded.settled, open_courses =
       excluded.open_courses, session_floor = excluded.session_floor
