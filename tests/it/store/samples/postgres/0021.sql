-- One row at least of everything that there is after step 0021.

insert into inbound_mails (id, received_at, sender, message_id, fingerprint, verdict, account_id, case_id)
    values ('00000000-0000-7000-8000-000000000141', '2025-11-24T16:00:00Z', 'ben@example.org', '<1@example.org>', decode(repeat('ab', 32), 'hex'), 'counted', '00000000-0000-7000-8000-000000000001', (select id from cases where account_id = '00000000-0000-7000-8000-000000000001' limit 1));
insert into inbound_mails (id, received_at, verdict, reason, detail)
    values ('00000000-0000-7000-8000-000000000142', '2025-11-24T16:00:00Z', 'refused', 'too_large', 'the mail is larger than 1048576 bytes');
