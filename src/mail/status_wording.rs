//! The words of mails about an account's status.

use super::{
    facts::{Actor, StatusNews},
    wording::{actor_alone, sentence},
};
use crate::zone::Zone;

/// What happened, in a few words.
pub(super) const fn headline(news: StatusNews) -> &'static str {
    match news {
        StatusNews::Suspended => "the account is suspended",
        StatusNews::Resumed => "the account is in use again",
        StatusNews::Closing { .. } => "the account is being closed",
        StatusNews::Kept => "the account stays open",
        StatusNews::Closed => "the account is closed",
    }
}

/// Who did what. Where nobody did, time has passed, or a recovery has ended.
pub(super) fn told(news: StatusNews, by: Option<&Actor>) -> String {
    let did = match news {
        StatusNews::Suspended => "suspended the account",
        StatusNews::Resumed => "resumed the account",
        StatusNews::Closing { .. } => "began to close the account",
        StatusNews::Kept => "undid the closing of the account",
        StatusNews::Closed => "closed the account",
    };
    match (by, news) {
        (Some(by), _) => format!("{} {did}.", sentence(&actor_alone(by))),
        (None, StatusNews::Closed) => "The time in which an owner could undo the closing has passed.".to_owned(),
        (None, StatusNews::Kept) => "A recovery gave the account a new owner, which ended its closing.".to_owned(),
        (None, StatusNews::Suspended | StatusNews::Resumed | StatusNews::Closing { .. }) => {
            format!("The service {did}.")
        }
    }
}

/// What it means.
pub(super) fn meaning(news: StatusNews, zone: &Zone) -> String {
    match news {
        StatusNews::Suspended => {
            "Nobody gets access, a role or ownership there, and nothing is set up, until an owner \
             resumes it. Taking access away works, and so does recovery."
                .to_owned()
        }
        StatusNews::Resumed | StatusNews::Kept => "Everything works as before.".to_owned(),
        StatusNews::Closing { until } => format!(
            "It is closed for good on {}. Until then any owner can undo that; meanwhile nobody gets access, a role or \
             ownership there.",
            zone.when(until)
        ),
        StatusNews::Closed => {
            "It cannot be opened again. Its members, its cases and its activity can still be read.".to_owned()
        }
    }
}

/// What to do.
pub(super) const fn advice(news: StatusNews) -> &'static str {
    match news {
        StatusNews::Suspended | StatusNews::Closing { .. } => {
            "You did not expect this? Then speak with the owners. If somebody has taken an owner's place, open a recovery case: it works here as ever."
        }
        StatusNews::Resumed | StatusNews::Kept => {
            "You did not expect this? Then sign in, and look at the account's activity."
        }
        StatusNews::Closed => "There is nothing to do.",
    }
}
