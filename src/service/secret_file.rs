//! The file that holds the server's secret: read at every start, written once.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use zeroize::Zeroizing;

use super::error::NotReady;
use crate::secret::ServerSecret;

/// Reads the secret.
///
/// # Errors
/// When the file is not there, not readable, or holds something else.
pub fn read(path: &Path) -> Result<ServerSecret, NotReady> {
    let text = fs::read_to_string(path).map(Zeroizing::new).map_err(|source| {
        let is = |kind| source.kind() == kind;
        if is(io::ErrorKind::NotFound) || is(io::ErrorKind::NotADirectory) {
            NotReady::NoSecret(path.to_owned())
        } else if is(io::ErrorKind::InvalidData) {
            NotReady::NotASecret(path.to_owned())
        } else {
            NotReady::SecretFile { path: path.to_owned(), source }
        }
    })?;
    text.parse().map_err(|_| NotReady::NotASecret(path.to_owned()))
}

/// Writes a new secret, readable by its owner only. A file that is there is never written over: the codes and links of
/// all mails under way hang on it.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when something is there, and whatever else the system says.
pub fn create(path: &Path, secret: &ServerSecret) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(secret.to_file().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}
