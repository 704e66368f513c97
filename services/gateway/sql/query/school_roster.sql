-- A unit, the number of its teachers, how many of them have confirmed their record
-- for $2, and the position of the list: another number for another list. It is
-- made of the persons and the versions of their records, below 2^53.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       r.teachers, r.confirmed,
       (((r.sum % 9007199254740991) + 9007199254740991)
        % 9007199254740991)::bigint
  FROM v_organization o
 CROSS JOIN LATERAL (
       SELECT count(*) AS teachers,
              count(*) FILTER (WHERE t.confirmed_semester = $2::text) AS confirmed,
              coalesce(sum(hashtextextended(
                  p.person_id::text || '/' || t.version, 0)), 0) AS sum
         FROM v_post p
         JOIN v_teacher t USING (person_id)
        WHERE p.organization = o.code) r
 WHERE o.code = $1::text
