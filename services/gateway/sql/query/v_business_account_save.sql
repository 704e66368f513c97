INSERT INTO v_business_account
       (account_id, version, organization, person_id, role, permissions,
        status, cause, closed_cause, login, name, folded, phone, email,
        wanted_role, succeeds, identity_proven, teacher_version, move_id,
        applied_at, lapses_at, enabled_at, disabled_at, deletion_requested_at,
        deleted_at, settled, open_courses, session_floor)
SELECT *
  FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[],
              $5::smallint[], $6::integer[], $7::smallint[], $8::smallint[],
              $9::smallint[], $10::text[], $11::text[], $12::text[],
              $13::text[], $14::text[], $15::smallint[], $16::uuid[],
              $17::boolean[], $18::bigint[], $19::uuid[], $20::timestamptz[],
              $21::timestamptz[], $22::timestamptz[], $23::timestamptz[],
              $24::timestamptz[], $25::timestamptz[], $26::boolean[],
              $27::integer[], $28::bigint[])
    ON CONFLICT (account_id) DO UPDATE
   SET version = excluded.version, organization = excluded.organization,
       person_id = excluded.person_id, role = excluded.role, permissions =
       excluded.permissions, status = excluded.status, cause = excluded.cause,
       closed_cause = excluded.closed_cause, login = excluded.login, name =
       excluded.name, folded = excluded.folded, phone = excluded.phone, email
       = excluded.email, wanted_role = excluded.wanted_role, succeeds =
       excluded.succeeds, identity_proven = excluded.identity_proven,
       teacher_version = excluded.teacher_version, move_id = excluded.move_id,
       applied_at = excluded.applied_at, lapses_at = excluded.lapses_at,
       enabled_at = excluded.enabled_at, disabled_at = excluded.disabled_at,
       deletion_requested_at = excluded.deletion_requested_at, deleted_at =
       excluded.deleted_at, settled = excluded.settled, open_courses =
       excluded.open_courses, session_floor = excluded.session_floor
