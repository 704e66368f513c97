-- The first `migrate` chooses how many lanes there are (INSERVICE_LANES) and
-- fills the table. A schema that has worked keeps its 24.
ALTER TABLE lane DROP CONSTRAINT lane_lane_check;
ALTER TABLE lane ADD CONSTRAINT lane_lane_check CHECK (lane BETWEEN 0 AND 95);
DELETE FROM lane WHERE NOT EXISTS (SELECT FROM lane_input);
