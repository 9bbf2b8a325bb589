//! What happened to a case, every entry of the record as a sentence.
//!
//! The first comes first: it reads as a story, and ends with what happens next. How things stand now is said on top of the
//! page already.

use serde_json::Value;

use crate::{
    activity::entry::Entry,
    app::view::dossier::{Dossier, LONGEST},
    id::UserId,
    mail::{
        plain_text,
        wording::{count, when},
    },
    moment::Moment,
    ownership::actor::Actor,
    recovery::{case::State, terms::Kind},
};

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Moment,
    /// What happened, with who did it.
    pub words: String,
    /// What kind of news it is, as a class: `plain`, `turn`, `next`.
    pub weight: &'static str,
}

/// The whole timeline, and what comes next.
#[must_use]
pub fn timeline(dossier: &Dossier) -> Vec<Line> {
    let told = dossier.timeline.iter().map(|line| {
        let entry = &line.entry;
        Line { at: entry.at, words: words(dossier, entry), weight: weight(&entry.kind) }
    });
    let mut lines: Vec<Line> = told.collect();
    if dossier.timeline.len() >= LONGEST {
        let words = format!("This page shows the first {LONGEST} entries. The account’s activity log has all of them.");
        lines.push(Line { at: dossier.now, words, weight: "plain" });
    }
    lines.extend(next(dossier));
    lines
}

/// What time alone will bring.
fn next(dossier: &Dossier) -> Option<Line> {
    let (at, words) = match dossier.case.state {
        State::Collecting => {
            (dossier.case.terms.closes_at(), "Voting ends. Without enough approvals, the case expires.")
        }
        State::Waiting { due_at, .. } => (due_at, "Ownership changes, unless an owner objects."),
        State::Paused { until, .. } => (until, "The pause ends, and the clock goes on by itself."),
        State::Completed { .. }
        | State::Vetoed { .. }
        | State::Rejected { .. }
        | State::Expired { .. }
        | State::Withdrawn { .. } => return None,
    };
    Some(Line { at, words: words.to_owned(), weight: "next" })
}

fn weight(kind: &str) -> &'static str {
    match kind {
        "case.ballot_cast" | "case.ballot_taken_back" | "case.ballot_lost" | "case.reminded" => "plain",
        _ => "turn",
    }
}

/// An entry as a sentence. An entry of a later version, whose kind is not known here, is named as it stands.
fn words(dossier: &Dossier, entry: &Entry) -> String {
    let actor = actor(dossier, entry.actor);
    let person = entry.user.map_or_else(|| "somebody".to_owned(), |user| name(dossier, user));
    let due = moment(entry, "due_at").map_or_else(|| "a later date".to_owned(), when);
    let approvals = || number(entry, "approvals");
    match entry.kind.as_str() {
        "case.opened" => {
            let owners: Vec<String> =
                dossier.case.terms.owners.iter().map(|owner| plain_text::name(&owner.name)).collect();
            let beside = match dossier.case.terms.kind {
                Kind::Replace => "in place of",
                Kind::Add => "beside",
            };
            format!("{actor} opened the case: {person} should become owner {beside} {}.", list(&owners))
        }
        "case.ballot_cast" => {
            let verb = match (text(entry, "before"), text(entry, "choice")) {
                (None, Some("approve")) => "approved",
                (None, _) => "rejected",
                (Some(_), Some("approve")) => "changed their ballot: they approve now",
                (Some(_), _) => "changed their ballot: they reject now",
            };
            let way = match text(entry, "way") {
                Some("mail_link") => ", through the link in their mail",
                Some("plain_mail") => ", by e-mail",
                Some(_) | None => ", signed in",
            };
            format!("{person} {verb}{way}.")
        }
        "case.ballot_taken_back" => format!("{person} took their ballot back."),
        "case.ballot_lost" if entry.actor.person() == entry.user => {
            format!("{person} left the administrators, and has no ballot any more.")
        }
        "case.ballot_lost" => format!("{actor}, an owner, removed {person}, who has no ballot any more."),
        "case.quorum_reached" => format!(
            "{} made the quorum. The waiting period began: ownership changes on {due}, unless an owner objects.",
            count(approvals(), "approval")
        ),
        "case.fell_short" => format!(
            "Only {} of the {} needed were left, so the waiting period ended and the case collects ballots again.",
            count(approvals(), "approval"),
            number(entry, "required")
        ),
        "case.paused" => format!("{actor} paused the case. Ownership changes on {due} at the earliest."),
        "case.resumed" => format!("The pause ended. Ownership changes on {due}, unless an owner objects."),
        "case.extended" => format!(
            "The case was due, but the warning had not reached the mail server of every owner in time. It waits once more, \
             until {due}."
        ),
        "case.reminded" => "Those who have not voted were reminded by mail.".to_owned(),
        "case.completed" => {
            let notice = match text(entry, "notice") {
                Some("missing") => " The warning had not reached the mail server of every owner.",
                Some(_) | None => "",
            };
            format!("Ownership changed: {person} owns the account, by {}.{notice}", count(approvals(), "approval"))
        }
        "case.vetoed" => format!("{actor} vetoed the case. Ownership stays as it is."),
        "case.rejected" => format!("The case was rejected: {}.", reason(text(entry, "reason"))),
        "case.expired" => "The time to vote ended without enough approvals, and the case expired.".to_owned(),
        "case.withdrawn" => format!("{actor} withdrew the case."),
        other => format!("{actor}: {}.", plain_text::name(other)),
    }
}

fn reason(reason: Option<&str>) -> &'static str {
    match reason {
        Some("out_of_reach") => "so many voted against it that it could no longer get enough approvals",
        Some("fell_short") => "the approvals fell short after the time to vote had ended",
        Some("nominee_unfit") => "the nominee was no longer a confirmed, active member",
        Some("owners_changed") => "the owners were no longer those on whom people voted",
        Some("superseded") => "another case of the account completed first",
        Some(_) | None => "it could not succeed any more",
    }
}

fn actor(dossier: &Dossier, actor: Actor) -> String {
    match actor {
        Actor::User { user } => name(dossier, user),
        Actor::Operator { .. } => "The operator of this service".to_owned(),
        Actor::Platform { .. } => "The connected product".to_owned(),
        Actor::Service => "The service".to_owned(),
    }
}

fn name(dossier: &Dossier, user: UserId) -> String {
    dossier.people.get(&user).map_or_else(|| "somebody".to_owned(), |person| plain_text::name(&person.name))
}

fn list(names: &[String]) -> String {
    match names.split_last() {
        None => "nobody".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

fn text<'e>(entry: &'e Entry, name: &str) -> Option<&'e str> {
    entry.data.get(name).and_then(Value::as_str)
}

fn number(entry: &Entry, name: &str) -> i64 {
    entry.data.get(name).and_then(Value::as_i64).unwrap_or_default()
}

fn moment(entry: &Entry, name: &str) -> Option<Moment> {
    text(entry, name)?.parse().ok()
}
