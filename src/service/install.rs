//! Makes an installation: the data directory, the database, the server's secret and the first operator token.

use std::{
    fs::DirBuilder,
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    error::NotReady,
    open::{self, Sources, create_database},
    presets, secret_file,
};
use crate::{
    app::{
        app::App,
        error::Error,
        principal::Principal,
        tokens::{CreateToken, Created},
    },
    config::{Config, Database},
    outside::receivers::Receivers,
    password::hasher::{Cost, Passwords},
    secret::ServerSecret,
    sign_on::provider::Providers,
    store::{
        accounts,
        db::Db,
        error::DbError,
        schema::{self, Status},
        tokens::{self, Power},
    },
};

/// A new installation.
pub struct Installed {
    /// The service, open.
    pub app: App,
    /// The first operator token.
    pub operator: Created,
}

/// Why there is no new installation. Nothing that was there before has been changed.
#[derive(Debug, thiserror::Error)]
pub enum NotInstalled {
    /// There is one already.
    #[error("there is a server secret at `{0}` already, and it is never written over")]
    SecretExists(PathBuf),
    /// The database belongs to an installation, whose secret is not here.
    #[error("the database is in use already, and its server secret is not at `{0}`")]
    DatabaseInUse(PathBuf),
    /// A directory or file could not be made.
    #[error("`{path}` cannot be made ({})", source.kind())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The database.
    #[error(transparent)]
    NotReady(#[from] NotReady),
    /// The operator token.
    #[error("the operator token could not be made: {0}")]
    Token(Error),
}

impl NotInstalled {
    /// What the operator can do, where there is something to say.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::SecretExists(_) => Some(
                "this installation is made: go on with `quorate serve`; `quorate migrate` brings its database up to date, \
                 `quorate token create --kind operator --name NAME` makes one more operator token",
            ),
            Self::DatabaseInUse(_) => Some(
                "copy the secret from the machine on which `quorate init` was run; where it is lost, write 64 random \
                 hexadecimal digits there, and the links in mails that were sent before stop working",
            ),
            Self::File { .. } => Some("choose another place with `--data-dir`, or mend the permissions"),
            Self::NotReady(problem) => problem.help(),
            Self::Token(_) => Some("the rest is made; run `quorate token create --kind operator --name NAME`"),
        }
    }

    /// Whether the configuration, and not the world, is what has to change.
    pub const fn is_usage(&self) -> bool {
        match self {
            Self::NotReady(problem) => problem.is_usage(),
            Self::SecretExists(_) | Self::DatabaseInUse(_) | Self::File { .. } | Self::Token(_) => false,
        }
    }
}

impl From<DbError> for NotInstalled {
    fn from(error: DbError) -> Self {
        Self::NotReady(error.into())
    }
}

/// Makes an installation.
///
/// # Errors
/// Why there is none.
pub async fn install(config: &Config, sources: Sources) -> Result<Installed, NotInstalled> {
    if config.secret_file.exists() {
        return Err(NotInstalled::SecretExists(config.secret_file.clone()));
    }
    let presets = Arc::new(presets::read(config.presets_dir.as_deref())?);
    make_directory(&config.data_dir)?;
    if let Database::Sqlite(path) = &config.database
        && let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty())
    {
        make_directory(directory)?;
    }
    let db = create_database(config).await?;
    match schema::status(&db).await? {
        Status::Empty => schema::migrate(&db).await?,
        Status::Current if is_unused(&db).await? => {}
        Status::Current => return Err(NotInstalled::DatabaseInUse(config.secret_file.clone())),
        other @ (Status::Older { .. } | Status::Newer { .. } | Status::Altered { .. }) => {
            return Err(DbError::Schema(other).into());
        }
    }
    let Sources { clock, chance } = sources;
    let secret = ServerSecret::generate(&chance);
    // As late as possible: where the database says no, `init` can simply be repeated.
    secret_file::create(&config.secret_file, &secret)
        .map_err(|source| NotInstalled::File { path: config.secret_file.clone(), source })?;
    let dns = open::dns(config);
    let passwords = Passwords::new(Cost::STANDARD);
    let (providers, public_url) = (Providers::new(config.sign_on_networks), config.public_url.clone());
    let receivers = Receivers::new(config.webhook_networks);
    let app =
        App { db, clock, chance, secret, passwords, presets, dns, providers, receivers, public_url, inbound: None };
    let first = CreateToken {
        app: app.clone(),
        principal: Principal::Operator { token: None },
        name: "first operator".to_owned(),
        power: Power::Operator,
    };
    let operator = app.db.run(first).await.map_err(NotInstalled::Token)?;
    Ok(Installed { app, operator })
}

/// A directory that is there is left as it is; `quorate doctor` says whether others can look inside.
fn make_directory(path: &Path) -> Result<(), NotInstalled> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|source| NotInstalled::File { path: path.to_owned(), source })
}

async fn is_unused(db: &Db) -> Result<bool, DbError> {
    let mut tx = db.read().await?;
    Ok(accounts::list(&mut tx, None, 1).await?.is_empty() && tokens::list(&mut tx, None, 1).await?.is_empty())
}
