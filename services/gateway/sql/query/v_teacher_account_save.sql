INSERT INTO v_teacher_account
       (account_id, version, incarnation, person_id, status, cause,
        closed_cause, login, organization, name, phone, email, source,
        identity_proven, applied_at, lapses_at, enabled_at, disabled_at,
        session_floor)
SELECT *
  FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::uuid[],
              $5::smallint[], $6::smallint[], $7::smallint[], $8::text[],
              $9::text[], $10::text[], $11::text[], $12::text[],
              $13::smallint[], $14::boolean[], $15::timestamptz[],
              $16::timestamptz[], $17::timestamptz[], $18::timestamptz[],
              $19::bigint[])
    ON CONFLICT (account_id) DO UPDATE
   SET version = excluded.version, incarnation = excluded.incarnation,
       person_id = excluded.person_id, status = excluded.status, cause =
       excluded.cause, closed_cause = excluded.closed_cause, login =
       excluded.login, organization = excluded.organization, name =
       excluded.name, phone = excluded.phone, email = excluded.email, source =
       excluded.source, identity_proven = excluded.identity_proven, applied_at
       = excluded.applied_at, lapses_at = excluded.lapses_at, enabled_at =
       excluded.enabled_at, disabled_at = excluded.disabled_at, session_floor =
       excluded.session_floor
