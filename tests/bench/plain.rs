//! (A): what a vote has to read and write, as plain statements, one for each thing. Written by hand, once for both
//! databases: it is the yardstick, so it does not follow the service.

use super::numbers::{self, Named, TOKEN, TOKEN_LETTERS};
use super::pgbench::{CHOICE, choose};

/// For `pgbench`.
pub fn script() -> String {
    let id = |named: Named, variable: &str| {
        format!("('{}' || lpad(:{variable}::text, 12, '0'))::uuid", numbers::prefix(named))
    };
    let (account, case, user) =
        (id(Named::Account, "account"), id(Named::OpenCase, "account"), id(Named::User, "voter"));
    let token = format!("sha256(convert_to('{TOKEN}' || lpad(:voter::text, {TOKEN_LETTERS}, '0'), 'UTF8'))");
    let body = BODY.replace(':', "\\x3a").replace('\'', "''");
    let hash = "'\\x5bd0d7a5f2ac2f9ad7d2a0f7a7cf9a0a1c7d6f0c4f1f5f8c2a9e3d1b7c6f5e4d'";
    let statements = [
        format!(
            "select s.id, s.user_id, s.created_at, s.expires_at, s.proven_at, s.proven_by, c.mail_since from sessions s left join credentials c on c.id = s.proven_by where s.token_hash = {token} and s.ended_at is null and s.expires_at > now()"
        ),
        "begin".to_owned(),
        format!(
            "select name, preset, policy, status, created_at, version, head_seq, head_hash from accounts where id = {account} for update \\gset"
        ),
        format!(
            "select opener, terms, terms_hash, state, since_at, until_at, due_at, ended_at, ended_by, rejection, pauses, extended, reminders, version from cases where id = {case}"
        ),
        format!(
            "select e.user_id, e.lost_at, b.choice, b.way, b.terms_hash, b.cast_at from electors e left join ballots b on b.case_id = e.case_id and b.user_id = e.user_id where e.case_id = {case}"
        ),
        format!(
            "select m.user_id, m.role, m.administrator, m.status, m.owner, u.name, u.email, u.confirmed_at from members m join users u on u.id = m.user_id where m.account_id = {account} and (m.owner or m.administrator)"
        ),
        format!(
            "insert into ballots (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live) values ({case}, {user}, {account}, {CHOICE}, 'signed_in', {hash}, now(), true) on conflict (case_id, user_id) do update set choice = excluded.choice, way = excluded.way, terms_hash = excluded.terms_hash, cast_at = excluded.cast_at, live = excluded.live"
        ),
        format!(
            "insert into activity (account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash) values ({account}, :head_seq::bigint + 1, now(), 'case.ballot_cast', {user}, {case}, {user}, false, E'{body}', {hash})"
        ),
        format!("update accounts set head_seq = head_seq + 1, head_hash = {hash} where id = {account}"),
        format!("update cases set version = version + 1 where id = {case}"),
        "commit".to_owned(),
    ];
    let statements: String = statements
        .iter()
        .map(|text| if text.ends_with("\\gset") { format!("{text}\n") } else { format!("{text};\n") })
        .collect();
    format!("{}{statements}", choose())
}

/// As long as an entry of the service.
pub const BODY: &str = concat!(
    r#"{"account":"acct_01j0000004e008000000000000","actor":{"type":"user","user":"user_01j0000008e008000000000005"},"#,
    r#""at":"2026-11-22T08:15:43.123456Z","case":"case_01j000000ce008000000000000","data":{"before":"reject","#,
    r#""choice":"approve","terms_hash":"5bd0d7a5f2ac2f9ad7d2a0f7a7cf9a0a1c7d6f0c4f1f5f8c2a9e3d1b7c6f5e4d","#,
    r#""way":"signed_in"},"kind":"case.ballot_cast","#,
    r#""prev":"5bd0d7a5f2ac2f9ad7d2a0f7a7cf9a0a1c7d6f0c4f1f5f8c2a9e3d1b7c6f5e4d","seq":205,"#,
    r#""user":"user_01j0000008e008000000000005"}"#
);
