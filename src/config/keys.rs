//! The keys there are, once, for the file, the environment and the messages.

/// One key of the configuration.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// As the file spells it, with a dot between a table and its key.
    pub name: &'static str,
    pub(super) kind: Kind,
}

/// The form of a key's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    List,
}

/// Every key, in the order of the file.
pub const KEYS: &[Key] = &[
    text("data_dir"),
    text("database"),
    text("database_file"),
    number("database_connections"),
    text("listen"),
    text("metrics_listen"),
    text("public_url"),
    text("secret_file"),
    text("presets_dir"),
    Key { name: "trusted_proxies", kind: Kind::List },
    Key { name: "dns_servers", kind: Kind::List },
    text("sign_on_networks"),
    text("inbound_address"),
    text("webhook_networks"),
    text("smtp.url"),
    text("smtp.url_file"),
    text("smtp.host"),
    number("smtp.port"),
    text("smtp.username"),
    text("smtp.password"),
    text("smtp.password_file"),
    text("smtp.tls"),
    text("smtp.ca_file"),
    text("smtp.from"),
    text("smtp.bounce_address"),
    text("smtp.dkim_domain"),
    text("smtp.dkim_selector"),
    text("smtp.dkim_key_file"),
    number("smtp.domain_at_once"),
    number("smtp.domain_per_minute"),
    number("limits.connections"),
    number("limits.header_seconds"),
    number("limits.body_bytes"),
    number("limits.request_seconds"),
    number("limits.leave_seconds"),
    number("limits.drain_seconds"),
    text("log.format"),
    text("log.filter"),
    number("jobs.sweep_seconds"),
    number("retention.personal_values_days"),
];

const fn text(name: &'static str) -> Key {
    Key { name, kind: Kind::Text }
}

const fn number(name: &'static str) -> Key {
    Key { name, kind: Kind::Number }
}

impl Key {
    /// The environment variable of the same meaning.
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.replace('.', "_").to_uppercase())
    }
}

/// What our environment variables begin with.
pub(super) const PREFIX: &str = "QUORATE_";
/// The variable that names the file.
pub(super) const CONFIG_VARIABLE: &str = "QUORATE_CONFIG";

/// Whether a variable with our prefix comes from Kubernetes, which describes a service called `quorate` so to every pod.
pub(super) fn is_of_kubernetes(variable: &str) -> bool {
    let name = variable.strip_prefix(PREFIX).unwrap_or_default();
    name == "PORT" || name.starts_with("PORT_") || name.starts_with("SERVICE_")
}

/// The known name that was probably meant.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .min()
        .filter(|(steps, _)| *steps <= 4)
        .map(|(_, known)| known)
}
