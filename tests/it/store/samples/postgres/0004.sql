-- One row at least of everything that there is after step 0004.

insert into transfers (id, account_id, from_id, to_id, offered_at, expires_at, state, ended_at, why, ended_by, case_id)
    values ('00000000-0000-7000-8000-000000000091', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000012', '2025-11-24 16:00:00+00', '2025-11-27 16:00:00+00', 'cancelled', '2025-11-24 17:00:00+00', 'taken_back', '00000000-0000-7000-8000-000000000011', null);
insert into transfers (id, account_id, from_id, to_id, offered_at, expires_at, state, ended_at, why, ended_by, case_id)
    values ('00000000-0000-7000-8000-000000000092', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000012', '2025-11-24 17:00:00+00', '2025-11-27 17:00:00+00', 'pending', null, null, null, null);
insert into links (id, purpose, user_id, account_id, case_id, change_id, created_at, dead_at, transfer_id)
    values ('00000000-0000-7000-8000-000000000093', 'transfer', '00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000001', null, null, '2025-11-24 17:00:00+00', null, '00000000-0000-7000-8000-000000000092');
