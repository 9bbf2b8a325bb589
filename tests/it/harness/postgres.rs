//! A PostgreSQL server of our own: started once per test process, on a socket in a directory of its own, from whatever
//! binaries the machine has, and gone when the process is, however it ends.
//!
//! PostgreSQL refuses to run as root, so root runs it as the user `postgres`.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use quorate::store::{db::Db, open::Options, schema};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::sync::OnceCell;

/// The running server.
pub struct Server {
    /// Its socket, its data, and its `log`.
    pub directory: PathBuf,
    binaries: PathBuf,
    settings: String,
    template: OnceCell<()>,
    databases: AtomicU32,
    /// The watchdog reads from this pipe. The system closes it when this process ends, and then it cleans up.
    _leash: std::process::Child,
}

/// The server of this process, or nothing where PostgreSQL is not installed.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(|| start("-c max_connections=400 -c fsync=off -c shared_buffers=64MB")).as_ref()
}

/// Starts a server with those settings, or none where PostgreSQL is not installed.
pub fn start(settings: &str) -> Option<Server> {
    let Some(binaries) = find_binaries() else {
        let message = "PostgreSQL is not installed (no `initdb` in /usr/lib/postgresql nor in PATH)";
        assert!(std::env::var_os("QUORATE_TEST_REQUIRE_POSTGRES").is_none(), "{message}");
        // Past the capture of the test's output, so that nobody believes it was tested.
        let warning = format!("\nSKIPPED: every test on PostgreSQL. {message}\n\n");
        std::io::Write::write_all(&mut std::io::stderr().lock(), warning.as_bytes()).unwrap();
        return None;
    };
    Some(launch(binaries, settings))
}

/// Another server, of which one test alone disposes, or nothing where PostgreSQL is not installed. It may be killed, so
/// what it says is saved is on the disk.
pub fn mortal() -> Option<Server> {
    server()?;
    start("-c max_connections=400 -c fsync=on -c shared_buffers=64MB")
}

fn launch(binaries: PathBuf, settings: &str) -> Server {
    let made = run(tool(Path::new("mktemp")).args(["-d", &format!("{}/quorate-test-postgres-XXXXXX", place())]));
    let directory = PathBuf::from(made.trim());
    let leash = watch(&binaries, &directory);
    let data = directory.join("data");
    run(tool(&binaries.join("initdb"))
        .args(["--username=quorate", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"])
        .arg(&data));
    // Without a port, nobody else's client can reach it, and ours can reach nobody else's server.
    let settings = format!("-c listen_addresses='' -c unix_socket_directories={} {settings}", directory.display());
    let (template, databases) = (OnceCell::new(), AtomicU32::new(0));
    let server = Server { directory, binaries, settings, template, databases, _leash: leash };
    server.start();
    server
}

/// Where servers are made: in memory where it has room. Thousands of databases come and go, and ext4 looks long for a place for
/// a file after so many were deleted: with a server on a disk, a test with many databases takes 1.6 to 1.9 times as long.
///
/// Not the temporary directory of the environment: the path of a socket has 107 characters at most.
fn place() -> &'static str {
    const GIBIBYTES: u32 = 6;
    let memory = Command::new("df").args(["--output=avail", "--block-size=1G", "/dev/shm"]).output();
    let free = memory.ok().and_then(|said| String::from_utf8(said.stdout).ok()?.lines().last()?.trim().parse().ok());
    if free.is_some_and(|free: u32| free >= GIBIBYTES) { "/dev/shm" } else { "/tmp" }
}

impl Server {
    /// Starts it, after it was made or killed.
    pub fn start(&self) {
        run(tool(&self.binaries.join("pg_ctl"))
            .args(["start", "--wait", "--silent", "--options", &self.settings, "--log"])
            .arg(self.directory.join("log"))
            .arg("--pgdata")
            .arg(self.directory.join("data")));
    }

    /// Kills all of its processes at once, as a power cut would.
    pub fn kill(&self) {
        let file = self.directory.join("data/postmaster.pid");
        let first = std::fs::read_to_string(&file).unwrap().lines().next().unwrap().to_owned();
        let all = [vec![first.clone()], children(&first)].concat();
        let kill = format!("kill -s KILL {}", all.join(" "));
        // A child may have ended by itself by now.
        Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status().unwrap();
        while all.iter().any(|process| lives(process)) {
            std::thread::yield_now();
        }
        // Where nobody buries the dead, the next server would take the old one for living.
        std::fs::remove_file(file).unwrap();
        std::fs::remove_file(self.directory.join(".s.PGSQL.5432.lock")).unwrap();
    }

    /// The address of a new database without a schema.
    pub async fn empty_database(&self) -> String {
        self.database("template1").await
    }

    /// The address of a new database with the whole schema.
    pub async fn migrated_database(&self) -> String {
        self.template.get_or_init(|| self.make_template()).await;
        self.database("quorate_template").await
    }

    /// The address of a copy of a database to which nobody is connected.
    pub async fn copy_of(&self, url: &str) -> String {
        let (address, _) = url.split_once('?').unwrap();
        let (_, name) = address.rsplit_once('/').unwrap();
        self.database(name).await
    }

    /// The same address by way of the socket in another directory.
    pub fn through(&self, url: &str, directory: &Path) -> String {
        url.replace(&self.directory.display().to_string(), &directory.display().to_string())
    }

    /// Where its socket is.
    pub fn socket_directory(&self) -> &Path {
        &self.directory
    }

    async fn make_template(&self) {
        self.command("create database quorate_template").await;
        let db = Db::open(&self.url("quorate_template"), &Options::default()).await.unwrap();
        schema::migrate(&db).await.unwrap();
        db.close().await;
    }

    async fn database(&self, template: &str) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.command(&format!("create database {name} template {template}")).await;
        self.url(&name)
    }

    async fn command(&self, statement: &str) {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.unwrap();
        let (found,): (String,) = sqlx::query_as("show data_directory").fetch_one(&mut connection).await.unwrap();
        assert_eq!(Path::new(&found), self.directory.join("data"), "another server answered");
        connection.execute(AssertSqlSafe(statement.to_owned())).await.unwrap();
        connection.close().await.unwrap();
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://quorate@localhost/{database}?host={}", self.directory.display())
    }
}

