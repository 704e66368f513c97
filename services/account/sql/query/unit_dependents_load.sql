-- By hand: it counts. The last two: the unit's own centre and parent are over.
SELECT k.code, (
    (SELECT count(*) FROM organization AS o
      WHERE o.managing_centre = k.code
        AND o.status IN (:ORGANIZATION_ACTIVE, :ORGANIZATION_SUSPENDED))
    + (SELECT count(*) FROM organization AS o
        WHERE o.parent_code = k.code
          AND o.status IN (:ORGANIZATION_ACTIVE, :ORGANIZATION_SUSPENDED))
    )::integer,
    (SELECT count(*) FROM organization AS o
       JOIN organization AS r ON r.code = o.managing_centre
      WHERE o.code = k.code
        AND r.status NOT IN (:ORGANIZATION_ACTIVE, :ORGANIZATION_SUSPENDED)
    )::integer,
    (SELECT count(*) FROM organization AS o
       JOIN organization AS r ON r.code = o.parent_code
      WHERE o.code = k.code
        AND r.status NOT IN (:ORGANIZATION_ACTIVE, :ORGANIZATION_SUSPENDED)
    )::integer
FROM unnest($1::text[]) AS k (code)
ORDER BY k.code
