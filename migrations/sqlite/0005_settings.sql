-- Edits of the policy, how an account looks, and who joins it by e-mail domain.

-- A change of the policy that has not taken effect: one at most for each account.
create table policy_changes (
    account_id blob primary key not null references accounts (id),
    policy text not null,
    proposed_by blob not null references users (id),
    proposed_at integer not null,
    -- From when it can take effect.
    effective_at integer not null,
    -- When to look whether it does; the policy sweep reads it.
    wake_at integer not null,
    constraint policy_changes_time check (effective_at >= proposed_at and wake_at >= effective_at)
) strict;
create index policy_changes_wake on policy_changes (wake_at);

create trigger policy_changes_update before update on policy_changes
when new.account_id <> old.account_id or new.policy <> old.policy or new.proposed_by <> old.proposed_by
    or new.proposed_at <> old.proposed_at or new.effective_at <> old.effective_at
begin
    select raise(abort, 'a change that waits is replaced, never edited');
end;
create trigger accounts_policy_update before update of policy on accounts
when new.policy <> old.policy and exists (
    select 1 from cases where account_id = old.id and state in ('collecting', 'waiting', 'paused')
)
begin
    select raise(abort, 'the policy stays while a case is open');
end;

-- What owners have set. An account without a row has set nothing.
create table account_settings (
    account_id blob primary key not null references accounts (id),
    brand_name text constraint account_settings_name check (length(brand_name) between 1 and 60),
    brand_colour text constraint account_settings_colour
        check (brand_colour glob '#[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]'),
    -- Whether accounts below it need a reference; null where it is as the preset says.
    child_reference text constraint account_settings_reference check (child_reference in ('mandatory', 'optional'))
) strict;

create table logos (
    account_id blob primary key not null references accounts (id),
    png blob not null constraint logos_png
        check (length(png) between 57 and 49152 and hex(substr(png, 1, 8)) = '89504E470D0A1A0A'),
    width integer not null constraint logos_width check (width between 16 and 1024),
    height integer not null constraint logos_height check (height between 16 and 1024),
    changed_at integer not null
) strict;

create table join_domains (
    account_id blob not null references accounts (id),
    domain text not null constraint join_domains_domain
        check (domain = lower(domain) and domain like '%_.%_' and domain not like '%@%' and length(domain) <= 253),
    role text not null,
    added_by blob not null references users (id),
    added_at integer not null,
    -- When its record was last found.
    proven_at integer,
    -- When to look for the record again; the domain sweep reads it.
    check_at integer,
    primary key (account_id, domain),
    constraint join_domains_proof check ((proven_at is null) = (check_at is null))
) strict;
create index join_domains_proven on join_domains (domain) where proven_at is not null;
create index join_domains_check on join_domains (check_at) where check_at is not null;

-- How the account looked when a mail was queued, so that the mail is the same at every attempt.
alter table mails add column brand_name text;
alter table mails add column brand_colour text;
