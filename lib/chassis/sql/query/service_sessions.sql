-- Sessions of other processes of this service: its lanes' and the gateway's.
SELECT pid FROM pg_stat_activity
WHERE usename = current_user AND datname = current_database()
    AND pid <> pg_backend_pid()
    AND starts_with(application_name, $1)
ORDER BY pid
