//! A Postfix of our own: its settings, queue, certificates and mailboxes lie in a directory of its own, it listens on free
//! ports of this machine only, wants STARTTLS and a sign-in, relays nothing, and is gone when the test is, however that
//! ends. Every address of example.org, example.com and acme.example has a mailbox, but those that begin with `gone`.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, SystemTime},
};

use quorate::mail::smtp::{Login, Settings, Tls};

use super::{maildir::Delivered, program::free_port};

const USER: &str = "quorate@mail.example.org";
/// What the server takes until the test says otherwise.
pub const PASSWORD: &str = "the right password";
/// Ends every wait for another process; nobody should come near it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A running server.
pub struct Postfix {
    directory: PathBuf,
    pub ports: Ports,
    /// Ends the server and removes its files once its pipe is closed, with this value or with this process.
    leash: Child,
}

/// One port for each way of being a mail server. All want a sign-in.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    /// STARTTLS, and nothing without it.
    pub starttls: u16,
    /// TLS from the first byte.
    pub wrapped: u16,
    /// STARTTLS under a certificate with another name.
    pub misnamed: u16,
    /// No TLS at all.
    pub clear: u16,
}

/// What a server has beyond what all have. `{directory}` stands for its directory.
#[derive(Debug, Default)]
pub struct More<'a> {
    /// Settings for its `main.cf`.
    pub settings: &'a str,
    /// Services for its `master.cf`.
    pub services: &'a str,
    /// The transports of addresses, in `config/transport`.
    pub transports: &'a str,
}

impl Postfix {
    /// A server, or nothing where there is no Postfix; then it says so aloud, or fails where it is required.
    pub fn start() -> Option<Self> {
        Self::start_with(&More::default())
    }

    /// The same with more than all have.
    pub fn start_with(more: &More<'_>) -> Option<Self> {
        if let Some(missing) = missing() {
            let message = format!("Postfix cannot be run ({missing})");
            assert!(std::env::var_os("QUORATE_TEST_REQUIRE_POSTFIX").is_none(), "{message}");
            // Past the capture of the test's output, so that nobody believes it was tested.
            let warning = format!("\nSKIPPED: a test with a real mail server. {message}\n\n");
            std::io::stderr().lock().write_all(warning.as_bytes()).unwrap();
            return None;
        }
        // Not the temporary directory of the environment, which may be closed to the users that Postfix runs as.
        let made = run(Command::new("mktemp").args(["-d", "/tmp/quorate-test-postfix-XXXXXX"]));
        let directory = PathBuf::from(made.trim());
        run(Command::new("chmod").arg("711").arg(&directory));
        let leash = watch(&directory);
        let postfix = Self { ports: free_ports(), directory, leash };
        postfix.make_certificates();
        postfix.make_places();
        let own = [include_str!("postfix/main.cf"), include_str!("postfix/master.cf")];
        for (file, text) in [("main.cf", [own[0], more.settings]), ("master.cf", [own[1], more.services])] {
            postfix.write(&format!("config/{file}"), &postfix.fill(&text.concat()));
        }
        postfix.write("config/transport", more.transports);
        postfix.write("config/sasl/smtpd.conf", &postfix.fill(include_str!("postfix/smtpd.conf")));
        postfix.write("config/mailboxes", "if !/^gone/\n/./ all/\nendif\n");
        postfix.greet(Greeting::Friendly);
        postfix.set_password(PASSWORD);
        postfix.resume();
        Some(postfix)
    }

    /// Where everything of it lies.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The settings of whoever signs in rightly at that port.
    pub fn settings(&self, port: u16) -> Settings {
        Settings {
            host: "localhost".to_owned(),
            port,
            tls: if port == self.ports.wrapped { Tls::Wrapped } else { Tls::Required },
            authorities: Some(std::fs::read_to_string(self.authority()).unwrap()),
            login: Some(Login { user: USER.to_owned(), password: PASSWORD.to_owned() }),
            signer: None,
            hello: "quorate.example".to_owned(),
            timeout: PATIENCE,
        }
    }