/// Drops a database of the server of this process that nobody needs any more, whoever is still connected. Thousands are
/// made, and each takes as much room as it took to create it. What is not there, or is another server's, stays.
pub fn discard(url: &str) {
    let Some((address, host)) = url.split_once("?host=") else { return };
    let Some(server) = server().filter(|server| Path::new(host) == server.directory) else { return };
    let name = address.rsplit_once('/').map_or(address, |(_, name)| name);
    let mut drop = Command::new(server.binaries.join("dropdb"));
    drop.args(["--force", "--if-exists", "--username=quorate", "--host", host, name]);
    // Whoever ends here may be failing already, and says more about it than this.
    let _ = drop.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// Leaves a process behind that stops the server and removes its files once we are gone.
fn watch(binaries: &Path, directory: &Path) -> std::process::Child {
    // It has its own process group, so that Ctrl-C in the terminal reaches the tests and not their cleaner.
    let script = r#"read -r _; "$1/pg_ctl" stop --mode=immediate --silent --pgdata "$2/data"; rm -rf "$2""#;
    let mut command = tool(Path::new("sh"));
    command.args(["-c", script, "sh"]).arg(binaries).arg(directory);
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn children(of: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let names = processes.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| status(name).is_some_and(|fields| fields.get(1).is_some_and(|parent| parent == of))).collect()
}

fn lives(process: &str) -> bool {
    status(process).is_some_and(|fields| fields.first().is_some_and(|state| state != "Z" && state != "X"))
}

/// What the system says of a process: its state, its parent, and more.
fn status(process: &str) -> Option<Vec<String>> {
    process.parse::<u32>().ok()?;
    let line = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = line.rsplit_once(") ")?;
    Some(fields.split(' ').map(str::to_owned).collect())
}

/// A command that runs as somebody whom PostgreSQL accepts.
fn tool(program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    // The directory of the tests may be closed to that user.
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").unwrap()) == 0
}

fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The directory with `initdb` and its like: the one that `QUORATE_TEST_POSTGRES` names, the newest of Debian's, or the
/// one in PATH.
pub fn find_binaries() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("QUORATE_TEST_POSTGRES") {
        return Some(PathBuf::from(named)).filter(|path| path.join("initdb").exists());
    }
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let newest = debian
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse::<u32>().ok()?, path.join("bin"))))
        .filter(|(_, path)| path.join("initdb").exists())
        .max();
    let in_path = || {
        let paths = std::env::var_os("PATH")?;
        let found = std::env::split_paths(&paths).find(|path| path.join("initdb").exists())?;
        // It may be a link into the directory where its companions are.
        found.join("initdb").canonicalize().ok()?.parent().map(Path::to_path_buf)
    };
    newest.map(|(_, path)| path).or_else(in_path)
}
