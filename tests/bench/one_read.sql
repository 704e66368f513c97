-- A teacher's document by id and nothing else: the query of `pgbench -S` here.
\set i random(0, :teachers - 1)
SELECT head, record FROM gateway.v_teacher WHERE person_id = bench.id('person', :i);
