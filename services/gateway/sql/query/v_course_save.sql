INSERT INTO v_course
       (course_id, version, account_id, organization, title, state)
SELECT unnest($1::text[]), unnest($2::bigint[]), unnest($3::uuid[]),
    unnest($4::text[]), unnest($5::text[]), unnest($6::smallint[])
    ON CONFLICT (course_id) DO UPDATE
   SET version = excluded.version, account_id = excluded.account_id,
       organization = excluded.organization, title = excluded.title, state =
       excluded.state
