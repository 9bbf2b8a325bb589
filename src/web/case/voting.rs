//! The page on which an elector votes: the terms, the two answers with what each would bring about, and one button.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::{
    confirm,
    offers::{own_ballot, would_change},
    page::below_case,
    prospect::prospect,
};
use crate::{
    app::{
        app::App,
        error::Error,
        my_passkeys::my_passkeys,
        view::dossier::{Dossier, dossier},
    },
    id::CaseId,
    mail::{plain_text, wording::sentence},
    recovery::{ballot::Choice, decide::Decision, refusal::Refusal},
    web::{
        link::words::{CaseWords, case_words},
        page::{Head, page},
        problem::Problem,
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

#[derive(Template)]
#[template(path = "case_vote.html", config = "src/web/templates/askama.toml")]
struct VotePage {
    head: Head,
    wrong: Wrong,
    id: CaseId,
    account: String,
    case: CaseWords,
    answers: [Answer; 2],
    ballots: Ballots,
}

/// How the form is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ballots {
    /// As any other.
    Plain,
    /// Signed with a passkey, by a script.
    Signed,
    /// It cannot be, because the reader has no passkey.
    NoPasskey,
}

/// One of the two answers.
struct Answer {
    value: &'static str,
    label: &'static str,
    chosen: bool,
    told: Vec<String>,
    why_not: Option<String>,
}

/// The page with the two answers.
///
/// # Errors
/// When the reader may not know of the case.
pub async fn ask(app: &App, person: SignedIn, id: CaseId, chosen: Option<Choice>) -> Result<Response, Problem> {
    show(app, person, id, chosen, Wrong::default()).await
}

/// The same, for a form without an answer.
///
/// # Errors
/// As above.
pub async fn unanswered(app: &App, person: SignedIn, id: CaseId) -> Result<Response, Problem> {
    show(app, person, id, None, Wrong::at("choice", "choose one of the two answers")).await
}

/// The same, with why the ballot was refused: with the terms that are in force now. Who has no ballot to cast sees the page
/// of the case instead.
///
/// # Errors
/// As above.
pub async fn refused(
    app: &App,
    person: SignedIn,
    id: CaseId,
    chosen: Choice,
    error: Error,
) -> Result<Response, Problem> {
    let problem = Problem::from(error);
    if prove::helps(problem.code) {
        return Ok(prove::first(&format!("/cases/{id}/vote?choice={}", word(chosen))));
    }
    show(app, person, id, Some(chosen), Wrong::of(problem, &[])?).await
}

async fn show(
    app: &App,
    person: SignedIn,
    id: CaseId,
    chosen: Option<Choice>,
    wrong: Wrong,
) -> Result<Response, Problem> {
    let dossier = dossier(app, &person.principal, id).await?;
    let Some(outlook) = &dossier.outlook else { return Err(Problem::not_found()) };
    if let (Err(refusal), false) = (&outlook.reject, would_change(&outlook.approve)) {
        if prove::helps(refusal.code()) {
            return Ok(prove::first(&format!("/cases/{id}/vote")));
        }
        return confirm::refused(person.head, &dossier, refusal.clone().into());
    }
    let ballots = ballots(app, &person, &dossier).await?;
    if let Err(refusal) = &outlook.proof
        && ballots == Ballots::Plain
        && prove::helps(refusal.code())
        && wrong.items.is_empty()
    {
        let carried = chosen.map(|choice| format!("?choice={}", word(choice))).unwrap_or_default();
        return Ok(prove::first(&format!("/cases/{id}/vote{carried}")));
    }
    let shown = VotePage {
        head: below_case(person.head, &dossier),
        id,
        account: plain_text::name(&dossier.account.name),
        case: case_words(&dossier.view, person.user)?,
        answers: [
            answer(&dossier, Choice::Approve, &outlook.approve, chosen),
            answer(&dossier, Choice::Reject, &outlook.reject, chosen),
        ],
        ballots,
        wrong,
    };
    Ok(shown.wrong.marked(page(&shown)?.into_response()))
}

async fn ballots(app: &App, person: &SignedIn, dossier: &Dossier) -> Result<Ballots, Problem> {
    if !dossier.case.terms.policy.wants_signatures() {
        return Ok(Ballots::Plain);
    }
    let none = my_passkeys(app, &person.principal).await?.is_empty();
    Ok(if none { Ballots::NoPasskey } else { Ballots::Signed })
}

const fn word(choice: Choice) -> &'static str {
    match choice {
        Choice::Approve => "approve",
        Choice::Reject => "reject",
    }
}

fn answer(dossier: &Dossier, choice: Choice, outcome: &Result<Decision, Refusal>, chosen: Option<Choice>) -> Answer {
    let label = match choice {
        Choice::Approve => "I approve",
        Choice::Reject => "I reject",
    };
    let (told, why_not) = match outcome {
        Ok(_) if own_ballot(dossier) == Some(choice) => (vec!["This is your ballot now.".to_owned()], None),
        Ok(decision) => (prospect(&dossier.case, decision), None),
        Err(refusal) => (Vec::new(), Some(format!("{}.", sentence(&refusal.to_string())))),
    };
    Answer { value: word(choice), label, chosen: chosen == Some(choice), told, why_not }
}
