-- When owners are told by mail that their account is badly prepared for the loss of its people.

create table readiness_digests (
    account_id uuid primary key references accounts (id),
    -- Whether the owners want to be told.
    wanted boolean not null,
    -- When to look at the account (again).
    next_at timestamptz not null
);
create index readiness_digests_next on readiness_digests (next_at, account_id) where wanted;

-- Each account has its own hour of the week: that of its creation. So they are not all told at once after this step.
insert into readiness_digests (account_id, wanted, next_at)
select id, true,
    created_at + interval '7 days' * greatest(1, ceil(extract(epoch from now() - created_at) / 604800)::bigint)
from accounts;

create function readiness_digests_guard() returns trigger language plpgsql as $$
begin
    if new.account_id <> old.account_id or new.next_at < old.next_at then
        raise exception 'a digest never comes earlier';
    end if;
    return new;
end $$;
create trigger readiness_digests_guard before update on readiness_digests
    for each row execute function readiness_digests_guard();
