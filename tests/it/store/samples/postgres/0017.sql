-- One row at least of everything that there is after step 0017.

insert into paper_keys (id, account_id, recovery_user_id, number, secret_hash, issued_by, issued_at, expires_at, drilled_at)
    values ('00000000-0000-7000-8000-000000000127', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000121', '\x0102030405', decode(repeat('ab', 32), 'hex'), '00000000-0000-7000-8000-000000000011', '2025-11-24T16:00:00Z', '2035-11-24T16:00:00Z', '2025-11-24T16:00:00Z');
insert into paper_keys (id, account_id, recovery_user_id, number, secret_hash, issued_by, issued_at, ended_at, ended)
    values ('00000000-0000-7000-8000-000000000128', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000121', '\x0102030406', decode(repeat('cd', 32), 'hex'), '00000000-0000-7000-8000-000000000011', '2025-11-24T16:00:00Z', '2025-11-24T16:00:00Z', 'superseded');
