-- Rule 11: after a restored backup of its owner a lower version under a higher
-- incarnation is the newer word. What is here now was said in the first one.
-- The course system has none: 0, as in its messages.
ALTER TABLE v_organization ADD COLUMN incarnation bigint NOT NULL DEFAULT 1;
ALTER TABLE v_business_account ADD COLUMN incarnation bigint NOT NULL DEFAULT 1;
ALTER TABLE v_teacher ADD COLUMN incarnation bigint NOT NULL DEFAULT 1;
ALTER TABLE v_teacher_account ADD COLUMN incarnation bigint NOT NULL DEFAULT 1;
ALTER TABLE v_code_table ADD COLUMN incarnation bigint NOT NULL DEFAULT 1;
ALTER TABLE v_course ADD COLUMN incarnation bigint NOT NULL DEFAULT 0;
