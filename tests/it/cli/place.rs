//! An installation in a directory of its own, worked on with the built program and with nothing of this environment.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Output, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
};

use serde_json::Value;

/// An installation, or the place for one.
pub struct Place {
    directory: tempfile::TempDir,
    database: Option<String>,
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Place {
    /// With the embedded database.
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), database: None }
    }

    /// With that database.
    pub fn with_database(url: &str) -> Self {
        Self { database: Some(url.to_owned()), ..Self::new() }
    }

    /// After `quorate init`.
    pub fn installed() -> Self {
        let place = Self::new();
        assert_eq!(place.run(&["init"]).code, Some(0));
        place
    }

    pub fn data_dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// Writes a file beside the data directory, and says where.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Gives everything to that user of this machine, and the database too where it is a file: they can run the program on it.
    pub fn hand_to(&self, user: &str) {
        let file = self.database.as_ref().and_then(|database| database.strip_prefix("sqlite:")).map(Path::new);
        let database = file.and_then(Path::parent);
        let mut command = Command::new("chown");
        command.args(["-R", user]).arg(self.directory.path()).args(database);
        assert!(command.status().unwrap().success(), "{command:?}");
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quorate"));
        command.args(args).arg("--data-dir").arg(self.data_dir()).env_clear().stdin(Stdio::null());
        if let Some(database) = &self.database {
            command.args(["--database", database]);
        }
        command
    }

    /// Runs a command that ends by itself.
    pub fn run(&self, args: &[&str]) -> Said {
        self.run_in(&[], args)
    }

    /// The same, in that environment. One that does not end is ended after a minute: a service that should have been
    /// refused fails its test, and does not keep it.
    pub fn run_in(&self, environment: &[(&str, &str)], args: &[&str]) -> Said {
        let command = self.command(args);
        let mut limited = Command::new("timeout");
        limited.args(["--kill-after=5", "60"]).arg(command.get_program()).args(command.get_args());
        limited.env_clear().envs(environment.iter().copied()).stdin(Stdio::null());
        Said::of(limited.output().unwrap())
    }

    /// What a command printed with `--json`.
    pub fn json(&self, args: &[&str]) -> Value {
        let said = self.run(&[args, &["--json"]].concat());
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{args:?}: {}", said.out);
        serde_json::from_str(&said.out).unwrap()
    }

    /// Runs statements on the embedded database, behind the program's back.
    pub async fn script(&self, statements: &str) {
        use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, sqlite::SqliteConnectOptions};
        let file = SqliteConnectOptions::new().filename(self.data_dir().join("quorate.db"));
        let mut connection = file.foreign_keys(false).connect().await.unwrap();
        connection.execute(AssertSqlSafe(statements.to_owned())).await.unwrap();
        connection.close().await.unwrap();
    }

    /// The service, ready.
    pub fn serve(&self, args: &[&str]) -> Serving {
        self.serve_in(&[], args)
    }

    /// The same, in that environment.
    pub fn serve_in(&self, environment: &[(&str, &str)], args: &[&str]) -> Serving {
        let always = ["serve", "--listen", "127.0.0.1:0", "--log-format", "json"];
        let mut command = self.command(&[&always[..], args].concat());
        let mut child = command.envs(environment.iter().copied()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Log::read(child.stderr.take().unwrap());
        let mut serving = Serving { child, log, address: String::new(), metrics: None };
        let ready = serving.until("ready");
        ready["address"].as_str().unwrap().clone_into(&mut serving.address);
        serving.metrics = ready["metrics"].as_str().map(str::to_owned);
        serving
    }
}

impl Said {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// It failed with that code, and said that.
    pub fn refused(&self, code: i32, words: &str) {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{}", self.err);
        assert!(self.err.contains(words), "`{words}` is not in: {}", self.err);
    }
}

/// The lines of a log. They are read as they come: a service whose log nobody reads stands still once the pipe is full.
struct Log(Receiver<String>);

impl Log {
    fn read(from: ChildStderr) -> Self {
        let (say, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(from).lines().map_while(Result::ok) {
                // Also when nobody listens any more.
                drop(say.send(line));
            }
        });
        Self(lines)
    }
}

/// A running service. It ends with the test, however that ends.
pub struct Serving {
    child: Child,
    log: Log,
    pub address: String,
    /// Where it shows its numbers, if that is an address of its own.
    pub metrics: Option<String>,
}

impl Serving {
    /// Reads the log up to a line that says that.
    pub fn until(&mut self, words: &str) -> Value {
        let mut before = Vec::new();
        loop {
            let line = self.log.0.recv().unwrap_or_else(|_| panic!("the log ended before `{words}`: {before:#?}"));
            match serde_json::from_str::<Value>(&line) {
                Ok(value) if value["message"].as_str().unwrap().starts_with(words) => return value,
                Ok(_) | Err(_) => before.push(line),
            }
        }
    }

    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    /// The status line and the body.
    pub fn get(&self, path: &str, token: &str) -> (String, String) {
        Self::get_at(&self.address, path, token)
    }

    /// The same, from another of its addresses.
    pub fn get_at(address: &str, path: &str, token: &str) -> (String, String) {
        let mut stream = TcpStream::connect(address).unwrap();
        let head =
            format!("GET {path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.lines().next().unwrap().to_owned(), body.to_owned())
    }

    pub fn signal(&self, name: &str) {
        // The shell's own `kill`: a small system has no other.
        let kill = format!("kill -s {name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// Kills it, without a chance to do anything more. What it had said until then.
    pub fn kill(&mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.log.0.iter().collect::<Vec<_>>().join("\n")
    }

    /// Its exit code, once it has ended.
    pub fn ended(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
