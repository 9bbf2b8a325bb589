-- One row at least of everything that there is after step 0022.

insert into mails (id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id, status, attempts, created_at, next_at, accepted_at, last_answer, bounced_at, bounce, untried)
    values (x'0000000000007000800000000000012f', x'00000000000070008000000000000001', x'00000000000070008000000000000021', x'00000000000070008000000000000011', 'owner@example.org', 'Owner', 'owner_alert', 'quorum', '{}', null, 'bounced', 2, 1764010800000000, null, 1764010800000000, '250 ok', 1764014400000000, '5.1.1 nobody of that name', 1);
