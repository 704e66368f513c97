-- The smallest durable transaction: one row, one COMMIT.
UPDATE bench.lane SET seq = seq + 1 WHERE lane = 63;
