INSERT INTO v_course
       (course_id, version, account_id, organization, title, state)
SELECT *
  FROM unnest($1::text[], $2::bigint[], $3::uuid[], $4::text[], $5::text[],
              $6::smallint[])
    ON CONFLICT (course_id) DO UPDATE
   SET version = excluded.version, account_id = excluded.account_id,
       organization = excluded.organization, title = excluded.title, state =
       excluded.state
