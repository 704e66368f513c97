-- By hand: it writes two tables. The posts of a person hold the login that is
-- ACTIVE or DISABLED. One that is no longer so leaves the posts that hold it.
WITH given AS MATERIALIZED (
    SELECT unnest($1::uuid[]) AS account_id, unnest($2::bigint[]) AS version,
        unnest($3::bigint[]) AS incarnation, unnest($4::uuid[]) AS person_id,
        unnest($5::smallint[]) AS status, unnest($6::smallint[]) AS cause,
        unnest($7::smallint[]) AS closed_cause, unnest($8::text[]) AS login,
        unnest($9::text[]) AS organization, unnest($10::text[]) AS name,
        unnest($11::text[]) AS phone, unnest($12::text[]) AS email,
        unnest($13::smallint[]) AS source,
        unnest($14::boolean[]) AS identity_proven,
        unnest($15::timestamptz[]) AS applied_at,
        unnest($16::timestamptz[]) AS lapses_at,
        unnest($17::timestamptz[]) AS enabled_at,
        unnest($18::timestamptz[]) AS disabled_at,
        unnest($19::bigint[]) AS session_floor
), seen AS (
    SELECT person_id, account_id, status,
           status IN (:ACCOUNT_ACTIVE, :ACCOUNT_DISABLED) AS live
      FROM given
     UNION ALL
    -- A closed login has forgotten its person.
    SELECT v.person_id, g.account_id, g.status, false
      FROM given g
      JOIN v_teacher_account v USING (account_id)
     WHERE v.person_id IS DISTINCT FROM g.person_id
), login AS (
    SELECT person_id,
           (array_agg(account_id ORDER BY account_id DESC)
                FILTER (WHERE live))[1] AS account_id,
           (array_agg(status ORDER BY account_id DESC)
                FILTER (WHERE live))[1] AS status,
           array_agg(account_id) FILTER (WHERE NOT live) AS over
      FROM seen
     WHERE person_id IS NOT NULL
     GROUP BY person_id
), post AS (
    UPDATE v_post p
       SET account_id = l.account_id,
           account_status = coalesce(l.status, :ACCOUNT_NOT_APPLIED)
      FROM login l
     WHERE p.person_id = l.person_id
       AND (l.account_id IS NOT NULL OR p.account_id = ANY (l.over))
       AND (p.account_id, p.account_status) IS DISTINCT FROM
           (l.account_id, coalesce(l.status, :ACCOUNT_NOT_APPLIED))
)
INSERT INTO v_teacher_account (
    account_id, version, incarnation, person_id, status, cause, closed_cause,
    login, organization, name, phone, email, source, identity_proven,
    applied_at, lapses_at, enabled_at, disabled_at, session_floor
)
SELECT * FROM given
ON CONFLICT (account_id) DO UPDATE SET
    version = excluded.version, incarnation = excluded.incarnation,
    person_id = excluded.person_id, status = excluded.status,
    cause = excluded.cause, closed_cause = excluded.closed_cause,
    login = excluded.login, organization = excluded.organization,
    name = excluded.name, phone = excluded.phone, email = excluded.email,
    source = excluded.source, identity_proven = excluded.identity_proven,
    applied_at = excluded.applied_at, lapses_at = excluded.lapses_at,
    enabled_at = excluded.enabled_at, disabled_at = excluded.disabled_at,
    session_floor = excluded.session_floor
