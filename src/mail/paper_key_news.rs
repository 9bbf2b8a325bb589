//! What became of paper keys, and what mails to owners say of it.

use serde::{Deserialize, Serialize};

use super::{
    facts::Person,
    plain_text,
    wording::{count, person, sentence, when},
};
use crate::moment::Moment;

/// What became of a paper key.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum PaperKeyNews {
    /// An owner issued it.
    Issued {
        /// Who will hold it.
        holder: String,
        /// Its number.
        number: String,
        /// From when it works no more.
        expires_at: Option<Moment>,
        /// The number of the key in whose place it was issued.
        before: Option<String>,
    },
    /// An owner revoked it.
    Revoked {
        /// Who holds it.
        holder: String,
        /// Its number.
        number: String,
    },
    /// A recovery ended all keys of the account.
    Recovered {
        /// How many.
        keys: i64,
    },
}

/// A few words, for the subject and above.
pub(super) const fn headline(news: &PaperKeyNews) -> &'static str {
    match news {
        PaperKeyNews::Issued { before: None, .. } => "a paper key was issued",
        PaperKeyNews::Issued { before: Some(_), .. } => "a paper key was replaced",
        PaperKeyNews::Revoked { .. } => "a paper key was revoked",
        PaperKeyNews::Recovered { .. } => "the paper keys work no more",
    }
}

/// What happened.
pub(super) fn told(news: &PaperKeyNews, by: Option<&Person>) -> String {
    let who = by.map_or_else(|| "somebody".to_owned(), person);
    sentence(&match news {
        PaperKeyNews::Issued { holder, number, before: None, .. } => {
            format!("{who} issued the paper key {} for {}.", plain_text::name(number), plain_text::name(holder))
        }
        PaperKeyNews::Issued { holder, number, before: Some(before), .. } => format!(
            "{who} issued the paper key {} for {}, in place of {}.",
            plain_text::name(number),
            plain_text::name(holder),
            plain_text::name(before)
        ),
        PaperKeyNews::Revoked { holder, number } => {
            format!("{who} revoked the paper key {} of {}.", plain_text::name(number), plain_text::name(holder))
        }
        PaperKeyNews::Recovered { keys } => {
            format!("the account was recovered, which ended {} of it.", count(*keys, "paper key"))
        }
    })
}

/// What it means.
pub(super) fn meaning(news: &PaperKeyNews) -> String {
    match news {
        PaperKeyNews::Issued { expires_at, before, .. } => {
            let until = expires_at.map_or_else(
                || "It works until it is revoked or replaced.".to_owned(),
                |at| format!("It works until {}.", when(at)),
            );
            let earlier = if before.is_some() { " The earlier one works no more, wherever it lies." } else { "" };
            format!("{until}{earlier} The key alone opens nothing: it takes the mailbox of whoever holds it, too.")
        }
        PaperKeyNews::Revoked { .. } => "It works no more, wherever it lies.".to_owned(),
        PaperKeyNews::Recovered { .. } => {
            "Whoever holds one needs a new one. The recovery users are as they were: look whether you would choose them, too, and issue \
             keys to those whom you trust."
                .to_owned()
        }
    }
}
