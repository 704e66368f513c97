-- expands: builds before this one only insert and read.
-- Who looked at what is written once.
SELECT withhold('{UPDATE,DELETE,TRUNCATE}', '{audit}');
