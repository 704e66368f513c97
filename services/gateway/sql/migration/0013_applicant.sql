-- A teacher's waiting applications by person: the present school decides them,
-- too, when they name a former one.
CREATE INDEX v_teacher_account_applicant ON v_teacher_account (person_id)
    WHERE status = 2;
