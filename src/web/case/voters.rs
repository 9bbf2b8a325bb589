//! Who may vote and what they made of it, and whether the mails about it reached those whom they had to reach.

use std::collections::BTreeMap;

use super::drawing::shape;
use crate::{
    app::view::{dossier::Dossier, mail::MailView},
    id::UserId,
    mail::plain_text,
    moment::Moment,
    recovery::{
        ballot::{Choice, Elector},
        policy::BallotWay,
        quorum::Weight,
        terms::Route,
    },
    web::mail::line::{MailLine, line},
};

/// An elector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voter {
    /// Their name.
    pub name: String,
    /// Whether they read this page.
    pub is_reader: bool,
    /// The shape of their mark.
    pub shape: &'static str,
    /// What they chose.
    pub choice: &'static str,
    /// When, if they have voted.
    pub at: Option<Moment>,
    /// How their ballot arrived.
    pub way: Option<&'static str>,
    /// What became of the mails to them.
    pub mails: Vec<MailLine>,
}

/// An incumbent, and what became of the alerts to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alerted {
    /// Their name.
    pub name: String,
    /// Whether they read this page.
    pub is_reader: bool,
    /// The alerts, the first one first.
    pub mails: Vec<MailLine>,
}

/// Everybody who may vote: the first to vote first, then, by name, those who have not.
#[must_use]
pub fn voters(dossier: &Dossier) -> Vec<Voter> {
    let case = &dossier.case;
    let asked = newest(dossier, &["ballot_request", "ballot_reminder"]);
    let told = newest(dossier, &["case_outcome", "new_owner_welcome"]);
    let mut electors: Vec<_> = case.electors.iter().collect();
    electors.sort_by_key(|(user, elector)| {
        let cast_at = elector.ballot.as_ref().map_or(Moment::from_micros(i64::MAX), |ballot| ballot.cast_at);
        (cast_at, name(dossier, **user))
    });
    let voter = |(user, elector): (&UserId, &Elector)| {
        let weight = Weight::of(case, *user, elector);
        let ballot = elector.ballot.as_ref();
        let mail = |mails: &BTreeMap<UserId, &MailView>, about| mails.get(user).map(|mail| line(mail, about));
        Voter {
            name: name(dossier, *user),
            is_reader: dossier.reader == Some(*user),
            shape: shape(weight),
            choice: choice(weight, ballot.map(|ballot| ballot.choice)),
            at: ballot.map(|ballot| ballot.cast_at),
            way: ballot.map(|ballot| way(ballot.way)),
            mails: [mail(&asked, "Asked for a ballot"), mail(&told, "Latest news")].into_iter().flatten().collect(),
        }
    };
    electors.into_iter().map(voter).collect()
}

/// The incumbents, with every alert to them.
#[must_use]
pub fn incumbents(dossier: &Dossier) -> Vec<Alerted> {
    let alerts = |user: UserId| {
        let mails = dossier.mails.iter().filter(move |mail| {
            mail.recipient.user == Some(user) && ["owner_alert", "replaced_owner"].contains(&mail.kind.as_str())
        });
        mails.map(|mail| line(mail, occasion(dossier, mail.created_at))).collect()
    };
    let owners = dossier.case.terms.owners.iter();
    owners
        .map(|owner| Alerted {
            name: plain_text::name(&owner.name),
            is_reader: dossier.reader == Some(owner.id),
            mails: alerts(owner.id),
        })
        .collect()
}

/// What happened at the moment at which an alert was queued: both were written by one unit of work.
fn occasion(dossier: &Dossier, at: Moment) -> &'static str {
    let last = dossier.timeline.iter().map(|line| &line.entry).rfind(|entry| entry.at == at);
    match last.map(|entry| entry.kind.as_str()) {
        Some("case.opened") => "The case was opened",
        // The key that opens a case is redeemed with that.
        Some("case.key_redeemed") if at == dossier.case.terms.opened_at => "The case was opened",
        Some("case.key_redeemed") => "One more paper key was used",
        Some("case.quorum_reached") => match dossier.case.terms.route {
            Route::Vote => "Enough approve",
            Route::Keys => "All is there",
        },
        Some("case.paused") => "The case is paused",
        Some("case.resumed") => "The pause is over",
        Some("case.fell_short") => "Too few approve again",
        Some("case.owners_reminded") => "Reminded that ownership is about to change",
        Some("case.extended") => "It waits once more",
        Some("case.completed") => "Ownership has changed",
        Some(_) | None => "The case has ended",
    }
}

/// The newest mail of one of these kinds to each person.
fn newest<'d>(dossier: &'d Dossier, kinds: &[&str]) -> BTreeMap<UserId, &'d MailView> {
    let wanted = dossier.mails.iter().filter(|mail| kinds.contains(&mail.kind.as_str()));
    wanted.filter_map(|mail| Some((mail.recipient.user?, mail))).collect()
}

const fn choice(weight: Weight, choice: Option<Choice>) -> &'static str {
    match (weight, choice) {
        (Weight::Approves, _) => "approves",
        (Weight::Rejects, _) => "rejects",
        (Weight::Open, _) => "has not voted",
        (Weight::Lost, _) => "has no ballot any more",
        (Weight::Apart, Some(_)) => "approves, which does not count: it is the nominee’s own ballot",
        (Weight::Apart, None) => "has not voted; the nominee’s own approval would not count",
    }
}

const fn way(way: BallotWay) -> &'static str {
    match way {
        BallotWay::SignedIn => "signed in",
        BallotWay::Passkey => "signed with a passkey",
        BallotWay::MailLink => "through the link in their mail",
        BallotWay::PlainMail => "by e-mail",
    }
}

fn name(dossier: &Dossier, user: UserId) -> String {
    dossier.people.get(&user).map_or_else(|| "somebody".to_owned(), |person| plain_text::name(&person.name))
}
