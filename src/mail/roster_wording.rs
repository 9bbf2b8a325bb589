//! What mails say about administrators who come and go, and what it means for recovery by vote.

use super::{
    facts::{Actor, Person, Reader, RosterEvent, Standing},
    wording::{actor, length, person, sentence},
};
use crate::zone::Zone;

/// The event as a headline, without any word that a user typed.
pub(super) const fn headline(event: RosterEvent, reader: Reader) -> &'static str {
    match (reader, event) {
        (Reader::Concerned, RosterEvent::Added) => "you are an administrator now",
        (Reader::Concerned, RosterEvent::RoleTaken) => "you are no longer an administrator",
        (Reader::Concerned, RosterEvent::Suspended) => "your access was suspended",
        (Reader::Concerned, RosterEvent::Removed) => "you were removed",
        (Reader::Concerned, RosterEvent::Left) => "you left",
        (Reader::Concerned, RosterEvent::RemovalContested) => "your removal was contested",
        (Reader::Concerned, RosterEvent::RemovalConfirmed) => "your removal was confirmed",
        (Reader::Concerned, RosterEvent::AdditionConfirmed) => "you were confirmed as an administrator",
        (Reader::Concerned, RosterEvent::Restored) => "you are an administrator again",
        (Reader::Owner | Reader::Administrator, event) => about_somebody(event),
    }
}

const fn about_somebody(event: RosterEvent) -> &'static str {
    match event {
        RosterEvent::Added => "an administrator was added",
        RosterEvent::RoleTaken => "an administrator lost the role",
        RosterEvent::Suspended => "an administrator was suspended",
        RosterEvent::Removed => "an administrator was removed",
        RosterEvent::Left => "an administrator left",
        RosterEvent::RemovalContested => "the removal of an administrator was contested",
        RosterEvent::RemovalConfirmed => "the removal of an administrator was confirmed",
        RosterEvent::AdditionConfirmed => "an administrator was confirmed",
        RosterEvent::Restored => "an administrator is back",
    }
}

/// Who did what to whom.
pub(super) fn told(event: RosterEvent, concerned: &Person, by: &Actor) -> String {
    let (who, doer) = (person(concerned), actor(by, concerned));
    let text = match event {
        RosterEvent::Added => format!("{doer} made {who} an administrator."),
        RosterEvent::RoleTaken => format!("{doer} gave {who} a role that is not an administrator's."),
        RosterEvent::Suspended => format!("{doer} suspended {who}."),
        RosterEvent::Removed => format!("{doer} removed {who} from the account."),
        RosterEvent::Left => format!("{who} left the account."),
        RosterEvent::RemovalContested => format!("{doer} contested that {who} is no longer an administrator."),
        RosterEvent::RemovalConfirmed => format!("{doer} confirmed that {who} is no longer an administrator."),
        RosterEvent::AdditionConfirmed => format!("{doer} confirmed {who} as an administrator."),
        RosterEvent::Restored => format!("{doer} made {who} an administrator again."),
    };
    sentence(&text)
}

/// What it means for recovery by vote.
pub(super) fn meaning(standing: &Standing, concerned: &Person, reader: Reader, zone: &Zone) -> String {
    let subject = match reader {
        Reader::Concerned => "your vote".to_owned(),
        Reader::Owner | Reader::Administrator => format!("the vote of {}", person(concerned)),
    };
    let text = match standing {
        Standing::Now => format!("{subject} in recovery cases counts, as before."),
        Standing::From { from } => format!("{subject} in recovery cases counts from {} on.", zone.when(*from)),
        Standing::NeedsConfirmation { seasoning } => format!(
            "{subject} in recovery cases does not count yet. It counts {} after an owner, or more than half of the \
             administrators who count, have confirmed the addition.",
            length(*seasoning)
        ),
        Standing::Until { until } => format!(
            "{subject} in recovery cases still counts until {}. It ends then, unless somebody contests the removal \
             before.",
            zone.when(*until)
        ),
        Standing::UntilConfirmed => format!(
            "{subject} in recovery cases goes on counting until an owner, or more than half of the administrators who \
             count, confirm the removal."
        ),
        Standing::Ended => format!("{subject} in recovery cases no longer counts."),
        Standing::Never => format!("{subject} in recovery cases did not count before, so nothing changes there."),
    };
    sentence(&text)
}

/// What the reader can do about it, when there is no button.
pub(super) const fn advice(standing: &Standing, reader: Reader) -> &'static str {
    match (standing, reader) {
        (Standing::NeedsConfirmation { .. } | Standing::UntilConfirmed, Reader::Owner | Reader::Administrator) => {
            "You can confirm the change on the page of the account, if it is right. If you did not expect it, speak to the \
             other administrators and do not confirm it."
        }

        (_, Reader::Owner) => "If you did not expect this, sign in and undo it on the page of the account.",
        (_, Reader::Concerned | Reader::Administrator) => {
            "If you did not expect this, speak to an owner of the account."
        }
    }
}