    /// The same as a table of the configuration, for the built program.
    pub fn table(&self, port: u16) -> String {
        format!(
            "[smtp]\nhost = 'localhost'\nport = {port}\nca_file = '{}'\nusername = '{USER}'\npassword = '{PASSWORD}'\n\
             from = 'Quorate <quorate@example.org>'\n",
            self.authority().display()
        )
    }

    /// Whose certificates are right.
    pub fn authority(&self) -> PathBuf {
        self.directory.join("authority.pem")
    }

    /// From now on, the server takes this password.
    pub fn set_password(&self, password: &str) {
        let database = self.directory.join("sasldb2");
        let (user, realm) = USER.split_once('@').unwrap();
        let mut command = Command::new("/usr/sbin/saslpasswd2");
        command.args(["-p", "-c", "-u", realm, "-f"]).arg(&database).arg(user).stdin(Stdio::piped());
        let mut asked = command.stderr(Stdio::null()).spawn().unwrap();
        asked.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        assert!(asked.wait().unwrap().success(), "{command:?}");
        chown(&database, Some(id("-u", "postfix")), None).unwrap();
    }

    /// How the server receives from now on whoever connects anew.
    pub fn greet(&self, greeting: Greeting) {
        let (rule, age) = match greeting {
            Greeting::Friendly => ("", 1),
            Greeting::Grey => ("acme.example 450 4.2.0 Greylisted, please come back later\n", 2),
        };
        self.write("config/access", rule);
        let table = self.directory.join("config/access");
        run(Command::new("/usr/sbin/postmap").arg("-c").arg(self.directory.join("config")).arg(&table));
        // Before it greets anybody, Postfix looks at the table again if its time is another, in whole seconds.
        let table = std::fs::File::options().write(true).open(table.with_extension("db")).unwrap();
        table.set_modified(SystemTime::UNIX_EPOCH + Duration::from_hours(age)).unwrap();
    }

    /// Ends the server; what it has taken stays.
    pub fn stop(&self) {
        run(self.postfix("stop"));
    }

    /// Starts it, and makes sure that it is this one who answers.
    pub fn resume(&self) {
        run(self.postfix("start"));
        let name = self.directory.file_name().unwrap().to_str().unwrap();
        for port in [self.ports.starttls, self.ports.misnamed, self.ports.clear] {
            let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            let mut greeting = String::new();
            BufReader::new(stream).read_line(&mut greeting).unwrap();
            assert!(greeting.contains(name), "another server answered at {port}: {greeting}");
        }
    }

    /// Everything in the mailboxes, oldest first.
    pub fn delivered(&self) -> Vec<Delivered> {
        Delivered::all(&self.directory.join("mail/all/new"))
    }

    /// The newest mail of those that are found; waits until there is one.
    pub async fn newest(&self, fits: impl Fn(&Delivered) -> bool) -> Delivered {
        let mut pause = tokio::time::interval(Duration::from_millis(20));
        let wait = async {
            loop {
                pause.tick().await;
                if let Some(found) = self.delivered().into_iter().rev().find(&fits) {
                    return found;
                }
            }
        };
        let found = tokio::time::timeout(PATIENCE, wait).await;
        found.unwrap_or_else(|_| panic!("no such mail among {:#?}\n{}", self.delivered(), self.log()))
    }

    /// Tries everything again that waits.
    pub fn flush(&self) {
        run(self.postfix("flush"));
    }

    /// Waits until the server has noted that.
    pub async fn noted(&self, words: &str) {
        let mut pause = tokio::time::interval(Duration::from_millis(20));
        let wait = async {
            while !self.log().contains(words) {
                pause.tick().await;
            }
        };
        let noted = tokio::time::timeout(PATIENCE, wait).await;
        assert!(noted.is_ok(), "`{words}` is not in: {}", self.log());
    }

    /// What the server noted at the end of the last conversation: which commands there were, and how often.
    pub async fn goodbye(&self) -> String {
        let mut pause = tokio::time::interval(Duration::from_millis(20));
        let wait = async {
            loop {
                pause.tick().await;
                // Who only looked at the greeting has said nothing.
                let log = self.log();
                let end = log.lines().rev().find(|line| line.contains("disconnect from") && line.contains("ehlo="));
                if let Some(line) = end {
                    return line.to_owned();
                }
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("no conversation ended: {}", self.log()))
    }

    /// What the server says of itself.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("log/log")).unwrap_or_default()
    }

