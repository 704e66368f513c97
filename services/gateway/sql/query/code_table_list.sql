-- The tables, and how many codes each has on the day $1.
SELECT t.name, t.version, count(r.code)
  FROM v_code_table t
  LEFT JOIN LATERAL jsonb_to_recordset(t.rows::jsonb)
            AS r(code text, "validFrom" date, "validUntil" date)
    ON (r."validFrom" IS NULL OR r."validFrom" <= $1::date)
       AND (r."validUntil" IS NULL OR $1::date < r."validUntil")
 GROUP BY t.name, t.version
 ORDER BY t.name
