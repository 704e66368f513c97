INSERT INTO v_business_account
       (account_id, version, organization, person_id, role, permissions,
        status, cause, closed_cause, login, name, folded, phone, email,
        wanted_role, succeeds, identity_proven, teacher_version, move_id,
        applied_at, lapses_at, enabled_at, disabled_at, deletion_requested_at,
        deleted_at, settled, open_courses, session_floor)
SELECT unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::text[]),
    unnest($4::uuid[]), unnest($5::smallint[]), unnest($6::integer[]),
    unnest($7::smallint[]), unnest($8::smallint[]), unnest($9::smallint[]),
    unnest($10::text[]), unnest($11::text[]), unnest($12::text[]),
    unnest($13::text[]), unnest($14::text[]), unnest($15::smallint[]),
    unnest($16::uuid[]), unnest($17::boolean[]), unnest($18::bigint[]),
    unnest($19::uuid[]), unnest($20::timestamptz[]),
    unnest($21::timestamptz[]), unnest($22::timestamptz[]),
    unnest($23::timestamptz[]), unnest($24::timestamptz[]),
    unnest($25::timestamptz[]), unnest($26::boolean[]), unnest($27::integer[]),
    unnest($28::bigint[])
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
