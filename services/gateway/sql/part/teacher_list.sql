-- The one predicate of the list of teachers, over the posts of `there`; $1 to $13
-- as in teacher_list.sql.
matched AS NOT MATERIALIZED (
    SELECT p.person_id, p.name, p.organization, o.name AS organization_name,
           unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                      $1::text, $2::smallint) AS reach,
           p.kind, p.title, p.stage, p.unit_note, p.subjects,
           coalesce(a.status, :ACCOUNT_NOT_APPLIED::smallint) AS status,
           a.account_id
      FROM there p
      JOIN v_organization o ON o.code = p.organization
      LEFT JOIN v_teacher_account a
        ON a.person_id = p.person_id
       AND a.status IN (:ACCOUNT_ACTIVE, :ACCOUNT_DISABLED)
     WHERE unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                      $1::text, $2::smallint) > 0
       AND ($3::text[] IS NULL OR p.organization = ANY ($3::text[]))
       AND ($4::text IS NULL OR p.folded LIKE $4::text)
       AND ($5::smallint[] IS NULL
            OR coalesce(a.status, :ACCOUNT_NOT_APPLIED::smallint)
               = ANY ($5::smallint[]))
       AND ($6::text[] IS NULL OR EXISTS
            (SELECT FROM v_title_set s
              WHERE s.title_set = ANY ($6::text[]) AND s.title = p.title))
       AND ($7::text[] IS NULL OR p.subjects && $7::text[])
       AND ($8::text[] IS NULL OR p.stage = ANY ($8::text[]))
)
SELECT m.person_id, t.version, m.name, t.masked_name, m.organization,
       m.organization_name, m.reach, m.kind, m.title, m.stage, m.unit_note,
       to_json(m.subjects)::text, m.status, m.account_id,
       CASE WHEN $12::boolean THEN
            (SELECT json_build_object(
                        'total', count(*),
                        'applied', count(*) FILTER (WHERE c.applied),
                        'notApplied', count(*) FILTER (WHERE NOT c.applied),
                        'teachers', count(*) FILTER (
                            WHERE c.applied AND c.leading % 2 = 0),
                        'administrativeStaff', count(*) FILTER (
                            WHERE c.applied AND c.leading % 2 = 1))::text
                    || ',"posts":' || coalesce(sum(c.posts), 0)
               FROM (SELECT count(*) AS posts,
                            bool_or(m.status <> :ACCOUNT_NOT_APPLIED) AS applied,
                            min(m.kind * 2 + (s.title IS NOT NULL)::integer)
                                AS leading
                       FROM matched m
                       LEFT JOIN (SELECT DISTINCT title FROM v_title_set
                                   WHERE title_set = 'ADMINISTRATIVE_STAFF') s
                         ON s.title = m.title
                      GROUP BY m.person_id) c) END
  FROM matched m
  JOIN v_teacher t ON t.person_id = m.person_id
 WHERE (m.name, m.person_id, m.organization)
       > ($9::text COLLATE extensions.zh_stroke, $10::uuid, $11::text)
 ORDER BY m.name, m.person_id, m.organization
 LIMIT $13::integer
