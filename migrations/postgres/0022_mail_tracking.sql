-- Mails that come back, claims that were given back untried, and reminders to owners.
alter table mails
    -- When it was reported that it did not arrive, and what the report says.
    add column bounced_at timestamptz,
    add column bounce text,
    -- How many of the claims were given back before anything was sent.
    add column untried bigint not null default 0,
    drop constraint mails_status_check,
    add constraint mails_status_check
        check (status in ('queued', 'accepted', 'bounced', 'undeliverable', 'dropped')),
    add constraint mails_bounce check (
        (status = 'bounced') = (bounced_at is not null) and (bounced_at is null) = (bounce is null)
    ),
    add constraint mails_untried check (untried between 0 and attempts);

create function mails_guard() returns trigger language plpgsql as $$
begin
    if old.status = 'bounced' and new.status <> 'bounced' then
        raise exception 'a mail that came back did not arrive';
    end if;
    return new;
end $$;
create trigger mails_guard before update on mails for each row execute function mails_guard();

-- How many of the reminders before the present due moment have gone out to the owners.
alter table cases add column warned bigint not null default 0 check (warned between 0 and 2);
-- Cases that wait already are looked at once, and owe their owners what is due.
update cases set wake_at = since_at where state = 'waiting';
create function cases_warned() returns trigger language plpgsql as $$
begin
    if new.warned < old.warned and new.since_at is not distinct from old.since_at
        and new.due_at is not distinct from old.due_at then
        raise exception 'owners are reminded once of each moment';
    end if;
    return new;
end $$;
create trigger cases_warned before update on cases for each row execute function cases_warned();
