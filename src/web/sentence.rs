//! Entries of the activity log as sentences for people.
//!
//! Names come from the log's own personal values or from the people as they are called now; all are made safe to print.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    app::view::activity::EntryView,
    id::UserId,
    mail::{
        plain_text,
        wording::{count, when},
    },
    ownership::actor::Actor,
};

/// What an entry says: who did what, without a full stop.
#[must_use]
pub fn told(view: &EntryView, names: &BTreeMap<UserId, String>) -> String {
    let entry = &view.entry;
    let name = |user: UserId| names.get(&user).map_or_else(|| "somebody".to_owned(), |name| plain_text::name(name));
    let doer = match entry.actor {
        Actor::User { user } => name(user),
        Actor::Operator { .. } => "The operator".to_owned(),
        Actor::Platform { on_behalf_of: None, .. } => "The connected product".to_owned(),
        Actor::Platform { on_behalf_of: Some(user), .. } => format!("The connected product, for {},", name(user)),
        Actor::Service => "The service".to_owned(),
    };
    let themselves = entry.user.is_some() && entry.user == entry.actor.person();
    let whom = entry.user.map_or_else(|| "somebody".to_owned(), name);
    let data = |key: &str| entry.data.get(key);
    match entry.kind.as_str() {
        "account.created" => format!("{doer} created the account"),
        "account.activated" => "The account became active".to_owned(),
        "account.renamed" => match view.values.get("account_name") {
            Some(new) => format!("{doer} renamed the account to {}", plain_text::name(new)),
            None => format!("{doer} renamed the account"),
        },
        "member.invited" => format!("{doer} invited {whom}"),
        "member.accepted" => format!("{whom} accepted the invitation"),
        "member.role_changed" => format!("{doer} changed the role of {whom}"),
        "member.suspended" => format!("{doer} suspended {whom}"),
        "member.resumed" => format!("{doer} gave {whom} access again"),
        "member.left" => format!("{whom} left the account"),
        "member.removed" => format!("{doer} removed {whom}"),
        "owner.granted" => format!("{doer} made {whom} an owner"),
        "owner.revoked" if themselves => format!("{doer} gave up ownership"),
        "owner.revoked" => format!("{doer} took ownership away from {whom}"),
        "roster.removal_contested" if themselves => format!("{doer} contested their own removal"),
        "roster.removal_contested" => format!("{doer} contested the removal of {whom}"),
        "roster.removal_confirmed" => format!("{doer} confirmed the removal of {whom}"),
        "roster.addition_confirmed" => format!("{doer} confirmed {whom} as an administrator"),
        "case.opened" => format!("{doer} opened a recovery case that would make {whom} owner"),
        "case.ballot_cast" => format!("{whom} {}", voted(data("choice"), data("before"))),
        "case.ballot_taken_back" => format!("{whom} took their ballot back"),
        "case.ballot_lost" => format!("{whom} lost their ballot, because an owner removed them or they left"),
        "case.quorum_reached" => match moment(data("due_at")) {
            Some(due) => format!("Enough approvals: the waiting period runs until {due}"),
            None => "Enough approvals: the waiting period runs".to_owned(),
        },
        "case.fell_short" => format!("The count fell short again: {}", tally(data("approvals"), data("required"))),
        "case.paused" => format!("{doer} paused the case{}", until(data("until"))),
        "case.resumed" => "The pause ended, and the waiting period goes on".to_owned(),
        "case.extended" => {
            "The waiting period was prolonged once, because an owner had not been told in time".to_owned()
        }
        "case.reminded" => "Administrators who had not voted were reminded".to_owned(),
        "case.completed" => format!("The case completed: {whom} is owner now"),
        "case.vetoed" => format!("{doer} vetoed the case"),
        "case.rejected" => format!("The case was rejected: {}", rejected(data("reason"))),
        "case.expired" => "The case expired without enough approvals".to_owned(),
        "case.withdrawn" => format!("{doer} withdrew the case"),
        // A kind that a later version will write: its name is better than silence.
        other => format!("{doer}: {other}"),
    }
}

fn voted(choice: Option<&Value>, before: Option<&Value>) -> &'static str {
    let changed = before.is_some_and(|before| !before.is_null());
    match (choice.and_then(Value::as_str), changed) {
        (Some("approve"), false) => "approved",
        (Some("approve"), true) => "changed their ballot, and approves now",
        (Some("reject"), false) => "rejected",
        (Some("reject"), true) => "changed their ballot, and rejects now",
        (Some(_) | None, _) => "voted",
    }
}

fn rejected(reason: Option<&Value>) -> &'static str {
    match reason.and_then(Value::as_str) {
        Some("out_of_reach") => "the ballots not yet cast could no longer make a majority",
        Some("fell_short") => "the count fell short after the voting window had ended",
        Some("nominee_unfit") => "the nominee is no longer a confirmed, active member",
        Some("owners_changed") => "the owners were no longer those in its terms",
        Some("superseded") => "another case of the account completed first",
        Some(_) | None => "it could not succeed any more",
    }
}

fn tally(have: Option<&Value>, need: Option<&Value>) -> String {
    let number = |value: Option<&Value>| value.and_then(Value::as_i64).unwrap_or_default();
    format!("{} of the {} needed", count(number(have), "approval"), number(need))
}

fn moment(value: Option<&Value>) -> Option<String> {
    Some(when(value?.as_str()?.parse().ok()?))
}

fn until(value: Option<&Value>) -> String {
    moment(value).map_or_else(String::new, |moment| format!(" until {moment}"))
}
