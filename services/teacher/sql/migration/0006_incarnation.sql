-- Rule 11: after a restored backup of the account service a lower version under
-- a higher incarnation is the newer word. What is here now was said in the first.
ALTER TABLE organization_copy ADD COLUMN incarnation bigint NOT NULL DEFAULT 1;
ALTER TABLE officer_copy ADD COLUMN incarnation bigint NOT NULL DEFAULT 1;