    fn make_certificates(&self) {
        self.write("openssl.cnf", "[req]\ndistinguished_name = name\nprompt = no\n[name]\nCN = Test\n");
        self.certificate("authority", &["-addext", "basicConstraints=critical,CA:TRUE"]);
        for (file, name) in [("named", "DNS:localhost"), ("misnamed", "DNS:mail.example.net")] {
            let name = format!("subjectAltName={name}");
            let authority = ["-CA", "authority.pem", "-CAkey", "authority.key"];
            self.certificate(
                file,
                &[&authority[..], &["-addext", &name, "-addext", "basicConstraints=CA:FALSE"]].concat(),
            );
        }
    }

    fn certificate(&self, file: &str, how: &[&str]) {
        let always = "req -config openssl.cnf -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
        let mut command = Command::new("openssl");
        command.args(always.split(' ')).args(how).args(["-out", &format!("{file}.pem")]);
        run(command.args(["-keyout", &format!("{file}.key")]).current_dir(&self.directory));
    }

    fn make_places(&self) {
        for (place, owner) in
            [("config/sasl", "root"), ("queue", "root"), ("data", "postfix"), ("log", "postfix"), ("mail", "nobody")]
        {
            let place = self.directory.join(place);
            std::fs::create_dir_all(&place).unwrap();
            chown(&place, Some(id("-u", owner)), None).unwrap();
        }
    }

    fn fill(&self, template: &str) -> String {
        let Ports { starttls, wrapped, misnamed, clear } = self.ports;
        let mut text = template.replace("{directory}", self.directory.to_str().unwrap());
        text = text.replace("{name}", self.directory.file_name().unwrap().to_str().unwrap());
        for (name, id) in [("{uid}", id("-u", "nobody")), ("{gid}", id("-g", "nobody"))] {
            text = text.replace(name, &id.to_string());
        }
        for (name, port) in
            [("{starttls}", starttls), ("{wrapped}", wrapped), ("{misnamed}", misnamed), ("{clear}", clear)]
        {
            text = text.replace(name, &port.to_string());
        }
        text
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.directory.join(file), text).unwrap();
    }

    fn postfix(&self, order: &str) -> Command {
        let mut command = Command::new("/usr/sbin/postfix");
        command.arg("-c").arg(self.directory.join("config")).arg(order);
        command
    }
}

/// How a server receives a mail from somebody whom it has not seen before.
#[derive(Debug, Clone, Copy)]
pub enum Greeting {
    /// It takes it.
    Friendly,
    /// It asks them to come back later.
    Grey,
}

impl Drop for Postfix {
    fn drop(&mut self) {
        drop(self.leash.stdin.take());
        drop(self.leash.wait());
    }
}

/// Leaves a process behind that stops the server and removes its files once we are gone.
fn watch(directory: &Path) -> Child {
    // Not `postfix stop`, which waits a second. `master -t` says whether it runs.
    let script = r#"
        read -r _
        MAIL_CONFIG="$1/config" /usr/lib/postfix/sbin/master -t || kill -s KILL -- "-$(tr -d ' ' <"$1/queue/pid/master.pid")"
        rm -rf "$1""#;
    let mut command = Command::new("sh");
    // It has its own process group, so that Ctrl-C in the terminal reaches the tests and not their cleaner.
    command.args(["-c", script, "sh"]).arg(directory).process_group(0);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn missing() -> Option<String> {
    // It changes its user for each of its parts.
    let root = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").unwrap()) == 0;
    let programs = ["/usr/sbin/postfix", "/usr/sbin/saslpasswd2", "/usr/bin/openssl"];
    let absent = programs.into_iter().find(|program| !Path::new(program).exists());
    absent.map(|program| format!("there is no {program}")).or_else(|| (!root).then(|| "only root can".to_owned()))
}

fn free_ports() -> Ports {
    Ports { starttls: free_port(), wrapped: free_port(), misnamed: free_port(), clear: free_port() }
}

fn id(kind: &str, user: &str) -> u32 {
    run(Command::new("id").args([kind, user])).trim().parse().unwrap()
}

fn run(mut command: impl std::borrow::BorrowMut<Command>) -> String {
    let command = command.borrow_mut();
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
