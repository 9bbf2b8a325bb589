//! Every table and column of the schema is one that the log answers for, or stands here with the reason why not.

use std::collections::BTreeSet;

use quorate::store::tx::Backend;

use super::mutations::TABLES;
use crate::harness::{TestDb, on_both, world::World};

on_both!(the_log_answers_for_every_table_or_there_is_a_reason);

/// Tables for which the log does not answer, and what their rows can come to.
const APART: &[(&[&str], &str)] = &[
    (
        &["users", "credentials", "passkeys", "sign_ons", "sign_on_subjects", "sessions", "tokens", "ended_ceremonies"],
        "who somebody is: whoever writes there acts as others, and the log tells what they do",
    ),
    (
        &[
            "codes",
            "links",
            "recovery_codes",
            "recoveries",
            "sign_in_requests",
            "known_browsers",
            "idempotency",
            "guesses",
        ],
        "what is over within days, and worth nothing without the server's secret",
    ),
    (
        &[
            "roster",
            "roster_confirmations",
            "policy_changes",
            "recovery_users",
            "recovery_addresses",
            "paper_keys",
            "transfers",
        ],
        "what decides before a case is opened, or an offer is accepted: the terms fix it then, and the log tells both",
    ),
    (&["drills", "key_tries", "readiness_digests"], "what is counted to be told of"),
    (&["account_settings", "logos", "join_domains"], "how an account looks, and who may join it"),
    (&["mails", "inbound_mails", "webhooks", "webhook_deliveries"], "what goes out, and what came in"),
    (&["halts"], "what the check of accounts writes, and writes again within the hour"),
    (&["_sqlx_migrations"], "which migrations ran; `quorate doctor` compares them"),
];

/// Columns of the tables for which it does, and why it does not for these.
const BESIDE: &[(&str, &[&str], &str)] = &[
    (
        "accounts",
        &[
            "id",
            "name",
            "preset",
            "policy",
            "created_at",
            "version",
            "status",
            "closing_until",
            "parent_id",
            "depth",
            "reference",
            "primary_owner",
        ],
        "what an account is called and how it is used; the terms of a case hold the policy as it was",
    ),
    (
        "members",
        &["account_id", "user_id", "role", "administrator", "status", "created_at", "version"],
        "who has access, and to what",
    ),
    ("cases", &["reminders", "wake_at", "version", "warned"], "when to look again, and how often people were reminded"),
    ("redemptions", &["name"], "what somebody was called"),
    ("activity_personal", &["recorded_at"], "when a value can be erased"),
    ("log_keys", &["secret_key", "created_at"], "what only the service can read, and what proves nothing"),
    ("log_checkpoints", &["signed_at"], "the word of the service"),
    ("log_head", &["one"], "there is one row"),
];

async fn names(world: &World, sqlite: &str, postgres: &str) -> BTreeSet<String> {
    let statement = match world.app.db.backend() {
        Backend::Sqlite => sqlite,
        Backend::Postgres => postgres,
    };
    let text: &'static str = Box::leak(statement.to_owned().into_boxed_str());
    let found: Vec<String> = world.app.db.read().await.unwrap().sql(text).scalars().await.unwrap();
    found.into_iter().collect()
}

async fn the_log_answers_for_every_table_or_there_is_a_reason(test: TestDb) {
    let world = World::new(test);
    let tables = names(
        &world,
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'",
        "select table_name::text from information_schema.tables where table_schema = current_schema()",
    )
    .await;
    let known = TABLES.iter().map(|table| table.name).chain(APART.iter().flat_map(|(names, _)| names.iter().copied()));
    let known: Vec<String> = known.map(str::to_owned).collect();
    assert_eq!(known.len(), known.iter().collect::<BTreeSet<_>>().len(), "each stands once");
    assert_eq!(tables, known.into_iter().collect(), "a table is new: does the log answer for it?");
    for table in TABLES {
        let name = table.name;
        let columns = names(
            &world,
            &format!("select name from pragma_table_info('{name}')"),
            &format!(
                "select column_name::text from information_schema.columns where table_schema = current_schema() and table_name = '{name}'"
            ),
        )
        .await;
        let beside = BESIDE.iter().filter(|(of, ..)| *of == name).flat_map(|(_, columns, _)| columns.iter().copied());
        let known = table.columns.iter().map(|(column, _)| *column).chain(beside).map(str::to_owned).collect();
        assert_eq!(columns, known, "a column of `{name}` is new: does the log answer for it?");
    }
}
