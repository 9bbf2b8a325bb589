//! From what was given to the configuration: defaults, and a check of every value.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::SignedDuration;
use reqwest::Url;
use tracing_subscriber::EnvFilter;

use super::{
    problem::ConfigError,
    secret::Secret,
    settings::{Config, Database, Jobs, Limits, Log, LogFormat, Retention},
    smtp,
    sources::{Given, Sources, Value},
};
use crate::ownership::{address::Email, networks::Networks};

/// Makes the configuration, or lists all that is wrong.
pub(super) fn build(given: Given, sources: &Sources<'_>) -> Result<Config, ConfigError> {
    let mut reader = Reader { given, sources };
    let data_dir = reader.data_dir();
    let listen = reader.address("listen", "write an address and a port, like `127.0.0.1:8400`");
    let listen = listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8400)));
    let config = Config {
        database: reader.database(&data_dir),
        database_connections: reader.connections(),
        listen,
        metrics_listen: reader.address("metrics_listen", "write an address and a port, like `127.0.0.1:8401`"),
        public_url: reader.public_url(listen),
        secret_file: reader.text("secret_file").map_or_else(|| data_dir.join("secret"), PathBuf::from),
        presets_dir: reader.text("presets_dir").map(PathBuf::from),
        trusted_proxies: reader.networks(),
        dns_servers: reader.dns_servers(),
        sign_on_networks: reader.where_others_are("sign_on_networks", "a provider"),
        webhook_networks: reader.where_others_are("webhook_networks", "a receiver"),
        inbound_address: reader.inbound_address(),
        smtp: smtp::read(&mut reader),
        limits: reader.limits(),
        log: reader.log(),
        jobs: Jobs { sweep: reader.seconds("jobs.sweep_seconds", Jobs::default().sweep, 1) },
        retention: Retention { personal_values: reader.days("retention.personal_values_days") },
        data_dir,
    };
    let problems = reader.given.problems;
    if problems.is_empty() { Ok(config) } else { Err(ConfigError { problems }) }
}

/// Takes values out of what was given, and notes what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) given: Given,
    sources: &'a Sources<'a>,
}

