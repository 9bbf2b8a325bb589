-- The plan of an account that somebody has turned off.

update readiness_digests set wanted = false where account_id = '00000000-0000-7000-8000-000000000001';
