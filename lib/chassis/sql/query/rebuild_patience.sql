-- One statement may touch a whole table; this transaction only.
SELECT set_config('statement_timeout', '0', true)
