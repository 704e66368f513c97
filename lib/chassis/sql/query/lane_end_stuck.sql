-- Ends sessions of this service whose client stopped within a round trip while
-- a transaction is open. They keep the rows of their lanes locked, and no
-- timeout of the server counts before the round trip is complete. The order of
-- conditions is free, so the sessions are chosen first.
WITH stuck AS MATERIALIZED (
    SELECT pid FROM pg_stat_activity
    WHERE usename = current_user AND datname = current_database()
        AND pid <> pg_backend_pid()
        AND state = 'active' AND wait_event = 'ClientRead'
        AND xact_start IS NOT NULL
        AND query_start <
            clock_timestamp() - $1::bigint * interval '1 microsecond'
)
SELECT pid FROM stuck WHERE pg_terminate_backend(pid)
