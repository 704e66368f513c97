-- A unit as commands about it carry it, and how many teachers have a post there.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status, o.version,
       (SELECT count(*) FROM v_post p WHERE p.organization = o.code)
  FROM v_organization o
 WHERE o.code = $1::text
