-- In which zone of the IANA database a person reads moments, and in which a mail to them was written; none is UTC.
alter table users add column time_zone text check (length(time_zone) between 1 and 64);
alter table mails add column time_zone text check (length(time_zone) between 1 and 64);