impl Reader<'_> {
    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        match self.given.take(name) {
            Some((Value::Text(text), _)) => Some(text),
            Some((Value::Number(_) | Value::List(_), _)) | None => None,
        }
    }

    /// A secret, given as it is or as the name of a file; the stronger source counts.
    pub(super) fn secret(&mut self, name: &'static str, file_name: &'static str) -> Option<Secret> {
        let (own, file) = (self.given.take(name), self.given.take(file_name));
        match (own, file) {
            (Some((_, own)), Some((_, file))) if own == file => {
                self.given.problem(name, format!("given twice, also as `{file_name}`"), "keep one of the two");
                None
            }
            (Some((Value::Text(text), own)), file) if file.as_ref().is_none_or(|(_, file)| own > *file) => {
                Some(Secret::new(text))
            }
            (_, Some((Value::Text(path), _))) => {
                let text = self.contents(file_name, &path)?;
                Some(Secret::new(text.trim_end_matches(['\r', '\n'])))
            }
            (_, _) => None,
        }
    }

    /// What stands in the file that this key names.
    pub(super) fn file(&mut self, name: &'static str) -> Option<String> {
        let path = self.text(name)?;
        self.contents(name, &path)
    }

    /// The file that this key names, and what stands in it.
    pub(super) fn file_at(&mut self, name: &'static str) -> Option<(PathBuf, String)> {
        let path = self.text(name)?;
        let contents = self.contents(name, &path)?;
        Some((PathBuf::from(path), contents))
    }

    fn contents(&mut self, name: &'static str, path: &str) -> Option<String> {
        (self.sources.read)(Path::new(path))
            .inspect_err(|error| {
                let detail = format!("`{path}` cannot be read ({})", error.kind());
                self.given.problem(name, detail, "mend its path or permissions");
            })
            .ok()
    }

    pub(super) fn parsed<T: std::str::FromStr>(&mut self, name: &'static str, text: &str, help: &str) -> Option<T> {
        let value = text.parse().ok();
        if value.is_none() {
            self.given.problem(name, format!("`{text}` cannot be used"), help);
        }
        value
    }

    pub(super) fn number(&mut self, name: &'static str, smallest: i64, largest: i64) -> Option<i64> {
        let Some((Value::Number(number), _)) = self.given.take(name) else { return None };
        if (smallest..=largest).contains(&number) {
            return Some(number);
        }
        self.given.problem(
            name,
            format!("`{number}` is out of range"),
            format!("choose a number from {smallest} to {largest}"),
        );
        None
    }

    fn seconds(&mut self, name: &'static str, default: Duration, smallest: i64) -> Duration {
        let seconds = self.number(name, smallest, 3600).and_then(|seconds| u64::try_from(seconds).ok());
        seconds.map_or(default, Duration::from_secs)
    }

    /// A month at least: what is younger may be needed to understand what just happened.
    fn days(&mut self, name: &'static str) -> Option<SignedDuration> {
        self.number(name, 30, 36_500).map(|days| SignedDuration::from_hours(days * 24))
    }

    fn size(&mut self, name: &'static str, default: usize, smallest: i64, largest: i64) -> usize {
        self.number(name, smallest, largest).and_then(|size| usize::try_from(size).ok()).unwrap_or(default)
    }

    fn data_dir(&mut self) -> PathBuf {
        if let Some(path) = self.text("data_dir") {
            return PathBuf::from(path);
        }
        // The XDG specification: a relative path is to be ignored.
        let absolute = |name| self.sources.environment.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(".local/share")));
        home.map_or_else(
            || {
                self.given.problem("data_dir", "there is no home directory to put it in", "set it");
                PathBuf::new()
            },
            |home| home.join("quorate"),
        )
    }

    fn database(&mut self, data_dir: &Path) -> Database {
        let default = || Database::Sqlite(data_dir.join("quorate.db"));
        let Some(url) = self.secret("database", "database_file") else { return default() };
        let text = url.expose();
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if !path.is_empty() && !path.starts_with(':') && !path.contains('?') {
                return Database::Sqlite(PathBuf::from(path));
            }
        } else if Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql")) {
            return Database::Postgres(url);
        }
        // Not shown: it may hold a password.
        self.given.problem(
            "database",
            "neither a file nor PostgreSQL",
            "write `sqlite:PATH` or `postgres://USER@HOST/NAME`",
        );
        default()
    }

    fn connections(&mut self) -> Option<u32> {
        self.number("database_connections", 1, 1000).and_then(|given| u32::try_from(given).ok())
    }

    fn public_url(&mut self, listen: SocketAddr) -> String {
        let Some(text) = self.text("public_url") else {
            // Nobody can open a link to `0.0.0.0`.
            return if listen.ip().is_unspecified() {
                format!("http://127.0.0.1:{}", listen.port())
            } else {
                format!("http://{listen}")
            };
        };
        let plain = |url: &Url| {
            matches!(url.scheme(), "http" | "https")
                && url.username().is_empty()
                && url.password().is_none()
                && url.query().is_none()
                && url.fragment().is_none()
        };
        if let Some(url) = Url::parse(&text).ok().filter(plain) {
            return url.as_str().trim_end_matches('/').to_owned();
        }
        self.given.problem("public_url", "not an address for browsers", "write one like `https://quorate.example.org`");
        text
    }

    fn address(&mut self, name: &'static str, help: &str) -> Option<SocketAddr> {
        let text = self.text(name)?;
        self.parsed(name, &text, help)
    }

    fn networks(&mut self) -> Vec<super::Network> {
        let Some((Value::List(items), _)) = self.given.take("trusted_proxies") else { return Vec::new() };
        let help = "write addresses like `10.0.0.1` and ranges like `10.0.0.0/8`, with zeros after the range's bits";
        items.iter().filter_map(|item| self.parsed("trusted_proxies", item, help)).collect()
    }

    fn dns_servers(&mut self) -> Option<Vec<SocketAddr>> {
        let Some((Value::List(items), _)) = self.given.take("dns_servers") else { return None };
        let mut servers = Vec::new();
        for item in items {
            let address = item.parse().or_else(|_| item.parse::<IpAddr>().map(|address| (address, 53).into()));
            match address {
                Ok(address) => servers.push(address),
                Err(_) => self.given.problem(
                    "dns_servers",
                    format!("`{item}` is not an address"),
                    "write addresses like `10.0.0.53`, with a port where it is not 53: `127.0.0.1:5353`",
                ),
            }
        }
        Some(servers)
    }

    fn where_others_are(&mut self, name: &'static str, who: &str) -> Networks {
        match self.text(name).as_deref() {
            None | Some("public") => Networks::Public,
            Some("private") => Networks::Private,
            Some(other) => {
                let detail = format!("`{other}` is not where {who} can be");
                self.given.problem(name, detail, "write `public` or `private`");
                Networks::Public
            }
        }
    }

    fn inbound_address(&mut self) -> Option<Email> {
        const KEY: &str = "inbound_address";
        /// Behind it come a plus and the 52 characters of a token, and what stands before an `@` has 64 at most.
        const LONGEST: usize = 11;
        let text = self.text(KEY)?;
        let email: Email = self.parsed(KEY, &text, "write an address like `votes@quorate.example.org`")?;
        let local = email.as_str().split('@').next().unwrap_or_default();
        if local.len() <= LONGEST && !local.contains('+') {
            return Some(email);
        }
        let detail = format!("`{local}` is too long, or has a plus, before which tokens cannot be written");
        self.given.problem(
            KEY,
            detail,
            "choose an address with 11 characters before the `@` at most, and without a plus",
        );
        None
    }

    fn limits(&mut self) -> Limits {
        let default = Limits::default();
        Limits {
            connections: self.size("limits.connections", default.connections, 1, 65_535),
            header: self.seconds("limits.header_seconds", default.header, 1),
            body: self.size("limits.body_bytes", default.body, 1024, 16 * 1024 * 1024),
            request: self.seconds("limits.request_seconds", default.request, 1),
            leave: self.seconds("limits.leave_seconds", default.leave, 0),
            drain: self.seconds("limits.drain_seconds", default.drain, 0),
        }
    }

    fn log(&mut self) -> Log {
        let default = Log::default();
        let format = match self.text("log.format").as_deref() {
            None => default.format,
            Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(other) => {
                self.given.problem("log.format", format!("`{other}` is not a format"), "write `text` or `json`");
                default.format
            }
        };
        let filter = self.text("log.filter").unwrap_or(default.filter);
        if EnvFilter::try_new(&filter).is_err() {
            self.given.problem(
                "log.filter",
                format!("`{filter}` is not a filter"),
                "write one like `info` or `info,quorate=debug`",
            );
        }
        Log { format, filter }
    }
}
