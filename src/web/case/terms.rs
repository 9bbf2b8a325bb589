//! The exact terms: in words, and as the very text whose hash people approve.

use crate::{
    app::view::dossier::Dossier,
    mail::{
        facts::Person,
        plain_text,
        wording::{self, count, length},
    },
    moment::Moment,
    recovery::{
        policy::{BallotWay, Majority, NomineeApproval},
        terms::{Route, Terms},
    },
    web::{link::words::change, problem::Problem},
};

/// The terms, ready to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsWords {
    /// What would change.
    pub change: &'static str,
    /// All owners.
    pub owners: Vec<Named>,
    /// The nominee.
    pub nominee: Named,
    /// Who opened it.
    pub opener: String,
    /// When.
    pub opened: Moment,
    /// Why, line by line.
    pub statement: Vec<String>,
    /// Who may vote.
    pub electorate: Vec<Named>,
    /// The rules, each with what it says.
    pub rules: Vec<(&'static str, String)>,
    /// RFC 8785 JSON.
    pub canonical: String,
    /// Its SHA-256.
    pub hash: String,
}

/// A person, safe to print: with the address, because names can be chosen to confuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Their name.
    pub name: String,
    /// Their address.
    pub address: String,
}

fn named(person: &Person) -> Named {
    Named { name: plain_text::name(&person.name), address: plain_text::address(&person.address) }
}

/// The terms of a case.
///
/// # Errors
/// When they cannot be written, which they always can.
pub fn terms_words(dossier: &Dossier) -> Result<TermsWords, Problem> {
    let terms = &dossier.case.terms;
    let electors = terms.electorate.iter().filter_map(|user| dossier.people.get(user));
    let mut electorate: Vec<Named> = electors.map(named).collect();
    electorate.sort_by(|one, other| one.name.cmp(&other.name));
    let mut rules = rules(terms);
    if !terms.signed_in_only.is_empty() {
        let held = terms.signed_in_only.keys().filter_map(|user| dossier.people.get(user)).map(wording::person);
        let held = held.collect::<Vec<_>>().join(", ");
        rules.push(("Vote signed in only", format!("{held}: their address had changed shortly before the opening")));
    }
    Ok(TermsWords {
        change: change(terms.kind),
        owners: dossier.facts.owners.iter().map(named).collect(),
        nominee: named(&dossier.facts.nominee),
        opener: plain_text::name(&dossier.facts.opener.name),
        opened: terms.opened_at,
        statement: plain_text::quotation(&terms.statement),
        electorate,
        rules,
        canonical: terms.canonical().map_err(Problem::internal)?,
        hash: dossier.case.terms_hash.to_string(),
    })
}

fn rules(terms: &Terms) -> Vec<(&'static str, String)> {
    let mut rules = match terms.route {
        Route::Vote => vote_rules(terms),
        Route::Keys => vec![
            ("Paper keys needed", format!("{} of different people", terms.keys_required())),
            ("Approvals of administrators needed", terms.required.to_string()),
            ("The nominee", "accepts before the waiting period begins".to_owned()),
            ("Time to agree", length(terms.policy.voting_window)),
        ],
    };
    let policy = &terms.policy;
    rules.extend([
        ("Waiting period", length(terms.waiting_period())),
        ("Owners are warned", format!("at least {} before ownership changes", length(policy.min_notice))),
        ("Owners may pause it", format!("at most {}", count(policy.pauses.into(), "time"))),
        ("After a veto", format!("the same person cannot be proposed again for {}", length(policy.veto_cooldown))),
    ]);
    match terms.route {
        Route::Vote => {
            rules.push((
                "If it fails",
                format!("its opener waits {} before they open another", length(policy.reopen_after)),
            ));
        }
        Route::Keys => {}
    }
    rules
}

fn vote_rules(terms: &Terms) -> Vec<(&'static str, String)> {
    let (policy, required) = (&terms.policy, terms.required);
    let electors = count(i64::try_from(terms.electorate.len()).unwrap_or(i64::MAX), "administrator");
    let ways: Vec<&str> = policy.ballots.iter().map(|way| way_words(*way)).collect();
    let share = if policy.majority == Majority::HALF {
        "more than half".to_owned()
    } else {
        format!("more than {}", policy.majority)
    };
    vec![
        ("Approvals needed", format!("{required} out of {electors} who may vote")),
        (
            "How many that must be",
            format!(
                "{share} of the administrators, and never fewer than {}",
                count(policy.min_approvals.into(), "approval")
            ),
        ),
        (
            "The nominee’s own approval",
            match policy.nominee_approval {
                NomineeApproval::Counts => "counts like everybody else’s",
                NomineeApproval::DoesNotCount => "is recorded, and does not count",
            }
            .to_owned(),
        ),
        ("Ballots are taken", ways.join(", ")),
        ("Time to vote", length(policy.voting_window)),
    ]
}

const fn way_words(way: BallotWay) -> &'static str {
    match way {
        BallotWay::SignedIn => "signed in",
        BallotWay::Passkey => "signed with a passkey",
        BallotWay::MailLink => "through the link in a mail",
        BallotWay::PlainMail => "by plain e-mail",
    }
}
