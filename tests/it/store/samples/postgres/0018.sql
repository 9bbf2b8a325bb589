-- One row at least of everything that there is after step 0018.

insert into drills (id, paper_key_id, created_at, expires_at, wrong, used_at)
    values ('00000000-0000-7000-8000-000000000129', '00000000-0000-7000-8000-000000000127', '2025-11-24T16:00:00Z', '2025-11-24T16:10:00Z', 1, '2025-11-24T16:05:00Z');
insert into key_tries (account_id, untold, told_at, due_at)
    values ('00000000-0000-7000-8000-000000000001', 2, '2025-11-24T16:00:00Z', '2025-11-24T17:00:00Z');
