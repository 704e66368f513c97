DELETE FROM budget
 WHERE name = ANY (ARRAY(SELECT name FROM budget
                          WHERE ends_at < $1::timestamptz
                          LIMIT 5000))
