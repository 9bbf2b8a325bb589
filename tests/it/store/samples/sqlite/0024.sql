-- One row at least of everything that there is after step 0024.

update users set time_zone = 'Europe/Berlin' where id = (select min(id) from users);
update mails set time_zone = 'Europe/Berlin' where id = (select min(id) from mails);
