-- The plan of an account that somebody has turned off.

update readiness_digests set wanted = 0 where account_id = x'00000000000070008000000000000001';
