-- One row at least of everything that there is after step 0012.

insert into ballot_signatures (case_id, user_id, signature)
    values (x'00000000000070008000000000000021', x'00000000000070008000000000000012', '{}');
