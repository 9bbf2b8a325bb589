-- One row at least of everything that there is after step 0005.

insert into policy_changes (account_id, policy, proposed_by, proposed_at, effective_at, wake_at)
    values (x'00000000000070008000000000000001', '{}', x'00000000000070008000000000000011', 1764000000000000, 1764259200000000, 1764259260000000);
insert into account_settings (account_id, brand_name, brand_colour, child_reference)
    values (x'00000000000070008000000000000001', 'Example Brand', '#1d4ed8', 'mandatory');
insert into logos (account_id, png, width, height, changed_at)
    values (x'00000000000070008000000000000001', x'89504e470d0a1a0a0000000d49484452000000100000001008060000001ff3ff610000000049444154000000000000000049454e44ae426082', 16, 16, 1764000000000000);
insert into join_domains (account_id, domain, role, added_by, added_at, proven_at, check_at)
    values (x'00000000000070008000000000000001', 'example.org', 'member', x'00000000000070008000000000000011', 1764000000000000, 1764003600000000, 1764090000000000);
insert into join_domains (account_id, domain, role, added_by, added_at, proven_at, check_at)
    values (x'00000000000070008000000000000001', 'example.net', 'member', x'00000000000070008000000000000011', 1764000000000000, null, null);
