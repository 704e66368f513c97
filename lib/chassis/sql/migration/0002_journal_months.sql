-- Twenty-four months ahead; `migrate` adds what is missing at each run.
CREATE FUNCTION journal_months(from_month date, months integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    month date := date_trunc('month', from_month);
    name text;
BEGIN
    FOR i IN 0..months - 1 LOOP
        name := 'journal_' || to_char(month, 'YYYYMM');
        IF to_regclass(name) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF journal FOR VALUES FROM (%L) TO (%L)',
                name, month::timestamptz, (month + interval '1 month')::timestamptz);
        END IF;
        month := month + interval '1 month';
    END LOOP;
END $$;
SELECT journal_months(current_date, 24);
