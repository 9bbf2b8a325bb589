//! The official library of Standard Webhooks: standardwebhooks from npm, run by node.

use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::browser::skipped_unless;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/harness/standard_webhooks.mjs");

/// Where the library is, or nothing; then it says so aloud, or fails where it is required.
pub fn directory() -> Option<PathBuf> {
    let named = std::env::var_os("QUORATE_TEST_WEBHOOKS").map(PathBuf::from);
    let found = named.filter(|directory| directory.join("node_modules/standardwebhooks").is_dir());
    if found.is_none() {
        skipped_unless(
            "QUORATE_TEST_REQUIRE_WEBHOOKS",
            "the official library of Standard Webhooks",
            "QUORATE_TEST_WEBHOOKS names no directory with node_modules/standardwebhooks",
        );
    }
    found
}

/// What the library says of something that was received: the webhook, or why it is none.
pub fn verify(directory: &Path, secret: &str, headers: &BTreeMap<String, String>, body: &str) -> Result<Value, String> {
    let mut node =
        Command::new("node").arg(SCRIPT).arg(directory).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let input = json!({"secret": secret, "headers": headers, "body": body}).to_string();
    node.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "node failed");
    let mut said: Value = serde_json::from_slice(&output.stdout).unwrap();
    match said.get_mut("taken") {
        Some(taken) => Ok(taken.take()),
        None => Err(said["refused"].as_str().unwrap().to_owned()),
    }
}
