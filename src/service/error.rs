//! Why the service cannot work here, and what the operator can do.

use std::{io, net::SocketAddr, path::PathBuf};

use crate::{
    jobs::schedule::NotScheduled,
    mail::{dkim::BadKey, smtp::BadSettings},
    ownership::preset::PresetError,
    store::{error::DbError, schema::Status},
};

/// Why the service cannot work here.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// Nobody has run `quorate init`, or the file is elsewhere.
    #[error("there is no server secret at `{0}`")]
    NoSecret(PathBuf),
    /// The secret is there, and we may not read it.
    #[error("the server secret at `{path}` cannot be read ({})", source.kind())]
    SecretFile {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("the file `{0}` does not hold a server secret, which is 64 hexadecimal digits")]
    NotASecret(PathBuf),
    /// The file of the embedded database is not there.
    #[error("there is no database at `{0}`")]
    NoDatabase(PathBuf),
    /// The database, or its schema.
    #[error(transparent)]
    Database(#[from] DbError),
    /// Some of the operator's presets are wrong.
    #[error("{}", lines(.0))]
    Presets(Vec<PresetError>),
    /// The operator's presets, or one of them, cannot be read.
    #[error("the presets in `{path}` cannot be read ({})", source.kind())]
    PresetFile {
        /// The directory or the file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Accounts were made from presets that are not there any more.
    #[error("there are accounts of {} `{}`, and no such preset is there", if .0.len() == 1 { "the preset" } else { "the presets" }, .0.join("`, `"))]
    PresetsGone(Vec<String>),
    /// Mails would go nowhere.
    #[error("there is no mail server, and the built-in mailbox is only for a service that nobody else can reach")]
    NoMailServer,
    /// The mail server's name cannot be used.
    #[error(transparent)]
    MailServer(#[from] BadSettings),
    /// The key with which mails are signed cannot be used.
    #[error(transparent)]
    Dkim(#[from] BadKey),
    /// Somebody else listens there, or we may not.
    #[error("cannot listen on `{address}` ({})", source.kind())]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The scheduler does not work.
    #[error(transparent)]
    Jobs(#[from] NotScheduled),
}

impl NotReady {
    /// What the operator can do, where there is something to say.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoSecret(_) => {
                "run `quorate init`, which makes all that is needed; if you did, give `--config` or `--data-dir` as you did then"
            }
            Self::SecretFile { .. } => "let the user that runs the service read it, and nobody else",
            Self::NotASecret(_) => "bring it back from your backup, or set `secret_file` to the right file",
            Self::NoDatabase(_) => "mend `database`, or run `quorate migrate` to begin with an empty one",
            Self::Database(DbError::Schema(Status::Older { .. } | Status::Empty)) => {
                "make a backup first; on a single machine `quorate serve --auto-migrate` does it at every start"
            }
            Self::Presets(_) => {
                "mend the files in `presets_dir`; compare them with `src/ownership/presets` of the program"
            }
            Self::PresetFile { .. } => {
                "set `presets_dir` to the directory of your presets, and let the service read them"
            }
            Self::PresetsGone(_) => {
                "put their files back into `presets_dir`; an account keeps the preset it was made from"
            }
            Self::NoMailServer => {
                "set `smtp.url` and `smtp.from`; or, to try it out, let `listen` and `public_url` be `127.0.0.1`"
            }
            Self::Listen { .. } => "choose another address with `--listen`, or stop the program that has this one",
            Self::Database(_) | Self::MailServer(_) | Self::Dkim(_) | Self::Jobs(_) => return None,
        })
    }

    /// Whether the configuration, and not the world, is what has to change.
    pub const fn is_usage(&self) -> bool {
        match self {
            Self::NoMailServer
            | Self::MailServer(_)
            | Self::Dkim(_)
            | Self::Database(DbError::Address(_))
            | Self::Presets(_)
            | Self::PresetFile { .. }
            | Self::PresetsGone(_) => true,
            Self::NoSecret(_)
            | Self::SecretFile { .. }
            | Self::NotASecret(_)
            | Self::NoDatabase(_)
            | Self::Database(_)
            | Self::Listen { .. }
            | Self::Jobs(_) => false,
        }
    }
}

/// Everything that is wrong, one a line.
fn lines(problems: &[PresetError]) -> String {
    problems.iter().map(PresetError::to_string).collect::<Vec<_>>().join("\n")
}
