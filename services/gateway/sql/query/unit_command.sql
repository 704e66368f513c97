-- A unit as a command carries it, and how many teachers it has pulled since $2
-- (the brake of T1).
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status, o.version,
       (SELECT count(*) FROM v_move m
         WHERE m.to_organization = o.code AND m.ordered_at > $2::timestamptz
           AND m.cause = :MOVE_REGISTERED AND m.from_organization <> '')
  FROM v_organization o
 WHERE o.code = $1::text
