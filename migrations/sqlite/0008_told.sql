-- Who was told of a credential is asked with each proof that rests on one.
create index mails_event on mails (event) where event is not null and case_id is null;
