//! The page before an act on a case: what it does, and one button. The same act, once the button is pressed.
//!
//! Whether it may be done is asked of the state machine, on the way there as a dry run, and again when it is done.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::{
    offers::would_change,
    page::{below_case, case_page},
    prospect::prospect,
};
use crate::{
    app::{
        act::{Act, Asked, ask},
        error::Error,
        view::{
            dossier::{Dossier, dossier},
            outlook::Outlook,
        },
    },
    id::CaseId,
    mail::plain_text,
    recovery::{decide::Decision, refusal::Refusal},
    web::{
        link::words::{CaseWords, case_words, pause_effect},
        notice::Notice,
        page::{Head, page},
        problem::Problem,
        session::prove,
        signed_in::SignedIn,
        site::Site,
        wrong::Wrong,
    },
};

/// What somebody does to a case with one button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Takes their ballot back.
    TakeBack,
    /// Pauses it.
    Pause,
    /// Vetoes it.
    Veto,
    /// Withdraws it.
    Withdraw,
}

/// What the page asks.
struct Question {
    title: String,
    here: &'static str,
    told: Vec<String>,
    button: &'static str,
    look: &'static str,
}

#[derive(Template)]
#[template(path = "case_confirm.html", config = "src/web/templates/askama.toml")]
struct ConfirmPage {
    head: Head,
    id: CaseId,
    path: &'static str,
    question: Question,
    case: CaseWords,
}

impl Deed {
    /// Its address, below that of the case.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::TakeBack => "ballot/take-back",
            Self::Pause => "pause",
            Self::Veto => "veto",
            Self::Withdraw => "withdraw",
        }
    }

    const fn asked(self) -> Asked {
        match self {
            Self::TakeBack => Asked::TakeBack,
            Self::Pause => Asked::Pause,
            Self::Veto => Asked::Veto,
            Self::Withdraw => Asked::Withdraw,
        }
    }

    const fn outcome(self, outlook: &Outlook) -> &Result<Decision, Refusal> {
        match self {
            Self::TakeBack => &outlook.take_back,
            Self::Pause => &outlook.pause,
            Self::Veto => &outlook.veto,
            Self::Withdraw => &outlook.withdraw,
        }
    }

    const fn notice(self) -> Notice {
        match self {
            Self::TakeBack => Notice::BallotTakenBack,
            Self::Pause => Notice::CasePaused,
            Self::Veto => Notice::CaseVetoed,
            Self::Withdraw => Notice::CaseWithdrawn,
        }
    }

    fn question(self, dossier: &Dossier, decision: &Decision) -> Question {
        let account = plain_text::name(&dossier.account.name);
        let effect = prospect(&dossier.case, decision);
        let (title, here, first, button, look) = match self {
            Self::TakeBack => {
                let first = "It is then as if you had not voted. You can vote again until the case ends.".to_owned();
                (format!("Take back your ballot in {account}?"), "Take back", vec![first], "Take my ballot back", "")
            }
            Self::Pause => {
                let title = format!("Pause the recovery case of {account}?");
                (title, "Pause", vec![pause_effect().to_owned()], "Pause the case", "")
            }
            Self::Veto => {
                let first = "A veto says that you are still there and do not want this. It is final.".to_owned();
                (format!("Veto the recovery case of {account}?"), "Veto", vec![first], "Veto the case", "danger")
            }
            Self::Withdraw => {
                let first =
                    "You opened this case. Everybody concerned is told that you took it back. It is final.".to_owned();
                (
                    format!("Withdraw the recovery case of {account}?"),
                    "Withdraw",
                    vec![first],
                    "Withdraw the case",
                    "danger",
                )
            }
        };
        Question { title, here, told: [first, effect].concat(), button, look }
    }
}

/// The page before the act.
///
/// # Errors
/// When the reader may not know of the case.
pub async fn show(site: &Site, person: SignedIn, id: CaseId, deed: Deed) -> Result<Response, Problem> {
    let dossier = dossier(&site.app, &person.principal, id).await?;
    let Some(outlook) = &dossier.outlook else { return Err(Problem::not_found()) };
    let outcome = deed.outcome(outlook);
    let decision = match outcome {
        Err(refusal) => return refused(person.head, &dossier, refusal.clone().into()),
        Ok(decision) if would_change(outcome) => decision,
        // There is no ballot to take back.
        Ok(_) => return Ok(Redirect::to(&format!("/cases/{id}")).into_response()),
    };
    if deed == Deed::Veto && outlook.proof.is_err() {
        return Ok(prove::first(&format!("/cases/{id}/{}", deed.path())));
    }
    let written = page(&ConfirmPage {
        head: below_case(person.head, &dossier),
        id,
        path: deed.path(),
        question: deed.question(&dossier, decision),
        case: case_words(&dossier.view, person.user)?,
    })?;
    Ok(written.into_response())
}

/// The act.
///
/// # Errors
/// When the reader may not know of the case.
pub async fn press(site: &Site, person: SignedIn, id: CaseId, deed: Deed) -> Result<Response, Problem> {
    let act = Act { app: site.app.clone(), case: id, asked: deed.asked(), principal: person.principal.clone() };
    match ask(act).await {
        Ok(_) => Ok(Redirect::to(&deed.notice().on(&format!("/cases/{id}"))).into_response()),
        // Whether proof is all that is wanting, the page before the act knows.
        Err(Error::Recovery(refusal)) if prove::helps(refusal.code()) => show(site, person, id, deed).await,
        Err(error) => {
            let dossier = dossier(&site.app, &person.principal, id).await?;
            refused(person.head, &dossier, error)
        }
    }
}

/// The page of the case, with the reason why an act was refused.
///
/// # Errors
/// When it was not the rules that refused it.
pub fn refused(head: Head, dossier: &Dossier, error: Error) -> Result<Response, Problem> {
    case_page(head, dossier, Wrong::of(error, &[])?)
}
