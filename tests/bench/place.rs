//! An installation of the real program, in a process of its own: made, seeded, served, measured and stopped.

use std::{
    collections::BTreeMap,
    fs::File,
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use quorate::{
    app::app::App,
    config,
    jobs::seal,
    service::open::{Outdated, Sources, open},
};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::{load::Client, stopwatch::Stopwatch};

/// The program that is measured: the one that is delivered.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_quorate");

/// A data directory and a database.
pub struct Place {
    pub directory: tempfile::TempDir,
    pub database: String,
}

/// The service, running.
pub struct Served {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to its first good answer.
    pub ready_after: Duration,
}

impl Place {
    /// Runs `quorate init` on that database, or on an embedded one.
    pub fn new(database: Option<String>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let embedded = || format!("sqlite:{}", directory.path().join("quorate.db").display());
        let place = Self { database: database.unwrap_or_else(embedded), directory };
        let output = place.command(&["init"]).output().unwrap();
        assert!(output.status.success(), "quorate init: {}", String::from_utf8_lossy(&output.stderr));
        place
    }

    /// A command of the program, with nothing of this environment.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(args).arg("--data-dir").arg(self.directory.path().join("data"));
        command.args(["--database", &self.database]).env_clear().stdin(Stdio::null());
        command
    }

    /// The installation as a library has it, in this process.
    pub async fn app(&self) -> App {
        let data = self.directory.path().join("data").display().to_string();
        let sources = config::Sources {
            flags: vec![("data_dir", data), ("database", self.database.clone())],
            file: None,
            environment: BTreeMap::new(),
            read: &|path| std::fs::read_to_string(path),
        };
        let config = config::load(&sources).unwrap();
        open(&config, Sources::system(), Outdated::Refuse).await.unwrap()
    }

    /// Seals every entry that waits.
    pub async fn seal(&self) {
        let app = self.app().await;
        seal::sweep(&app, &CancellationToken::new()).await.unwrap();
        app.db.close().await;
    }

    fn log(&self) -> PathBuf {
        self.directory.path().join("log")
    }

    /// Starts the service and waits until it is ready.
    pub async fn serve(&self, environment: &[(&str, &str)]) -> Served {
        let log = File::create(self.log()).unwrap();
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0", "--log-format", "json"]);
        command.envs(environment.iter().copied()).stderr(log);
        let watch = Stopwatch::start();
        let child = command.spawn().unwrap();
        let mut served = Served { child, address: ([127, 0, 0, 1], 0).into(), ready_after: Duration::ZERO };
        served.address = self.wait_for_address(&mut served, watch).await;
        let mut client = Client::connect(served.address).await;
        while client.get("/readyz", None).await != 200 {
            assert!(watch.passed() < PATIENCE, "the service is not ready");
        }
        served.ready_after = watch.passed();
        served
    }

    async fn wait_for_address(&self, served: &mut Served, watch: Stopwatch) -> SocketAddr {
        loop {
            let text = std::fs::read_to_string(self.log()).unwrap();
            if let Some(address) = text.lines().find_map(address) {
                return address;
            }
            let ended = served.child.try_wait().unwrap();
            assert!(ended.is_none() && watch.passed() < PATIENCE, "the service did not start: {text}");
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(30);

fn address(line: &str) -> Option<SocketAddr> {
    let line: Value = serde_json::from_str(line).ok()?;
    let said = line.get("address").or_else(|| line.get("fields")?.get("address"))?;
    said.as_str()?.parse().ok()
}

impl Served {
    /// What the process holds in memory, in KiB.
    pub fn memory(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// The most that it ever held, in KiB.
    pub fn peak(&self) -> f64 {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the service as an operator does.
    pub fn stop(mut self) {
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap();
    }
}

impl Drop for Served {
    /// After a panic of the benchmark, nothing stays behind.
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
