//! How far an account's log is sealed, as its page says it.

use data_encoding::BASE64;

use crate::{
    app::view::log::{AccountCheckpoint, CheckpointView},
    moment::Moment,
    zone::Zone,
};

/// The last checkpoint, and how many of the account's entries it does not cover.
pub struct Sealed {
    /// The checkpoint's number.
    pub number: u64,
    /// How many entries of all accounts it covers.
    pub size: u64,
    /// The root of the tree, as alerts have it.
    pub root: String,
    /// When it was signed.
    pub at: Moment,
    /// The same in the reader's zone.
    pub when: String,
    /// What of the account's log it covers, in a sentence.
    pub covers: String,
}

impl Sealed {
    /// Nothing while nothing has been sealed.
    #[must_use]
    pub fn of(found: AccountCheckpoint, zone: &Zone) -> Option<Self> {
        let AccountCheckpoint { checkpoint, entries, sealed } = found;
        let CheckpointView { number, size, root, signed_at, .. } = checkpoint?;
        let covers = match entries.saturating_sub(sealed) {
            0 => format!("All {entries} entries of this account are sealed."),
            1 => {
                format!("Of the {entries} entries of this account the newest one waits to be sealed, for some seconds.")
            }
            waiting => format!(
                "Of the {entries} entries of this account the newest {waiting} wait to be sealed, for some seconds."
            ),
        };
        let root = BASE64.encode(root.as_bytes());
        Some(Self { number, size, root, at: signed_at, when: zone.when(signed_at), covers })
    }
}
