//! What became of paper keys, and what mails to owners say of it.

use serde::{Deserialize, Serialize};

use super::{
    facts::Person,
    plain_text,
    recovery_user_news::UNEXPECTED,
    wording::{count, person, sentence},
};
use crate::{moment::Moment, ownership::key_reminder::Reminder, zone::Zone};

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
    /// Whoever holds it showed that it works, and that they read their mailbox.
    Drilled {
        /// Who holds it.
        holder: String,
        /// Its number.
        number: String,
    },
    /// Somebody typed it, to give the account a new owner, and a code went to whoever holds it.
    Presented {
        /// Who holds it.
        holder: String,
        /// Its number.
        number: String,
    },
    /// Somebody typed keys with the number of a real one, which were not taken.
    Refused {
        /// How often.
        tries: i64,
    },
    /// It lies in its safe, and something is to be done about it.
    Reminder {
        /// Who holds it.
        holder: String,
        /// Its number.
        number: String,
        /// Of what.
        of: Reminder,
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
        PaperKeyNews::Drilled { .. } => "a paper key was drilled",
        PaperKeyNews::Presented { .. } => "somebody uses a paper key",
        PaperKeyNews::Refused { .. } => "a paper key was refused",
        PaperKeyNews::Reminder { of: Reminder::Drill { .. }, .. } => "a paper key should be tried out",
        PaperKeyNews::Reminder { of: Reminder::GetsOld { .. }, .. } => "a paper key gets old",
        PaperKeyNews::Reminder { of: Reminder::Expires { .. }, .. } => "a paper key expires soon",
        PaperKeyNews::Recovered { .. } => "the paper keys work no more",
    }
}

/// What happened.
pub(super) fn told(news: &PaperKeyNews, by: Option<&Person>, zone: &Zone) -> String {
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
        PaperKeyNews::Drilled { holder, number } => format!(
            "somebody who holds the paper key {} of {}, and reads their mailbox, tried both.",
            plain_text::name(number),
            plain_text::name(holder)
        ),
        PaperKeyNews::Presented { holder, number } => format!(
            "somebody typed the paper key {} of {}, to give this account a new owner.",
            plain_text::name(number),
            plain_text::name(holder)
        ),
        PaperKeyNews::Refused { tries } => format!(
            "somebody typed a paper key of this account that is not right, or works no more: {} since the last mail about it.",
            count(*tries, "time")
        ),
        PaperKeyNews::Reminder { holder, number, of } => {
            let key = format!("the paper key {} of {}", plain_text::name(number), plain_text::name(holder));
            match of {
                Reminder::Drill { since } => format!("nobody has tried {key} since {}.", zone.when(*since)),
                Reminder::GetsOld { at } => format!("{key} will be two years old on {}.", zone.when(*at)),
                Reminder::Expires { at } => format!("{key} works no more from {}.", zone.when(*at)),
            }
        }
        PaperKeyNews::Recovered { keys } => {
            format!("the account was recovered, which ended {} of it.", count(*keys, "paper key"))
        }
    })
}

/// What it means.
pub(super) fn meaning(news: &PaperKeyNews, zone: &Zone) -> String {
    match news {
        PaperKeyNews::Issued { expires_at, before, .. } => {
            let until = expires_at.map_or_else(
                || "It works until it is revoked or replaced.".to_owned(),
                |at| format!("It works until {}.", zone.when(at)),
            );
            let earlier = if before.is_some() { " The earlier one works no more, wherever it lies." } else { "" };
            format!("{until}{earlier} The key alone opens nothing: it takes the mailbox of whoever holds it, too.")
        }
        PaperKeyNews::Revoked { .. } => "It works no more, wherever it lies.".to_owned(),
        PaperKeyNews::Drilled { .. } => "Both work, and nothing was spent. The date counts in the readiness of the account.".to_owned(),
        PaperKeyNews::Presented { .. } => {
            "Nothing is done yet: it takes a code, too, that was mailed to whoever holds the key. If they go on, you hear of it, and have time \
             to object. If nobody should be using that key, revoke it now: then neither key nor code does anything. There is at most one \
             such mail about a key in an hour."
                .to_owned()
        }
        PaperKeyNews::Refused { .. } => {
            "Nothing was done by that: a key cannot be guessed. It may be a typing error; or somebody knows the number of a key, as from a \
             glance at its sheet, or holds an old one. If you do not know who it was, ask those who hold keys whether their sheet is where \
             it should be. There is at most one such mail in an hour."
                .to_owned()
        }
        PaperKeyNews::Reminder { of: Reminder::Drill { .. }, .. } => {
            "Ask whoever holds it to drill it. It takes a few minutes, says whether the sheet can be read and the mailbox still be reached, \
             and spends nothing."
                .to_owned()
        }
        PaperKeyNews::Reminder { of: Reminder::GetsOld { .. }, .. } => {
            "It goes on working. But paper fades, and people move: issue a new one in its place, which ends the old one."
                .to_owned()
        }
        PaperKeyNews::Reminder { of: Reminder::Expires { .. }, .. } => {
            "Issue a new one in its place before that, so that the account can be recovered without a gap.".to_owned()
        }
        PaperKeyNews::Recovered { .. } => {
            "Whoever holds one needs a new one. The recovery users are as they were: look whether you would choose them, too, and issue \
             keys to those whom you trust."
                .to_owned()
        }
    }
}

/// What to do.
pub(super) const fn advice(news: &PaperKeyNews) -> &'static str {
    match news {
        PaperKeyNews::Reminder { of: Reminder::Drill { .. }, .. } => {
            "The sheet names the page on which they do that. You hear of it when it is done."
        }
        PaperKeyNews::Reminder { of: Reminder::GetsOld { .. } | Reminder::Expires { .. }, .. } => {
            "You do that on the page of the recovery users."
        }
        PaperKeyNews::Issued { .. }
        | PaperKeyNews::Revoked { .. }
        | PaperKeyNews::Drilled { .. }
        | PaperKeyNews::Presented { .. }
        | PaperKeyNews::Refused { .. }
        | PaperKeyNews::Recovered { .. } => UNEXPECTED,
    }
}
