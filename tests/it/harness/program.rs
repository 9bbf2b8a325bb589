//! Programs of the system that a test runs for itself alone, each with a directory of its own. They and their files are gone
//! when the test is, however that ends.

use std::{
    io::Write,
    net::{TcpListener, UdpSocket},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use tokio::net::TcpStream;

use super::postfix::PATIENCE;

/// A running program.
pub struct Program {
    directory: PathBuf,
    /// Ends the program and removes its files once its pipe is closed, with this value or with this process.
    leash: Child,
}

impl Program {
    /// A new directory for a program.
    pub fn directory(name: &str) -> PathBuf {
        let made = output(Command::new("mktemp").args(["-d", &format!("/tmp/quorate-test-{name}-XXXXXX")]));
        PathBuf::from(String::from_utf8(made).unwrap().trim())
    }

    /// Runs the program, which must not leave for the background, until it answers at that port of this machine.
    pub async fn start(directory: PathBuf, program: &mut Command, port: u16) -> Self {
        let script = r#"
            directory=$1
            shift
            "$@" </dev/null >"$directory/log" 2>&1 &
            read -r _
            kill -s KILL $!
            wait
            rm -rf "$directory""#;
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh"]).arg(&directory).arg(program.get_program()).args(program.get_args());
        // It has its own process group, so that Ctrl-C in the terminal reaches the tests and not their cleaner.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let started = Self { leash: command.spawn().unwrap(), directory };
        let mut pause = tokio::time::interval(Duration::from_millis(20));
        let wait = async {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                pause.tick().await;
            }
        };
        let answered = tokio::time::timeout(PATIENCE, wait).await;
        assert!(answered.is_ok(), "{command:?} does not answer: {}", started.log());
        started
    }

    /// What it says of itself.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("log")).unwrap_or_default()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.leash.stdin.take());
        drop(self.leash.wait());
    }
}

/// Whether the program is there. Where it is not, that is said aloud, or fails where the variable says that it is required.
pub fn is_there(program: &str, required: &str) -> bool {
    if Path::new(program).exists() {
        return true;
    }
    assert!(std::env::var_os(required).is_none(), "there is no {program}");
    // Past the capture of the test's output, so that nobody believes it was tested.
    let warning = format!("\nSKIPPED: a test with a program of the system. There is no {program}\n\n");
    std::io::stderr().lock().write_all(warning.as_bytes()).unwrap();
    false
}

/// How many ports this process has given out.
static GIVEN: AtomicU16 = AtomicU16::new(0);

/// A port of this machine at which nobody listens, neither for TCP nor for UDP. It is let go before a program takes it, so each is
/// given out once, and lies below those that the system gives to whoever asks for any.
pub fn free_port() -> u16 {
    const FIRST: u16 = 20_000;
    const ALL: u16 = 12_000;
    // Another process begins elsewhere.
    let start = u16::try_from(std::process::id() * 37 % u32::from(ALL)).unwrap();
    loop {
        let port = FIRST + (start + GIVEN.fetch_add(1, Ordering::Relaxed)) % ALL;
        let address = ("127.0.0.1", port);
        if TcpListener::bind(address).is_ok() && UdpSocket::bind(address).is_ok() {
            return port;
        }
    }
}

/// What a program that ends by itself has written.
pub fn output(command: &mut Command) -> Vec<u8> {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
