-- One row at least of everything that there is after step 0020.

insert into paper_keys (id, account_id, recovery_user_id, number, secret_hash, issued_by, issued_at, remind_at)
    values ('00000000-0000-7000-8000-000000000129', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000121', '\x0102030407', decode(repeat('ef', 32), 'hex'), '00000000-0000-7000-8000-000000000011', '2025-11-24T16:00:00Z', '2026-05-23T16:00:00Z');
