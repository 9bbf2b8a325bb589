-- One row at least of everything that there is after step 0022.

insert into mails (id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id, status, attempts, created_at, next_at, accepted_at, last_answer, bounced_at, bounce, untried)
    values ('00000000-0000-7000-8000-00000000012f', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000011', 'owner@example.org', 'Owner', 'owner_alert', 'quorum', '{}', null, 'bounced', 2, '2025-11-24T19:00:00Z', null, '2025-11-24T19:00:00Z', '250 ok', '2025-11-24T20:00:00Z', '5.1.1 nobody of that name', 1);
