-- Rule 11: after a restored backup of the teacher service a lower version under
-- a higher incarnation is the newer word. What is here now was said in the first.
ALTER TABLE affiliation ADD COLUMN incarnation bigint NOT NULL DEFAULT 1;
