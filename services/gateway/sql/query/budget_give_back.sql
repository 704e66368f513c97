-- Gives one back after a request that turned out not to count. A new window
-- keeps its count.
UPDATE budget SET taken = taken - 1
 WHERE name = ANY ($1::text[]) AND taken > 0 AND ends_at > $2::timestamptz
