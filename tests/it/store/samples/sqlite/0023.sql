-- One row at least of everything that there is after step 0023.

insert into webhooks (id, account_id, url, secret, set_by, set_at, previous_secret, previous_until, created_by, created_at, status, why, disabled_at, last_seq, cursor_seq, attempts, failing_since, retry_at, test_id, next_at, claimed_until, claims)
    values (x'00000000000070008000000000000141', x'00000000000070008000000000000001', 'https://hooks.example.org/quorate', randomblob(100), x'00000000000070008000000000000011', 1764000000000000, randomblob(90), 1764007200000000, x'00000000000070008000000000000011', 1764000000000000, 'active', null, null, null, 0, 2, 1764000000000000, 1764007200000000, x'00000000000070008000000000000151', 1764007200000000, 1764007200000000, 3);
insert into webhooks (id, account_id, url, secret, set_by, set_at, created_by, created_at, status, last_seq, cursor_seq, attempts, claims)
    values (x'00000000000070008000000000000142', x'00000000000070008000000000000001', 'https://hooks.example.org/ending', randomblob(100), x'00000000000070008000000000000011', 1764000000000000, x'00000000000070008000000000000011', 1764000000000000, 'ending', 9, 0, 0, 0);
insert into webhooks (id, account_id, url, secret, set_by, set_at, created_by, created_at, status, why, disabled_at, cursor_seq, attempts, claims)
    values (x'00000000000070008000000000000143', x'00000000000070008000000000000001', 'https://hooks.example.org/ended', randomblob(100), x'00000000000070008000000000000011', 1764000000000000, x'00000000000070008000000000000011', 1764000000000000, 'disabled', 'recovered', 1764007200000000, 0, 0, 0);
insert into webhook_deliveries (id, webhook_id, event, type, attempt, at, milliseconds, outcome, status, trouble, excerpt)
    values (x'00000000000070008000000000000152', x'00000000000070008000000000000141', 'acct_00000000007000800000000001-1', 'case.opened', 1, 1764000000000000, 12, 'failed', 500, null, 'no');
insert into webhook_deliveries (id, webhook_id, event, type, attempt, at, milliseconds, outcome, status, trouble, excerpt)
    values (x'00000000000070008000000000000153', x'00000000000070008000000000000141', 'acct_00000000007000800000000001-1', 'case.opened', 2, 1764000000000000, 5000, 'failed', null, 'too_slow', '');
