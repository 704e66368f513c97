-- Rule 11: after a restored backup of the teacher service a lower version under
-- a higher incarnation is the newer word. What rested on a version until now
-- rested on one of the first; 0: on none.
ALTER TABLE business_account
    ADD COLUMN teacher_incarnation bigint NOT NULL DEFAULT 0;
ALTER TABLE teacher_account
    ADD COLUMN teacher_incarnation bigint NOT NULL DEFAULT 0;
UPDATE business_account SET teacher_incarnation = 1 WHERE teacher_version > 0;
UPDATE teacher_account SET teacher_incarnation = 1 WHERE teacher_version > 0;
