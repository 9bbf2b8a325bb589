-- One row at least of everything that there is after step 0016.

insert into recovery_users (id, account_id, name, added_by, added_at)
    values ('00000000-0000-7000-8000-000000000121', '00000000-0000-7000-8000-000000000001', 'Rita Rivera', '00000000-0000-7000-8000-000000000011', '2025-11-24T16:00:00Z');
insert into recovery_addresses (id, recovery_user_id, account_id, email, confirmed_at)
    values ('00000000-0000-7000-8000-000000000122', '00000000-0000-7000-8000-000000000121', '00000000-0000-7000-8000-000000000001', 'rita@example.net', '2025-11-24T16:00:00Z'),
        ('00000000-0000-7000-8000-000000000123', '00000000-0000-7000-8000-000000000121', '00000000-0000-7000-8000-000000000001', 'rita@example.com', null);
insert into recovery_codes (id, address_id, kind, created_at, expires_at, used_at)
    values ('00000000-0000-7000-8000-000000000124', '00000000-0000-7000-8000-000000000122', 'link', '2025-11-24T16:00:00Z', '2025-12-08T16:00:00Z', '2025-11-24T16:00:00Z'),
        ('00000000-0000-7000-8000-000000000125', '00000000-0000-7000-8000-000000000123', 'code', '2025-11-24T16:00:00Z', '2025-11-24T16:10:00Z', null);
insert into mails (id, account_id, user_id, address, recipient, kind, message, status, attempts, created_at)
    values ('00000000-0000-7000-8000-000000000126', '00000000-0000-7000-8000-000000000001', null, 'rita@example.net', 'Rita Rivera', 'recovery_request', '{}', 'accepted', 1, '2025-11-24T16:00:00Z');
