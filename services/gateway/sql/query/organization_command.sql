-- A unit as commands about it carry it, and how many teachers have a post there,
-- or at a unit that was merged into it: they are on their way (O3).
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status, o.version,
       (SELECT count(*) FROM v_post p
         WHERE p.organization = ANY (ARRAY(
                   SELECT o.code
                    UNION ALL
                   SELECT m.code FROM v_organization m
                    WHERE m.merged_into = o.code AND m.merged_into <> '')))
  FROM v_organization o
 WHERE o.code = $1::text
