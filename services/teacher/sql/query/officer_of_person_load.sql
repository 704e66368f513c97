-- By hand: a person has one ACTIVE business account (B11); a teacher's own
-- account has no role. While an old copy is ACTIVE, too, the higher role
-- counts: it is better to ask the centre once too often (T15).
SELECT DISTINCT ON (person_id) account_id, person_id, organization, role,
    permissions, status, version, incarnation
FROM officer_copy
WHERE person_id = ANY($1::uuid[]) AND status = :ACCOUNT_ACTIVE AND role > 0
ORDER BY person_id, role
