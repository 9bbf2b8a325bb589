//! Fresh proof.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::passkey::PasskeyAnswer;
use crate::{
    app::{
        app::App,
        ceremony::{Passkeys, passkeys},
        my_passkeys::my_passkeys,
        my_passwords::my_passwords,
        principal::Principal,
        prove::{ProofRequested, Prove, RequestProof},
        prove_passkey::{ask_proof, prove_by_passkey},
        prove_password::prove_by_password,
        sign_in::MINUTES,
    },
    mail::facts::ProofUse,
    moment::Moment,
    ownership::credential::CLAIMED_FOR,
    password::typed::Password,
    recovery::proof::{FRESH_FOR, TOLD_FOR},
    web::{
        caller::Caller,
        extract::{Filters, Json},
        fields::Fields,
        me::devices::CeremonyView,
        next::Next,
        notice::Notice,
        page::{Head, page},
        passkey_form::answered,
        problem::{FieldError, Problem, ProblemBody},
        signed_in::SignedIn,
        site::Site,
        wrong::Wrong,
    },
};

/// Nothing, to be mailed a code; or the code; or the password; or what a passkey answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProofInput {
    /// The mailed code, as typed.
    code: Option<String>,
    /// Your password.
    #[schema(value_type = Option<String>)]
    password: Option<Password>,
    /// What one of your passkeys answered; see `POST /v1/proof/options`.
    passkey: Option<PasskeyAnswer>,
}

/// A code is on its way, or the one mailed earlier still works.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProofRequestedView {
    /// When the code stops working.
    expires_at: Moment,
}

/// The proof was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvenView {
    /// Until when it is fresh.
    proven_until: Moment,
}

/// Prove that it is you
///
/// With your password, one of your passkeys, or the code that was mailed to you, this session has fresh proof for 5 minutes
/// (200). Without any, a code is mailed to you (202).
#[utoipa::path(post, path = "/v1/proof", tag = "sessions", request_body = ProofInput,
    responses((status = 200, body = ProvenView), (status = 202, body = ProofRequestedView),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Json(input): Json<ProofInput>,
) -> Result<Response, Problem> {
    let proven_at = match (input.code, input.password, input.passkey) {
        (Some(code), None, None) => app.db.run(Prove { app: app.clone(), principal, code }).await?.at()?,
        (None, Some(password), None) => prove_by_password(&app, principal, password).await?,
        (None, None, Some(passkey)) => prove_by_passkey(&app, principal, passkey.into()).await?,
        (None, None, None) => return mail_code(&app, principal).await,
        (Some(_) | None, Some(_) | None, Some(_) | None) => {
            let detail = "send the code, the password, or what the passkey answered, and nothing else";
            return Err(Problem::invalid(vec![FieldError::at("/password", "invalid_value", detail)]));
        }
    };
    Ok(Json(ProvenView { proven_until: proven_at.after(FRESH_FOR) }).into_response())
}

/// Begin to prove by a passkey that it is you
///
/// Hand the options to `navigator.credentials.get`, and its answer as `passkey` to `POST /v1/proof`.
#[utoipa::path(post, path = "/v1/proof/options", tag = "sessions",
    responses((status = 200, body = CeremonyView), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn options(State(app): State<App>, Caller(principal): Caller) -> Result<Json<CeremonyView>, Problem> {
    Ok(Json(ask_proof(&app, &principal).await?.into()))
}

async fn mail_code(app: &App, principal: Principal) -> Result<Response, Problem> {
    let what = ProofUse::AnySensitiveAct;
    let (ProofRequested::Mailed { expires_at } | ProofRequested::UseEarlier { expires_at }) =
        app.db.run(RequestProof { app: app.clone(), principal, what }).await?;
    Ok((StatusCode::ACCEPTED, Json(ProofRequestedView { expires_at })).into_response())
}

/// Where from, and what would be enough there.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: Next,
    #[serde(default)]
    by: Enough,
}

/// What is enough for what somebody is about to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Enough {
    /// A credential that counts.
    #[default]
    Credential,
    /// A mailed code as well.
    Code,
}

impl Enough {
    const fn word(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Code => "code",
        }
    }
}

/// What the page sends.
#[derive(Deserialize)]
pub struct ProveForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    password: Password,
    #[serde(default)]
    next: Next,
    #[serde(default)]
    by: Enough,
}

/// What the page sends of a passkey.
#[derive(Deserialize)]
pub struct PasskeyProveForm {
    #[serde(default)]
    ceremony: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    next: Next,
    #[serde(default)]
    by: Enough,
}

/// How far somebody has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// They may ask for a code.
    Ask,
    /// A code is on its way.
    Type,
}

#[derive(Template)]
#[template(path = "prove.html", config = "src/web/templates/askama.toml")]
struct ProvePage {
    head: Head,
    email: String,
    stage: Stage,
    means: Means,
    by: Enough,
    next: Next,
    wrong: Wrong,
}

/// What somebody can show beside a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Means {
    password: Has,
    passkey: Has,
    /// Whether they could have a passkey.
    passkeys: Passkeys,
}

/// Whether they have such a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Has {
    Some,
    None,
}

impl Has {
    const fn some_of<T>(these: &[T]) -> Self {
        if these.is_empty() { Self::None } else { Self::Some }
    }
}

