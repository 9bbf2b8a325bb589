//! The presets of an installation: those that are part of the program, and the operator's own, read once at the start.

use std::{fs, io, path::Path};

use super::error::NotReady;
use crate::{
    ownership::preset::Presets,
    store::{accounts, db::Db},
};

/// What an operator's file ends with.
const ENDING: &str = "toml";

/// Reads every preset. In the directory, files that end otherwise than in `.toml` are none of ours.
///
/// # Errors
/// Everything that is wrong with any of the files, or why they cannot be read.
pub fn read(directory: Option<&Path>) -> Result<Presets, NotReady> {
    let files = match directory {
        Some(directory) => texts(directory)?,
        None => Vec::new(),
    };
    let files = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    Presets::with(files).map_err(NotReady::Presets)
}

/// Each file's name without its ending, and its text, in the order of the names.
fn texts(directory: &Path) -> Result<Vec<(String, String)>, NotReady> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source: io::Error| NotReady::PresetFile { path, source }
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).map_err(unreadable(directory))? {
        let path = entry.map_err(unreadable(directory))?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).filter(|name| !name.starts_with('.'));
        if let (Some(name), true) = (name, path.extension().is_some_and(|ending| ending == ENDING)) {
            let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
            files.push((name.to_owned(), text));
        }
    }
    files.sort();
    Ok(files)
}

/// Goes on only if every account's preset is there.
///
/// # Errors
/// [`NotReady::PresetsGone`] with those that are not, or when the database fails.
pub async fn require_used(db: &Db, presets: &Presets) -> Result<(), NotReady> {
    let used = accounts::presets(&mut db.read().await?).await?;
    let gone: Vec<String> = used.into_iter().filter(|name| presets.get(name).is_err()).collect();
    if gone.is_empty() { Ok(()) } else { Err(NotReady::PresetsGone(gone)) }
}
