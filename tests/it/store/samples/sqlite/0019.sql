-- One row at least of everything that there is after step 0019.

update cases set route = 'keys', accepted_at = 1764007200000000 where id = x'00000000000070008000000000000023';
insert into redemptions (case_id, recovery_user_id, account_id, name, key_id, member_id, redeemed_at, lost_at)
    values (x'00000000000070008000000000000023', x'00000000000070008000000000000121', x'00000000000070008000000000000001', 'Recovery user', x'00000000000070008000000000000127', null, 1764007200000000, null);
insert into redemptions (case_id, recovery_user_id, account_id, name, key_id, member_id, redeemed_at, lost_at)
    values (x'00000000000070008000000000000023', x'00000000000070008000000000000129', x'00000000000070008000000000000001', 'Removed', x'0000000000007000800000000000012a', x'00000000000070008000000000000012', 1764007200000000, 1764010800000000);
insert into recoveries (id, paper_key_id, created_at, expires_at, told, used_at)
    values (x'0000000000007000800000000000012b', x'00000000000070008000000000000127', 1764000000000000, 1764001800000000, 1, 1764000600000000);
insert into links (id, purpose, user_id, account_id, case_id, change_id, created_at, dead_at, transfer_id)
    values (x'0000000000007000800000000000012c', 'nomination', x'00000000000070008000000000000012', x'00000000000070008000000000000001', x'00000000000070008000000000000023', null, 1764000000000000, 1764000600000000, null);
insert into links (id, purpose, user_id, account_id, case_id, change_id, created_at, dead_at, transfer_id)
    values (x'0000000000007000800000000000012d', 'enrol', x'00000000000070008000000000000012', x'00000000000070008000000000000001', null, null, 1764000000000000, null, null);
insert into credentials (id, user_id, kind, name, secret, enrolled_at, mail_since, ends_at, last_used_at, vouched_in)
    values (x'0000000000007000800000000000012e', x'00000000000070008000000000000012', 'passkey', 'Telephone', '{}', 1764000000000000, 1764000000000000, null, null, x'00000000000070008000000000000001');
insert into passkeys (credential_id, handle, signatures, shared)
    values (x'0000000000007000800000000000012e', x'beefbeefbeefbeefbeefbeefbeefbeef', 0, 0);
