-- Rule 11: in which incarnation of its owner the outcome was said that names a
-- state. After a restored backup sequences count again from a lower number, so a
-- position of a later incarnation is after every state of an earlier one.
ALTER TABLE operation
    ADD COLUMN outcome_incarnation bigint NOT NULL DEFAULT 0;
ALTER TABLE import_row
    ADD COLUMN state_incarnation bigint NOT NULL DEFAULT 0;
