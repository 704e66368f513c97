-- By hand: it counts.
SELECT k.code, count(o.code)::integer
FROM unnest($1::text[]) AS k (code)
LEFT JOIN organization AS o
    ON k.code IN (o.managing_centre, o.parent_code)
    AND o.status IN (:ORGANIZATION_ACTIVE, :ORGANIZATION_SUSPENDED)
GROUP BY k.code
ORDER BY k.code
