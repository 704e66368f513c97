INSERT INTO v_course
       (course_id, version, incarnation, account_id, organization, title, state)
SELECT *
  FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::uuid[], $5::text[],
              $6::text[], $7::smallint[])
    ON CONFLICT (course_id) DO UPDATE
   SET version = excluded.version, incarnation = excluded.incarnation,
       account_id = excluded.account_id, organization = excluded.organization,
       title = excluded.title, state = excluded.state
