-- One row at least of everything that there is after step 0008.

insert into mails (id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id, status, attempts, created_at, next_at, accepted_at, last_answer)
    values (x'00000000000070008000000000000081', x'00000000000070008000000000000001', null, x'00000000000070008000000000000011', 'owner@example.org', 'Owner', 'member_password_changed', 'cred_sample', '{}', null, 'accepted', 1, 1764010800000000, null, 1764010800000000, '250 ok');
