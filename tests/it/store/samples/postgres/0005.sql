-- One row at least of everything that there is after step 0005.

insert into policy_changes (account_id, policy, proposed_by, proposed_at, effective_at, wake_at)
    values ('00000000-0000-7000-8000-000000000001', '{}', '00000000-0000-7000-8000-000000000011', to_timestamp(1764000000), to_timestamp(1764259200), to_timestamp(1764259260));
insert into account_settings (account_id, brand_name, brand_colour, child_reference)
    values ('00000000-0000-7000-8000-000000000001', 'Example Brand', '#1d4ed8', 'mandatory');
insert into logos (account_id, png, width, height, changed_at)
    values ('00000000-0000-7000-8000-000000000001', '\x89504e470d0a1a0a0000000d49484452000000100000001008060000001ff3ff610000000049444154000000000000000049454e44ae426082', 16, 16, to_timestamp(1764000000));
insert into join_domains (account_id, domain, role, added_by, added_at, proven_at, check_at)
    values ('00000000-0000-7000-8000-000000000001', 'example.org', 'member', '00000000-0000-7000-8000-000000000011', to_timestamp(1764000000), to_timestamp(1764003600), to_timestamp(1764090000));
insert into join_domains (account_id, domain, role, added_by, added_at, proven_at, check_at)
    values ('00000000-0000-7000-8000-000000000001', 'example.net', 'member', '00000000-0000-7000-8000-000000000011', to_timestamp(1764000000), null, null);
