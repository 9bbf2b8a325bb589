//! The configuration as the rest of the service sees it.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use jiff::SignedDuration;
use lettre::message::Mailbox;

use super::{network::Network, secret::Secret};
use crate::{
    mail::{pace, return_path::ReturnPath},
    ownership::{address::Email, networks::Networks},
};

/// Everything that an operator decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the embedded database and the server's secret live.
    pub data_dir: PathBuf,
    /// The database.
    pub database: Database,
    /// Connections that write, as many that read, and half as many for snapshots; without it, as many as suit the machine.
    pub database_connections: Option<u32>,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address at which the numbers are shown to whoever watches. Without it, only somebody at this machine sees them.
    pub metrics_listen: Option<SocketAddr>,
    /// The address that links in mails and pages begin with; no slash at its end.
    pub public_url: String,
    /// The file that holds the server's secret.
    pub secret_file: PathBuf,
    /// The directory of the operator's own presets.
    pub presets_dir: Option<PathBuf>,
    /// Proxies whose word about the client's address is taken.
    pub trusted_proxies: Vec<Network>,
    /// The DNS servers that are asked; without them, those of the machine. An empty list: nobody is asked.
    pub dns_servers: Option<Vec<SocketAddr>>,
    /// Where the identity providers of accounts may be.
    pub sign_on_networks: Networks,
    /// The address to which votes by mail go; without it, there are none.
    pub inbound_address: Option<Email>,
    /// Where the receivers of accounts' webhooks may be.
    pub webhook_networks: Networks,
    /// The mail server; without one, mails go to the built-in mailbox.
    pub smtp: Option<Smtp>,
    /// What clients are granted.
    pub limits: Limits,
    /// The log.
    pub log: Log,
    /// The sweeps of due rows.
    pub jobs: Jobs,
    /// How long things are kept.
    pub retention: Retention,
}

/// Which database, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// The embedded one, in this file.
    Sqlite(PathBuf),
    /// PostgreSQL at this URL, which may hold a password.
    Postgres(Secret),
}

impl Database {
    /// Its address, as the store opens it.
    pub fn url(&self) -> Secret {
        match self {
            Self::Sqlite(path) => Secret::new(format!("sqlite:{}", path.display())),
            Self::Postgres(url) => url.clone(),
        }
    }
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who we are to it.
    pub username: Option<String>,
    /// And how we prove it.
    pub password: Option<Secret>,
    /// How the connection is protected.
    pub tls: Tls,
    /// Certificates in PEM: whoever they vouch for is trusted, and nobody else. Without them, the system's count.
    pub authorities: Option<String>,
    /// The sender of every mail.
    pub from: Mailbox,
    /// Where mail servers report what became of mails; without it, to the sender, where nobody reads it.
    pub bounces: Option<ReturnPath>,
    /// How mails are signed; without it, they are not, or the mail server does it.
    pub dkim: Option<Dkim>,
    /// How fast mails go to one domain.
    pub pace: pace::Limits,
}

/// The key with which mails are signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dkim {
    /// The domain in whose name.
    pub domain: String,
    /// Under which name the domain publishes the key's other half.
    pub selector: String,
    /// The file of the key.
    pub file: PathBuf,
    /// The key in PEM, as it stood there.
    pub key: Secret,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// TLS from the first byte.
    Implicit,
    /// STARTTLS, or no mail.
    Required,
    /// STARTTLS where the server offers it.
    Opportunistic,
    /// In the clear.
    None,
}

/// What clients are granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections open at once.
    pub connections: usize,
    /// Time for a request's header to arrive, and for an idle connection to stay open.
    pub header: Duration,
    /// The largest body of a request, in bytes.
    pub body: usize,
    /// Time for a body to arrive, and again for the answer to be ready.
    pub request: Duration,
    /// Time at shutdown in which new requests are still answered, while readiness says no: for a load balancer to notice.
    pub leave: Duration,
    /// Time for requests under way to finish at shutdown.
    pub drain: Duration,
}

/// The log, which goes to standard error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// For people or for programs.
    pub format: LogFormat,
    /// Which lines are written, as `tracing-subscriber` reads it.
    pub filter: String,
}

/// The form of the log's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The sweeps of due rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jobs {
    /// The longest time between two sweeps.
    pub sweep: Duration,
}

/// How long things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// Personal values of the activity logs; without it, until somebody asks that they are erased.
    pub personal_values: Option<SignedDuration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            header: Duration::from_secs(10),
            body: 64 * 1024,
            request: Duration::from_secs(10),
            leave: Duration::ZERO,
            drain: Duration::from_secs(20),
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned() }
    }
}

impl Default for Jobs {
    fn default() -> Self {
        Self { sweep: Duration::from_secs(5) }
    }
}
