-- One row at least of everything that there is after step 0012.

insert into ballot_signatures (case_id, user_id, signature)
    values ('00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000012', '{}');
