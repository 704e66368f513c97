-- expands: a column with a default, which only this build reads.
-- Where the command topic ended when a backup was restored: commands before are
-- decided again, whatever time has passed since.
ALTER TABLE lane_input ADD COLUMN again_before bigint NOT NULL DEFAULT 0;
