-- One row at least of everything that there is after step 0021.

insert into inbound_mails (id, received_at, sender, message_id, fingerprint, verdict, account_id, case_id)
    values (x'00000000000070008000000000000141', 1764000000000000, 'ben@example.org', '<1@example.org>', zeroblob(32), 'counted', x'00000000000070008000000000000001', (select id from cases where account_id = x'00000000000070008000000000000001' limit 1));
insert into inbound_mails (id, received_at, verdict, reason, detail)
    values (x'00000000000070008000000000000142', 1764000000000000, 'refused', 'too_large', 'the mail is larger than 1048576 bytes');
