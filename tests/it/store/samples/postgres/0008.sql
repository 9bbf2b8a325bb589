-- One row at least of everything that there is after step 0008.

insert into mails (id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id, status, attempts, created_at, next_at, accepted_at, last_answer)
    values ('00000000-0000-7000-8000-000000000081', '00000000-0000-7000-8000-000000000001', null, '00000000-0000-7000-8000-000000000011', 'owner@example.org', 'Owner', 'member_password_changed', 'cred_sample', '{}', null, 'accepted', 1, to_timestamp(1764010800), null, to_timestamp(1764010800), '250 ok');
