-- expands: a column that may be null. O3: where the teachers of a merged unit go. A
-- unit that was merged before has none until rebuild-views or its next state.
ALTER TABLE organization_copy ADD COLUMN merged_into text;
