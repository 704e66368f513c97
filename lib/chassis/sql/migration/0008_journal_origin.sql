-- expands: a column that may be empty.
-- Where a message of the dlq came from: "topic/partition/offset".
ALTER TABLE journal ADD COLUMN origin text;
