-- One row at least of everything that there is after step 0019.

update cases set route = 'keys', accepted_at = '2025-11-24T18:00:00Z' where id = '00000000-0000-7000-8000-000000000023';
insert into redemptions (case_id, recovery_user_id, account_id, name, key_id, member_id, redeemed_at, lost_at)
    values ('00000000-0000-7000-8000-000000000023', '00000000-0000-7000-8000-000000000121', '00000000-0000-7000-8000-000000000001', 'Recovery user', '00000000-0000-7000-8000-000000000127', null, '2025-11-24T18:00:00Z', null);
insert into redemptions (case_id, recovery_user_id, account_id, name, key_id, member_id, redeemed_at, lost_at)
    values ('00000000-0000-7000-8000-000000000023', '00000000-0000-7000-8000-000000000129', '00000000-0000-7000-8000-000000000001', 'Removed', '00000000-0000-7000-8000-00000000012a', '00000000-0000-7000-8000-000000000012', '2025-11-24T18:00:00Z', '2025-11-24T19:00:00Z');
insert into recoveries (id, paper_key_id, created_at, expires_at, told, used_at)
    values ('00000000-0000-7000-8000-00000000012b', '00000000-0000-7000-8000-000000000127', to_timestamp(1764000000), to_timestamp(1764001800), true, to_timestamp(1764000600));
insert into links (id, purpose, user_id, account_id, case_id, change_id, created_at, dead_at, transfer_id)
    values ('00000000-0000-7000-8000-00000000012c', 'nomination', '00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000023', null, to_timestamp(1764000000), to_timestamp(1764000600), null);
insert into links (id, purpose, user_id, account_id, case_id, change_id, created_at, dead_at, transfer_id)
    values ('00000000-0000-7000-8000-00000000012d', 'enrol', '00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000001', null, null, to_timestamp(1764000000), null, null);
insert into credentials (id, user_id, kind, name, secret, enrolled_at, mail_since, ends_at, last_used_at, vouched_in)
    values ('00000000-0000-7000-8000-00000000012e', '00000000-0000-7000-8000-000000000012', 'passkey', 'Telephone', '{}', to_timestamp(1764000000), to_timestamp(1764000000), null, null, '00000000-0000-7000-8000-000000000001');
insert into passkeys (credential_id, handle, signatures, shared)
    values ('00000000-0000-7000-8000-00000000012e', '\xbeefbeefbeefbeefbeefbeefbeefbeef', 0, false);
