//! The pages with which somebody opens a case: what to ask for, what it would do, and then one button.
//!
//! One address for all three. What was typed travels in the form, so nothing is kept until the last button; that button
//! carries an idempotency key, so pressing it twice opens one case.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{
        answer::{Answering, key_for},
        app::App,
        error::{Error, Invalid},
        idempotent::once,
        open_case::{OpenCase, preview},
        principal::Principal,
        view::opening::{Opening, opening},
    },
    id::{AccountId, UserId},
    mail::{
        facts, plain_text,
        wording::{self, people, person},
    },
    recovery::{
        case::Case,
        policy::OwnersAllowed,
        terms::{Kind, Person},
    },
    web::{
        extract::Path,
        fields::Fields,
        notice::Notice,
        page::{Head, page},
        problem::Problem,
        roster::words::why_none,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// What the pages send.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Draft {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    nominee: String,
    #[serde(default)]
    statement: String,
    /// Which button was pressed.
    #[serde(default, skip_serializing)]
    step: Step,
    /// Names this attempt.
    #[serde(default, skip_serializing)]
    key: String,
}

/// Which button was pressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Show what it would do.
    #[default]
    Review,
    /// Change something.
    Edit,
    /// Open it.
    Open,
}

#[derive(Template)]
#[template(path = "case_new.html", config = "src/web/templates/askama.toml")]
struct FormPage {
    head: Head,
    account: AccountId,
    opening: Opening,
    no_standing: Option<String>,
    draft: Draft,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "case_review.html", config = "src/web/templates/askama.toml")]
struct ReviewPage {
    head: Head,
    account: AccountId,
    draft: Draft,
    key: String,
    case: Case,
    owners: String,
    nominee: String,
}

/// The empty form.
///
/// # Errors
/// 404 for whoever may not know of the account; when the database or the template fails.
pub async fn form(State(app): State<App>, who: SignedIn, Path(account): Path<AccountId>) -> Result<Response, Problem> {
    ask(&app, who, account, Draft::default(), Wrong::default()).await
}

/// What one of the buttons does.
///
/// # Errors
/// As [`form`].
pub async fn send(
    State(app): State<App>,
    who: SignedIn,
    Path(account): Path<AccountId>,
    Fields(draft): Fields<Draft>,
) -> Result<Response, Problem> {
    let done = match draft.step {
        Step::Edit => return ask(&app, who, account, draft, Wrong::default()).await,
        Step::Review => review(&app, &who, account, &draft).await,
        Step::Open => open(&app, &who.principal, account, &draft).await,
    };
    match done {
        Ok(response) => Ok(response),
        Err(problem) => {
            let places = [
                ("statement_length", "statement"),
                ("nominee_unfit", "nominee"),
                ("nominee_vetoed", "nominee"),
                ("one_owner_only", "kind"),
            ];
            let wrong = Wrong::of(problem, &places)?;
            ask(&app, who, account, draft, wrong).await
        }
    }
}

async fn ask(app: &App, who: SignedIn, account: AccountId, draft: Draft, wrong: Wrong) -> Result<Response, Problem> {
    let opening = opening(app, &who.principal, account).await?;
    let head = below(who.head, account, &opening.detail.account.name);
    let no_standing = opening.no_standing.map(why_none);
    let form = FormPage { head, account, opening, no_standing, draft, wrong: wrong.clone() };
    Ok(wrong.marked(page(&form)?.into_response()))
}

async fn review(app: &App, who: &SignedIn, account: AccountId, draft: &Draft) -> Result<Response, Problem> {
    let case = preview(&asked(app, &who.principal, account, draft)?).await?;
    let name = crate::app::view::account::name_of(app, account).await?;
    let owners: Vec<facts::Person> = case.terms.owners.iter().map(named).collect();
    let review = ReviewPage {
        head: below(who.head.clone(), account, &name),
        account,
        draft: draft.clone(),
        key: app.id::<ReviewPage>().uuid().to_string(),
        owners: people(&owners),
        nominee: person(&named(&case.terms.nominee)),
        case,
    };
    Ok(page(&review)?.into_response())
}

async fn open(app: &App, principal: &Principal, account: AccountId, draft: &Draft) -> Result<Response, Problem> {
    let unit = asked(app, principal, account, draft)?;
    let key = Some(draft.key.as_str()).filter(|key| !key.is_empty());
    let key = key_for(principal, key, &format!("open_case {account}"), draft)?;
    let opened = once(app, key, Answering(unit)).await?;
    let id = opened.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
    Ok(Redirect::to(&Notice::CaseOpened.on(&format!("/cases/{id}"))).into_response())
}

/// What was typed, as what the use case takes.
fn asked(app: &App, principal: &Principal, account: AccountId, draft: &Draft) -> Result<OpenCase, Error> {
    let kind = match draft.kind.as_str() {
        "replace" => Some(Kind::Replace),
        "add" => Some(Kind::Add),
        _ => None,
    };
    let nominee = draft.nominee.parse::<UserId>().ok();
    let (Some(kind), Some(nominee)) = (kind, nominee) else {
        let wrong = [
            kind.is_none().then(|| missing("/kind", "choose what the case would do")),
            nominee.is_none().then(|| missing("/nominee", "choose who would become owner")),
        ];
        return Err(Error::Invalid(wrong.into_iter().flatten().collect()));
    };
    // Browsers send every line end as two characters.
    let statement = draft.statement.replace("\r\n", "\n");
    Ok(OpenCase { app: app.clone(), account, kind, nominee, statement, principal: principal.clone() })
}

fn missing(pointer: &str, detail: &str) -> Invalid {
    Invalid { pointer: pointer.to_owned(), detail: detail.to_owned() }
}

fn below(head: Head, account: AccountId, name: &str) -> Head {
    head.below("Accounts", "/").below(plain_text::name(name), format!("/accounts/{account}"))
}

fn named(person: &Person) -> facts::Person {
    facts::Person { name: person.name.clone(), address: person.email.clone() }
}
