//! Flags, environment and file, laid over each other.

use std::{
    collections::BTreeMap,
    fmt, io,
    path::{Path, PathBuf},
};

use super::{
    build::build,
    keys::{CONFIG_VARIABLE, KEYS, Key, Kind, PREFIX, is_of_kubernetes, nearest},
    problem::{ConfigError, ConfigProblem},
    settings::Config,
};

/// Where a configuration comes from.
pub struct Sources<'a> {
    /// The keys given as flags, with their values.
    pub flags: Vec<(&'static str, String)>,
    /// The file, where a flag names one.
    pub file: Option<PathBuf>,
    /// The whole environment.
    pub environment: BTreeMap<String, String>,
    /// Reads a file; an argument so that a test needs none.
    pub read: &'a dyn Fn(&Path) -> io::Result<String>,
}

/// Reads the configuration.
pub fn load(sources: &Sources<'_>) -> Result<Config, ConfigError> {
    let mut given = Given { values: BTreeMap::new(), problems: Vec::new() };
    given.read_file(sources);
    given.read_environment(&sources.environment);
    for (name, value) in &sources.flags {
        given.put_text(name, value, Origin::Flag);
    }
    build(given, sources)
}

/// What was given, the stronger source having replaced the weaker.
pub(super) struct Given {
    values: BTreeMap<&'static str, (Value, Origin)>,
    pub(super) problems: Vec<ConfigProblem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(i64),
    List(Vec<String>),
}

/// Ordered from the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    File,
    Environment,
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "in the file",
            Self::Environment => "in the environment",
            Self::Flag => "as a flag",
        })
    }
}

impl Given {
    pub(super) fn take(&mut self, name: &'static str) -> Option<(Value, Origin)> {
        self.values.remove(name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    pub(super) fn problem(&mut self, key: impl Into<String>, detail: impl Into<String>, help: impl Into<String>) {
        self.problems.push(ConfigProblem { key: key.into(), detail: detail.into(), help: help.into() });
    }

    fn read_file(&mut self, sources: &Sources<'_>) {
        let named = sources.environment.get(CONFIG_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
        let Some(path) = sources.file.clone().or(named) else { return };
        let shown = path.display().to_string();
        match (sources.read)(&path).map(|text| text.parse::<toml::Table>()) {
            Err(error) => self.problem(
                shown,
                format!("cannot be read ({})", error.kind()),
                "name another file with `--config`, or mend its path or permissions",
            ),
            Ok(Err(error)) => {
                // The parser's own text quotes the line, which may hold a password.
                let place = error.span().map_or_else(String::new, |span| format!(" near byte {}", span.start));
                self.problem(
                    shown,
                    format!("not TOML{place}: {}", error.message()),
                    "compare it with deploy/quorate.toml",
                );
            }
            Ok(Ok(table)) => self.read_table("", table),
        }
    }

    fn read_table(&mut self, above: &str, table: toml::Table) {
        for (name, value) in table {
            let name = if above.is_empty() { name } else { format!("{above}.{name}") };
            match (KEYS.iter().find(|key| key.name == name), value) {
                (Some(key), value) => match of_file(key.kind, value) {
                    Some(value) => self.put(key, value, Origin::File),
                    None => self.wrong_kind(key, Origin::File),
                },
                (None, toml::Value::Table(inner)) if is_table(&name) => self.read_table(&name, inner),
                (None, _) => {
                    let help = nearest(&name, KEYS.iter().map(|key| key.name))
                        .map_or_else(|| "take it out".to_owned(), |known| format!("did you mean `{known}`?"));
                    self.problem(name, "no such key", help);
                }
            }
        }
    }

    fn read_environment(&mut self, environment: &BTreeMap<String, String>) {
        let variables: Vec<_> = KEYS.iter().map(Key::variable).collect();
        for (variable, value) in environment {
            let ours = variable.starts_with(PREFIX) && variable != CONFIG_VARIABLE;
            // An empty variable is how a container file says that there is none.
            if !ours || value.is_empty() {
                continue;
            }
            if let Some(key) = KEYS.iter().find(|key| key.variable() == *variable) {
                self.put_text(key.name, value, Origin::Environment);
            } else if !is_of_kubernetes(variable) {
                let help = nearest(variable, variables.iter().map(String::as_str))
                    .map_or_else(|| "unset it".to_owned(), |known| format!("did you mean `{known}`?"));
                self.problem(variable.clone(), "no such variable", help);
            }
        }
    }

    fn put_text(&mut self, name: &str, text: &str, origin: Origin) {
        let Some(key) = KEYS.iter().find(|key| key.name == name) else { return };
        let list = || text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect();
        let value = match key.kind {
            Kind::Text => Some(Value::Text(text.to_owned())),
            Kind::Number => text.parse().ok().map(Value::Number),
            Kind::List => Some(Value::List(list())),
        };
        match value {
            Some(value) => self.put(key, value, origin),
            None => self.wrong_kind(key, origin),
        }
    }

    fn put(&mut self, key: &'static Key, value: Value, origin: Origin) {
        self.values.insert(key.name, (value, origin));
    }

    fn wrong_kind(&mut self, key: &'static Key, origin: Origin) {
        let help = match key.kind {
            Kind::Text => "write it as a text, in quotes",
            Kind::Number => "write it as a whole number",
            Kind::List => "write it as a list of texts",
        };
        self.problem(key.name, format!("not of the right form {origin}"), help);
    }
}

fn is_table(name: &str) -> bool {
    KEYS.iter().any(|key| key.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

fn of_file(kind: Kind, value: toml::Value) -> Option<Value> {
    match (kind, value) {
        (Kind::Text, toml::Value::String(text)) => Some(Value::Text(text)),
        (Kind::Number, toml::Value::Integer(number)) => Some(Value::Number(number)),
        (Kind::List, toml::Value::Array(items)) => {
            let texts = items.into_iter().map(|item| item.as_str().map(str::to_owned));
            texts.collect::<Option<_>>().map(Value::List)
        }
        (Kind::Text | Kind::Number | Kind::List, _) => None,
    }
}
