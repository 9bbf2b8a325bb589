//! From a configuration to an open service: its database, with the right schema, and its secret.

use std::sync::Arc;

use super::{error::NotReady, presets, secret_file};
use crate::{
    app::app::App,
    clock::Clock,
    config::{Config, Database},
    dns::Dns,
    outside::receivers::Receivers,
    password::hasher::{Cost, Passwords},
    secret::Chance,
    sign_on::provider::Providers,
    store::{db::Db, open::Options, schema},
};

/// Where time and chance come from. Tests hold both still.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The present moment.
    pub clock: Clock,
    /// Ids, salts and tokens.
    pub chance: Chance,
}

impl Sources {
    /// The machine's own.
    #[must_use]
    pub fn system() -> Self {
        Self { clock: Clock::system(), chance: Chance::system() }
    }
}

/// What to do with a database whose schema is older than this version, or empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outdated {
    /// Refuse it: with several replicas, somebody decides when to migrate.
    Refuse,
    /// Bring it up to date.
    Migrate,
}

/// Opens the service without starting anything.
///
/// # Errors
/// Why it cannot work here. The secret is looked for first, because that is what a newcomer does not have.
pub async fn open(config: &Config, sources: Sources, outdated: Outdated) -> Result<App, NotReady> {
    let secret = secret_file::read(&config.secret_file)?;
    let presets = presets::read(config.presets_dir.as_deref())?;
    let db = database(config).await?;
    match outdated {
        Outdated::Refuse => {}
        Outdated::Migrate => schema::migrate(&db).await?,
    }
    schema::require_current(&db).await?;
    presets::require_used(&db, &presets).await?;
    let Sources { clock, chance } = sources;
    let dns = dns(config);
    let presets = Arc::new(presets);
    let passwords = Passwords::new(Cost::STANDARD);
    let (providers, public_url) = (Providers::new(config.sign_on_networks), config.public_url.clone());
    let (inbound, receivers) = (config.inbound_address.clone(), Receivers::new(config.webhook_networks));
    Ok(App { db, clock, chance, secret, passwords, presets, dns, providers, receivers, public_url, inbound })
}

/// The DNS that this service asks.
pub(super) fn dns(config: &Config) -> Dns {
    config.dns_servers.as_deref().map_or_else(Dns::of_system, Dns::of_servers)
}

/// Opens the database, whatever its schema. An embedded one must be there: a new, empty file in the place of one that
/// was moved would look as if everything had been lost.
///
/// # Errors
/// Why it cannot be opened.
pub async fn database(config: &Config) -> Result<Db, NotReady> {
    if let Database::Sqlite(path) = &config.database
        && !path.exists()
    {
        return Err(NotReady::NoDatabase(path.clone()));
    }
    create_database(config).await
}

/// Opens the database; an embedded one is created where there is none.
///
/// # Errors
/// Why it cannot be opened.
pub async fn create_database(config: &Config) -> Result<Db, NotReady> {
    let options = config.database_connections.map_or_else(Options::default, Options::sized);
    Ok(Db::open(config.database.url().expose(), &options).await?)
}
