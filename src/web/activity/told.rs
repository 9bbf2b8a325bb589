//! An entry as people read it: the sentence, and who did what to whom.

use crate::{
    app::view::activity::EntryView,
    id::{CaseId, UserId},
    mail::plain_text,
    moment::Moment,
    ownership::actor::Actor,
    web::sentence,
    zone::Zone,
};

/// An entry as people read it. Everything is safe to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its number.
    pub number: u64,
    /// When.
    pub at: Moment,
    /// What, in a word for programs.
    pub kind: String,
    /// What happened.
    pub sentence: String,
    /// Who did it.
    pub who: String,
    /// The person behind that, if it is one.
    pub who_id: Option<UserId>,
    /// Whom it is about.
    pub whom: Option<String>,
    /// That person.
    pub whom_id: Option<UserId>,
    /// The case it is about.
    pub case: Option<CaseId>,
}

impl Told {
    /// What an entry says. `called` tells what people are called; moments in the sentence are those of `zone`.
    #[must_use]
    pub fn of<'n>(view: &EntryView, called: &impl Fn(UserId) -> Option<&'n str>, zone: &Zone) -> Self {
        let entry = &view.entry;
        let who_id = match entry.actor {
            Actor::User { user } => Some(user),
            Actor::Platform { on_behalf_of, .. } => on_behalf_of,
            Actor::Operator { .. } | Actor::RecoveryUser { .. } | Actor::Service => None,
        };
        let whom = entry.user.map(|user| called(user).map_or_else(|| "somebody".to_owned(), plain_text::name));
        Self {
            number: entry.seq,
            at: entry.at,
            kind: plain_text::address(&entry.kind),
            sentence: sentence::told(view, called, zone),
            who: sentence::doer(entry, called),
            who_id,
            whom,
            whom_id: entry.user,
            case: entry.case,
        }
    }
}
