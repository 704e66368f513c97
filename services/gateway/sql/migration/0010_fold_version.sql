-- Under which rule the folded names of the read model were made (fold_version()
-- in rules/fold.h). The gateway compares it at every start and folds the names
-- again when it differs. Rows written before this table have the older rule.
CREATE TABLE fold_version (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version text NOT NULL
);
INSERT INTO fold_version (version) VALUES ('');
