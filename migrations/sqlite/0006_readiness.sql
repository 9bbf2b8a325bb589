-- When owners are told by mail that their account is badly prepared for the loss of its people.

create table readiness_digests (
    account_id blob primary key not null references accounts (id),
    -- Whether the owners want to be told.
    wanted integer not null check (wanted in (0, 1)),
    -- When to look at the account (again).
    next_at integer not null
) strict;
create index readiness_digests_next on readiness_digests (next_at, account_id) where wanted;

-- Each account has its own hour of the week: that of its creation. So they are not all told at once after this step.
insert into readiness_digests (account_id, wanted, next_at)
select id, 1, created_at + 604800000000 * max(1, (unixepoch() * 1000000 - created_at + 604799999999) / 604800000000)
from accounts;

create trigger readiness_digests_guard before update on readiness_digests
when new.account_id <> old.account_id or new.next_at < old.next_at
begin
    select raise(abort, 'a digest never comes earlier');
end;
