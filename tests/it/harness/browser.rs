//! Debian's Chromium, driven through WebDriver. Each browser has a driver and a profile of its own, and is gone when the
//! test is, however that ends.

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::webdriver::Session;

/// So many browsers run at once.
static TURNS: Semaphore = Semaphore::const_new(2);

/// A browser with an empty profile.
pub struct Browser {
    session: Session,
    /// Ends the driver and the browser once its pipe is closed, with this value or with this process.
    leash: Child,
    _profile: tempfile::TempDir,
    _turn: SemaphorePermit<'static>,
}

/// Whether pages may run scripts, as a person decides for their browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    On,
    Off,
}

impl Browser {
    /// A browser, or nothing where there is none; then it says so aloud, or fails where it is required.
    pub async fn open(script: Script) -> Option<Self> {
        for program in ["/usr/bin/chromium", "/usr/bin/chromedriver"] {
            if !Path::new(program).exists() {
                skipped("a test with a browser", &format!("there is no {program}"));
                return None;
            }
        }
        let turn = TURNS.acquire().await.unwrap();
        let profile = tempfile::Builder::new().prefix("quorate-test-browser-").tempdir().unwrap();
        let mut leash = leash(profile.path());
        let mut said = BufReader::new(leash.stdout.take().unwrap()).lines();
        let port = said.find_map(|line| {
            let line = line.unwrap();
            line.strip_prefix("ChromeDriver was started successfully on port ").map(|port| port.replace('.', ""))
        });
        let address = format!("http://127.0.0.1:{}", port.unwrap());
        let session = Session::start(&address, capabilities(profile.path(), script)).await;
        Some(Self { session, leash, _profile: profile, _turn: turn })
    }
}

impl std::ops::Deref for Browser {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.leash.stdin.take());
        drop(self.leash.wait());
    }
}

/// Says past the capture of the test's output that something is not tested, or fails where it must be.
pub fn skipped(what: &str, why: &str) {
    skipped_unless("QUORATE_TEST_REQUIRE_BROWSER", what, why);
}

/// The same, where it must be only if that is set.
pub fn skipped_unless(required: &str, what: &str, why: &str) {
    assert!(std::env::var_os(required).is_none(), "{why}");
    std::io::stderr().lock().write_all(format!("\nSKIPPED: {what}. {why}\n\n").as_bytes()).unwrap();
}

/// The driver starts the browser in its own process group, which is this one's.
fn leash(profile: &Path) -> Child {
    let script = "/usr/bin/chromedriver --port=0 & read -r _; kill -s KILL 0";
    let mut command = Command::new("sh");
    command.args(["-c", script]).env("HOME", profile).process_group(0);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

fn capabilities(profile: &Path, script: Script) -> Value {
    const ALWAYS: [&str; 12] = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--disable-breakpad",
        "--disable-crash-reporter",
        "--hide-scrollbars",
    ];
    let data = format!("--user-data-dir={}", profile.join("data").display());
    let prefs = match script {
        Script::On => json!({}),
        Script::Off => json!({"profile.default_content_setting_values.javascript": 2}),
    };
    json!({
        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        "goog:chromeOptions": {
            "binary": "/usr/bin/chromium",
            "args": ALWAYS.iter().copied().chain([data.as_str()]).collect::<Vec<_>>(),
            "prefs": prefs,
        },
    })
}