impl Means {
    async fn of(app: &App, principal: &Principal) -> Result<Self, Problem> {
        let password = Has::some_of(&my_passwords(app, principal).await?);
        let passkey = match passkeys(app) {
            Passkeys::Possible => Has::some_of(&my_passkeys(app, principal).await?),
            Passkeys::Impossible => Has::None,
        };
        Ok(Self { password, passkey, passkeys: passkeys(app) })
    }

    /// Whether they have anything.
    fn any(self) -> Has {
        if self.password == Has::None && self.passkey == Has::None { Has::None } else { Has::Some }
    }
}

impl ProvePage {
    fn answer(self) -> Result<Response, Problem> {
        Ok(self.wrong.marked(page(&self)?.into_response()))
    }
}

/// Whether a refusal is one that showing who one is helps against.
#[must_use]
pub fn helps(code: &str) -> bool {
    matches!(code, "needs_fresh_proof" | "needs_credential")
}

/// Sends somebody to show by a credential who they are, and back to the page from which they come.
#[must_use]
pub fn first(back: &str) -> Response {
    Redirect::to(&back.parse::<Next>().unwrap_or_default().after("/prove")).into_response()
}

/// The same, where a mailed code is enough.
#[must_use]
pub fn first_by_any(back: &str) -> Response {
    Redirect::to(&back.parse::<Next>().unwrap_or_default().after("/prove?by=code")).into_response()
}

/// The page that takes the password, or offers a code. It mails none before somebody asks.
///
/// # Errors
/// When the database or the template fails.
pub async fn form(
    State(app): State<App>,
    person: SignedIn,
    Filters(asked): Filters<Asked>,
) -> Result<Response, Problem> {
    let SignedIn { principal, email, head, .. } = person;
    let Asked { next, by } = asked;
    if principal.within().is_some() {
        return Ok(Redirect::to(&Notice::SignInNeeded.on(&next.after("/sign-in"))).into_response());
    }
    let means = Means::of(&app, &principal).await?;
    ProvePage { head, email, stage: Stage::Ask, means, by, next, wrong: Wrong::default() }.answer()
}

/// Takes the password, and goes back to where it was needed.
///
/// # Errors
/// When the database or the template fails.
pub async fn by_password(
    State(app): State<App>,
    person: SignedIn,
    Fields(sent): Fields<ProveForm>,
) -> Result<Response, Problem> {
    let SignedIn { principal, email, head, .. } = person;
    let ProveForm { password: typed, next, by, .. } = sent;
    match prove_by_password(&app, principal.clone(), typed).await {
        Ok(_) => Ok(Redirect::to(&Notice::Proven.on(next.as_str())).into_response()),
        Err(refused) => {
            let wrong = Wrong::of(refused, &[("not_your_password", "password"), ("too_many_guesses", "password")])?;
            let means = Means::of(&app, &principal).await?;
            ProvePage { head, email, stage: Stage::Ask, means, by, next, wrong }.answer()
        }
    }
}

/// Takes what a passkey answered, and goes back to where it was needed.
///
/// # Errors
/// When the database or the template fails.
pub async fn by_passkey(
    State(app): State<App>,
    person: SignedIn,
    Fields(sent): Fields<PasskeyProveForm>,
) -> Result<Response, Problem> {
    let SignedIn { principal, email, head, .. } = person;
    let PasskeyProveForm { ceremony, answer, next, by } = sent;
    let proven = match answered(&ceremony, &answer) {
        Ok(answer) => prove_by_passkey(&app, principal.clone(), answer).await,
        Err(refused) => Err(refused),
    };
    match proven {
        Ok(_) => Ok(Redirect::to(&Notice::Proven.on(next.as_str())).into_response()),
        Err(refused) => {
            let wrong = Wrong::of(refused, &[])?;
            let means = Means::of(&app, &principal).await?;
            ProvePage { head, email, stage: Stage::Ask, means, by, next, wrong }.answer()
        }
    }
}

/// Mails a code, and asks for it.
///
/// # Errors
/// When the database or the template fails.
pub async fn send(
    State(app): State<App>,
    person: SignedIn,
    Fields(sent): Fields<ProveForm>,
) -> Result<Response, Problem> {
    let SignedIn { principal, email, head, .. } = person;
    let what = ProofUse::AnySensitiveAct;
    let means = Means::of(&app, &principal).await?;
    let (stage, wrong) = match app.db.run(RequestProof { app: app.clone(), principal, what }).await {
        Ok(ProofRequested::Mailed { .. } | ProofRequested::UseEarlier { .. }) => (Stage::Type, Wrong::default()),
        Err(refused) => (Stage::Ask, Wrong::of(refused, &[])?),
    };
    ProvePage { head, email, stage, means, by: sent.by, next: sent.next, wrong }.answer()
}

/// Takes the code, and goes back to where it was needed.
///
/// # Errors
/// When the database or the template fails.
pub async fn page_of(
    State(site): State<Site>,
    person: SignedIn,
    Fields(sent): Fields<ProveForm>,
) -> Result<Response, Problem> {
    let SignedIn { principal, email, head, .. } = person;
    let ProveForm { code, next, by, .. } = sent;
    match site.app.db.run(Prove { app: site.app.clone(), principal: principal.clone(), code }).await?.at() {
        Ok(_) => Ok(Redirect::to(&Notice::Proven.on(next.as_str())).into_response()),
        Err(refused) => {
            let wrong = Wrong::of(refused, &[("wrong_code", "code")])?;
            let means = Means::of(&site.app, &principal).await?;
            ProvePage { head, email, stage: Stage::Type, means, by, next, wrong }.answer()
        }
    }
}
