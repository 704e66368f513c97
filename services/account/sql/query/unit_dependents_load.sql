-- By hand: it counts.
SELECT k.code, (
    (SELECT count(*) FROM organization AS o
      WHERE o.managing_centre = k.code
        AND o.status IN (:ORGANIZATION_ACTIVE, :ORGANIZATION_SUSPENDED))
    + (SELECT count(*) FROM organization AS o
        WHERE o.parent_code = k.code
          AND o.status IN (:ORGANIZATION_ACTIVE, :ORGANIZATION_SUSPENDED))
    )::integer
FROM unnest($1::text[]) AS k (code)
ORDER BY k.code
