-- A teacher's document by id and nothing else: what `pgbench -S` would ask here.
\set i random(0, :teachers - 1)
SELECT head, record FROM gateway.v_teacher WHERE person_id = bench.id('person', :i);
