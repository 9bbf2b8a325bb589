//! The words of a link's pages: what it does, and what it did.

use crate::{
    app::{
        redeem::{Done, LinkPurpose, Meaning},
        view::{case::CaseView, transfer::TransferView},
    },
    id::UserId,
    mail::{
        facts, plain_text,
        wording::{count, people, person, when},
    },
    moment::Moment,
    recovery::{
        ballot::Choice,
        terms::{Kind, Person, Route, Terms},
    },
    web::{problem::Problem, recover::done::tally as keys_tally},
};

/// What a link asks.
pub struct Question {
    /// The headline.
    pub title: String,
    /// What pressing the button does, in sentences.
    pub effect: Vec<String>,
    /// What stands on the button.
    pub button: &'static str,
}

/// A case, as the page of a link shows it.
pub struct CaseWords {
    /// What it would do.
    pub change: &'static str,
    /// All owners.
    pub owners: String,
    /// The nominee.
    pub nominee: String,
    /// Who opened it, and when.
    pub opener: String,
    /// Why, line by line.
    pub statement: Vec<String>,
    /// The count so far.
    pub count: String,
    /// What the next date is.
    pub next: &'static str,
    /// And when it is.
    pub at: String,
    /// The reader's own ballot.
    pub own: Option<&'static str>,
    /// The hash of the terms.
    pub terms_hash: String,
}

/// What was done.
pub struct Outcome {
    /// The headline.
    pub title: &'static str,
    /// What happened and what happens next, in sentences.
    pub told: Vec<String>,
}

/// What the link asks.
#[must_use]
pub fn question(meaning: &Meaning) -> Question {
    let account = plain_text::name(&meaning.account);
    match meaning.purpose {
        LinkPurpose::Ballot => Question {
            title: format!("Your vote on who owns {account}"),
            effect: vec![
                "Your ballot counts for exactly the terms on this page. You can change it with this link until the case \
                 ends, and you get a mail that confirms it."
                    .to_owned(),
            ],
            button: "Cast my ballot",
        },
        LinkPurpose::Pause => Question {
            title: format!("Pause the recovery case of {account}?"),
            effect: vec![
                pause_effect().to_owned(),
                "To end it, sign in and veto it.".to_owned(),
            ],
            button: "Pause the case",
        },
        LinkPurpose::Contest => Question {
            title: format!("Contest a removal in {account}?"),
            effect: vec![
                format!(
                    "{} was removed as an administrator. If you contest it, they go on counting in recovery votes until an \
                     owner, or more than half of the administrators who count, confirms the removal.",
                    meaning.removed.as_deref().map_or_else(|| "Somebody".to_owned(), plain_text::name)
                ),
                "It does not give them their access back.".to_owned(),
            ],
            button: "Contest the removal",
        },
        LinkPurpose::Accept => Question {
            title: format!("Join {account}?"),
            effect: vec![format!(
                "You accept the invitation, and confirm that {} is your address.",
                plain_text::address(&meaning.email)
            )],
            button: "Accept the invitation",
        },
        LinkPurpose::Transfer => Question {
            title: format!("Own {account}?"),
            effect: vec![
                "If you accept, you own the account, with everything that only owners do, and whoever offers it no longer does. \
                 Both of you keep your roles. All owners are told by mail."
                    .to_owned(),
            ],
            button: "Send my answer",
        },
        LinkPurpose::Nomination if has_accepted(meaning) => regret(&account),
        LinkPurpose::Nomination => Question {
            title: format!("Become the owner of {account}?"),
            effect: vec![
                "Somebody has used a paper key, and names you. If you accept, and everything else is there that the account asks for, \
                 its owners have the waiting period to object; then you own it, and get a mail by which you begin. Its owners know of it."
                    .to_owned(),
            ],
            button: "Send my answer",
        },
        // Its page comes from `enrol`; this stands where somebody came with a code in place of the link.
        LinkPurpose::Enrol => Question {
            title: "Open the link from the mail again".to_owned(),
            effect: vec!["Your passkey is made by a script, which needs the whole link.".to_owned()],
            button: "Go on",
        },
        LinkPurpose::Disown => Question {
            title: "Was this ballot not yours?".to_owned(),
            effect: vec![
                "The ballot in your name is taken back, and the link by which it was cast stops working.".to_owned(),
                "You can still vote: sign in for that. And tell whoever looks after your mail that somebody else may read \
                 it."
                    .to_owned(),
            ],
            button: "Take the ballot back",
        },
    }
}

fn regret(account: &str) -> Question {
    Question {
        title: format!("Not become the owner of {account} after all?"),
        effect: vec![
            "You have accepted. If you decline now, the case ends, and nothing changes. If you still want it, close this page."
                .to_owned(),
        ],
        button: "Decline",
    }
}

/// Whether whoever paper keys name has accepted before.
pub fn has_accepted(meaning: &Meaning) -> bool {
    meaning.case.as_ref().is_some_and(|case| case.accepted_at.is_some())
}

