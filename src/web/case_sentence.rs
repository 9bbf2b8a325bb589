//! Entries about recovery cases as sentences for people.

use serde_json::Value;

use super::sentence::{moment, number, text, unknown};
use crate::{activity::entry::Entry, mail::wording::count, zone::Zone};

/// What an entry about a case says.
pub(super) fn of_case(entry: &Entry, doer: &str, whom: &str, zone: &Zone) -> String {
    let due = moment(entry, "due_at").map_or_else(|| "a later date".to_owned(), |at| zone.when(at));
    let approvals = || {
        let approvals = count(number(entry, "approvals"), "approval");
        match entry.data.get("keys").and_then(Value::as_i64) {
            Some(keys) if number(entry, "approvals") == 0 => count(keys, "paper key"),
            Some(keys) => format!("{} and {approvals}", count(keys, "paper key")),
            None => approvals,
        }
    };
    match entry.kind.as_str() {
        "case.opened" => format!("{doer} opened a recovery case that would make {whom} owner."),
        "case.ballot_cast" => format!("{whom} {}.", voted(entry)),
        "case.ballot_taken_back" => format!("{whom} took their ballot back."),
        "case.ballot_lost" if entry.actor.person() == entry.user => {
            format!("{whom} left the administrators, and has no ballot any more.")
        }
        "case.ballot_lost" => format!("{doer}, an owner, removed {whom}, who has no ballot any more."),
        "case.key_redeemed" => format!(
            "A recovery user redeemed a paper key: {} of {}.",
            number(entry, "keys"),
            number(entry, "keys_required")
        ),
        "case.key_lost" => {
            format!("{doer}, an owner, removed a recovery user, whose paper key does not count any more.")
        }
        "case.accepted" => format!("{whom} said that they would become owner."),
        "case.quorum_reached" => format!(
            "{} made the quorum. The waiting period began: ownership changes on {due}, unless an owner objects.",
            approvals()
        ),
        "case.fell_short" => format!(
            "Only {} of the {} needed were left, so the waiting period ended and the case collects ballots again.",
            approvals(),
            number(entry, "required")
        ),
        "case.paused" => format!("{doer} paused the case. Ownership changes on {due} at the earliest."),
        "case.resumed" => format!("The pause ended. Ownership changes on {due}, unless an owner objects."),
        "case.extended" => {
            format!("The case was due, but {}. It waits once more, until {due}.", unreached(entry))
        }
        "case.reminded" => "Those who have not voted were reminded by mail.".to_owned(),
        "case.owners_reminded" => format!("The owners were reminded by mail that ownership changes on {due}."),
        "case.completed" => {
            let notice = match text(entry, "notice") {
                Some("missing") => format!(" It did so although {}, for which it had waited longer.", unreached(entry)),
                Some(_) | None => String::new(),
            };
            format!("Ownership changed: {whom} owns the account, by {}.{notice}", approvals())
        }
        "case.vetoed" => format!("{doer} vetoed the case. Ownership stays as it is."),
        "case.rejected" => format!("The case was rejected: {}.", reason(text(entry, "reason"))),
        "case.expired" => "The time ended before enough had agreed, and the case expired.".to_owned(),
        "case.withdrawn" => format!("{doer} withdrew the case."),
        other => unknown(doer, other),
    }
}

/// What became of the warning to the owners whom it did not reach in time.
fn unreached(entry: &Entry) -> &'static str {
    let owners = entry.data.get("unreached").and_then(Value::as_array);
    let said = |word: &str| {
        owners.is_some_and(|owners| owners.iter().any(|owner| owner.get("why").and_then(Value::as_str) == Some(word)))
    };
    if said("bounced") {
        "the warning to an owner had come back undelivered"
    } else if said("undeliverable") {
        "the mail server of an owner had refused the warning"
    } else {
        "the warning had not reached the mail server of every owner in time"
    }
}

fn voted(entry: &Entry) -> String {
    let verb = match (text(entry, "before"), text(entry, "choice")) {
        (None, Some("approve")) => "approved",
        (None, _) => "rejected",
        (Some(_), Some("approve")) => "changed their ballot: they approve now",
        (Some(_), _) => "changed their ballot: they reject now",
    };
    let way = match text(entry, "way") {
        Some("mail_link") => ", through the link in their mail",
        Some("plain_mail") => ", by e-mail",
        Some("passkey") => ", signed with a passkey",
        Some(_) | None => ", signed in",
    };
    format!("{verb}{way}")
}

fn reason(reason: Option<&str>) -> &'static str {
    match reason {
        Some("out_of_reach") => "so many voted against it that it could no longer get enough approvals",
        Some("fell_short") => "the approvals fell short after the time to vote had ended",
        Some("nominee_unfit") => "the nominee was no longer a confirmed, active member",
        Some("owners_changed") => "the owners were no longer those on whom people voted",
        Some("declined") => "the nominee did not want to become owner",
        Some("superseded") => "another case of the account completed first",
        Some(_) | None => "it could not succeed any more",
    }
}
