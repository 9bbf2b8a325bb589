//! What a link in a mail stands for: shown first, done on confirmation. For programs; people get the page.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        error::{Access, Error},
        redeem::{Answer, Done, Meaning, Redeem, meaning},
        view::{case::CaseView, transfer::TransferView},
    },
    recovery::ballot::Choice,
    web::{
        case::vote::hash,
        extract::Json,
        problem::{Problem, ProblemBody},
    },
};

/// A link's token and, to do what it stands for, a confirmation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkInput {
    /// The token: the link's id, a dot, and what stands behind the `#`.
    token: String,
    /// True to do what the link stands for. Without it, or a choice, the link is only shown.
    #[serde(default)]
    confirm: bool,
    /// For a ballot's link: `approve` or `reject`.
    #[schema(value_type = Option<String>)]
    choice: Option<Choice>,
    /// For a ballot's link: the hash of the terms that you were shown.
    terms_hash: Option<String>,
    /// True to decline: for the link of an offer of ownership, which to accept takes a signed-in person with proof, and for that
    /// of whom paper keys name.
    #[serde(default)]
    decline: bool,
}

/// What a link stands for.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkView {
    /// `ballot`, `pause`, `contest`, `accept`, `disown`, `transfer`, `nomination` or `enrol`.
    purpose: &'static str,
    /// The account's name.
    account: String,
    /// The name of the person to whom the link was sent.
    person: String,
    /// The person whose removal would be contested.
    removed: Option<String>,
    /// The case, for links about one.
    case: Option<CaseView>,
    /// The offer of ownership, for links that answer one.
    transfer: Option<TransferView>,
    /// What was done just now: `voted`, `paused`, `contested`, `accepted`, `disowned` or `declined`; null when only shown.
    done: Option<&'static str>,
}

/// Show what a link in a mail stands for, or do it
#[utoipa::path(post, path = "/v1/links/redeem", tag = "links", request_body = LinkInput, security(()),
    responses((status = 200, body = LinkView), (status = 409, body = ProblemBody)))]
pub async fn api(State(app): State<App>, Json(input): Json<LinkInput>) -> Result<Json<LinkView>, Problem> {
    let link = app.secret.link_of(&input.token).ok_or(Error::Access(Access::DeadLink))?;
    let shown = meaning(&app, link).await?;
    let done = match answer(&input)? {
        None => None,
        Some(answer) => Some(app.db.run(Redeem { app: app.clone(), link, answer }).await?),
    };
    let shown = if done.is_some() { shown.reread(&app).await? } else { shown };
    Ok(Json(view(shown, done)))
}

fn answer(input: &LinkInput) -> Result<Option<Answer>, Problem> {
    if input.decline {
        return if input.confirm || input.choice.is_some() {
            Err(Error::invalid("/decline", "send one answer: either `confirm` or `decline`").into())
        } else {
            Ok(Some(Answer::Decline))
        };
    }
    match (input.choice, &input.terms_hash, input.confirm) {
        (Some(choice), Some(terms), _) => Ok(Some(Answer::Vote { choice, terms_hash: hash("/terms_hash", terms)? })),
        (Some(_), None, _) => {
            Err(Error::invalid("/terms_hash", "send the hash of the terms that you were shown").into())
        }
        (None, _, true) => Ok(Some(Answer::Confirm)),
        (None, _, false) => Ok(None),
    }
}

fn view(meaning: Meaning, done: Option<Done>) -> LinkView {
    LinkView {
        purpose: meaning.purpose.word(),
        account: meaning.account,
        person: meaning.person,
        removed: meaning.removed,
        case: meaning.case,
        transfer: meaning.transfer,
        done: done.map(Done::word),
    }
}