/// The case of a link.
///
/// # Errors
/// When the terms cannot be read, which they always can.
pub fn case_words(case: &CaseView, reader: UserId) -> Result<CaseWords, Problem> {
    let terms: Terms = serde_json::from_value(case.terms.clone()).map_err(Problem::internal)?;
    let owners: Vec<facts::Person> = terms.owners.iter().map(named).collect();
    let nominee = person(&named(&terms.nominee));
    let (next, at) = next(case);
    let own = case.electors.iter().find(|elector| elector.person.user == reader).and_then(|elector| elector.choice);
    Ok(CaseWords {
        change: change(terms.kind),
        owners: people(&owners),
        nominee,
        opener: format!("{}, {}", plain_text::name(&case.opener.name), when(case.opened_at)),
        statement: plain_text::quotation(&terms.statement),
        count: match case.route {
            Route::Vote => {
                format!("{}, out of {} who may vote", tally(case), count(amount(case.electorate), "administrator"))
            }
            Route::Keys => tally(case),
        },
        next,
        at: when(at),
        own: own.map(chosen),
        terms_hash: case.terms_hash.clone(),
    })
}

/// An offer of ownership, line by line.
#[must_use]
pub fn offer_facts(offer: &TransferView) -> Vec<(&'static str, String)> {
    vec![
        ("Account", plain_text::name(&offer.account_name)),
        ("Offered by", plain_text::name(&offer.from.name)),
        ("Offered to", plain_text::name(&offer.to.name)),
        ("Offered", when(offer.offered_at)),
        ("Until", when(offer.expires_at)),
    ]
}

/// What a pause is for.
#[must_use]
pub const fn pause_effect() -> &'static str {
    "A pause gives you time: ownership then changes one waiting period later. It does not end the case."
}

/// What a case would do to the account.
#[must_use]
pub const fn change(kind: Kind) -> &'static str {
    match kind {
        Kind::Replace => {
            "If this case succeeds, the nominee becomes the owner, and all present owners lose ownership and access."
        }
        Kind::Add => "If this case succeeds, the nominee becomes an owner beside the present ones.",
    }
}

/// What was done, and what comes next.
#[must_use]
pub fn outcome(meaning: &Meaning, done: Done) -> Outcome {
    let (title, first) = match done {
        Done::Voted => ("Your ballot is recorded", voted(meaning)),
        Done::Paused => ("The case is paused", "All owners and electors are told by mail.".to_owned()),
        Done::Contested => (
            "The removal is contested",
            "It takes effect for recovery votes only if an owner, or more than half of the administrators who count, \
             confirms it. All of them are told by mail."
                .to_owned(),
        ),
        Done::Accepted if meaning.purpose == LinkPurpose::Nomination => {
            ("You have accepted", format!("Your address {} is confirmed.", plain_text::address(&meaning.email)))
        }
        Done::Accepted => (
            "You have joined",
            format!(
                "Your address {} is confirmed. Sign in with it today, and set a password: it counts at once then. One that is set \
                 later, with a code by mail alone, counts after one to two weeks.",
                plain_text::address(&meaning.email)
            ),
        ),
        Done::Declined => ("You have declined", "Nothing changes. All owners are told by mail.".to_owned()),
        Done::Disowned => {
            ("The ballot is taken back", "The link by which it was cast works no more. To vote, sign in.".to_owned())
        }
    };
    let mut told = vec![first];
    told.extend(meaning.case.as_ref().map(state_of));
    told.push("You can close this page.".to_owned());
    Outcome { title, told }
}

fn voted(meaning: &Meaning) -> String {
    let own = meaning.case.iter().flat_map(|case| &case.electors).find(|elector| elector.person.user == meaning.user);
    let choice = own.and_then(|elector| elector.choice).map_or("you have voted", chosen);
    format!("The record says: {choice}. A mail confirms it, with a link in case this was not you.")
}

/// What the case waits for now.
fn state_of(case: &CaseView) -> String {
    let (next, at) = next(case);
    match case.state {
        "collecting" if case.route == Route::Keys => {
            format!("So far: {}. Everything must be there by {}.", tally(case), when(at))
        }
        "collecting" => format!("The count is {}. Administrators can vote until {}.", tally(case), when(at)),
        "waiting" if case.route == Route::Keys => {
            format!("Everything is there. Unless an owner objects, ownership changes on {}.", when(at))
        }
        "waiting" => format!(
            "The count is {}, which is enough. Unless an owner objects, ownership changes on {}.",
            tally(case),
            when(at)
        ),
        "paused" => format!("The case is paused. Unless an owner objects, ownership changes on {}.", when(at)),
        ended => format!("The case is {ended}. {next}: {}.", when(at)),
    }
}

fn next(case: &CaseView) -> (&'static str, Moment) {
    match (case.ended_at, case.due_at) {
        (Some(ended), _) => ("It ended", ended),
        (None, Some(due)) => ("Ownership changes", due),
        (None, None) => match case.route {
            Route::Vote => ("Voting ends", case.closes_at),
            Route::Keys => ("Everything must be there by", case.closes_at),
        },
    }
}

fn tally(case: &CaseView) -> String {
    match case.route {
        Route::Vote => approvals(case),
        Route::Keys => keys_tally(case),
    }
}

fn approvals(case: &CaseView) -> String {
    format!("{} of the {} needed", count(i64::from(case.approvals), "approval"), case.required)
}

const fn chosen(choice: Choice) -> &'static str {
    match choice {
        Choice::Approve => "you approve",
        Choice::Reject => "you reject",
    }
}

fn named(person: &Person) -> facts::Person {
    facts::Person { name: person.name.clone(), address: person.email.clone() }
}

fn amount(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
