-- Codes of the table $1 that are valid on the day $2, in their order, each with
-- the title sets it is in. A table without codes on that day is one row of NULL;
-- no row: there is no such table.
WITH valid AS (
    SELECT t.name AS table_name, r.*
      FROM v_code_table t
     CROSS JOIN LATERAL jsonb_to_recordset(t.rows::jsonb)
                AS r(code text, label text, "labelEn" text, "group" text,
                     "validFrom" date, "validUntil" date, position integer,
                     members jsonb)
     WHERE t.name IN ($1::text, 'title_set')
       AND (r."validFrom" IS NULL OR r."validFrom" <= $2::date)
       AND (r."validUntil" IS NULL OR $2::date < r."validUntil")
), in_set AS (
    SELECT m.title, jsonb_agg(v.code ORDER BY v.position, v.code) AS sets
      FROM valid v
     CROSS JOIN LATERAL jsonb_array_elements_text(v.members) AS m(title)
     WHERE v.table_name = 'title_set' AND $1::text = 'title'
     GROUP BY m.title
)
SELECT v.code, v.label, v."labelEn", v."group", v."validFrom"::text,
       v."validUntil"::text, v.members::text, s.sets::text, t.version
  FROM v_code_table t
  LEFT JOIN valid v ON v.table_name = t.name
  LEFT JOIN in_set s ON s.title = v.code
 WHERE t.name = $1::text
 ORDER BY v.position, v.code
