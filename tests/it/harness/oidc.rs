//! A real identity provider: oidc-provider from npm, run by node. It is gone when the test is, however that ends.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use super::browser::skipped_unless;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/harness/oidc.mjs");

/// The provider.
pub struct Oidc {
    child: Child,
    pub issuer: String,
}

/// Where oidc-provider is, or nothing; then it says so aloud, or fails where it is required.
pub fn directory() -> Option<PathBuf> {
    let named = std::env::var_os("QUORATE_TEST_OIDC").map(PathBuf::from);
    let found = named.filter(|directory| directory.join("node_modules/oidc-provider").is_dir());
    if found.is_none() {
        skipped_unless(
            "QUORATE_TEST_REQUIRE_OIDC",
            "signing in at a real provider",
            "QUORATE_TEST_OIDC names no directory with node_modules/oidc-provider",
        );
    }
    found
}

impl Oidc {
    /// Starts it for one client.
    pub fn start(directory: &PathBuf, redirect: &str, client: &str, secret: &str) -> Self {
        let mut child = Command::new("node")
            .arg(SCRIPT)
            .arg(directory)
            .args([redirect, client, secret])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| line.ok()?.parse::<u16>().ok()).expect("node says a port");
        // Its further words go nowhere, and it does not stop for want of a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, issuer: format!("http://localhost:{port}") }
    }
}

impl Drop for Oidc {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        drop(self.child.wait());
    }
}
