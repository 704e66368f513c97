-- A school's first 50 rows along the index of the list and nothing else: the least
-- that PostgreSQL can do for a list.
\set i random(0, :schools - 1)
SELECT person_id, name, organization, item, version, account_status, account_id FROM gateway.v_post WHERE organization = bench.school(:i) AND (name, person_id) > ('', '00000000-0000-0000-0000-000000000000') ORDER BY name, person_id LIMIT 50;
