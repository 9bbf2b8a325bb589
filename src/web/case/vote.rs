//! Voting in a case.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    confirm::{self, Deed},
    voting,
};
use crate::{
    app::{
        act::{Act, Asked, ask, vote},
        app::App,
        authenticate::authenticate,
        error::Error,
        sign_ballot::{Wanted, ask_signature, cast_signed},
        view::case::CaseView,
    },
    id::CaseId,
    recovery::{ballot::Choice, policy::BallotWay, terms::TermsHash},
    web::{
        caller::{Caller, Presented},
        extract::{Filters, Json, Path},
        fields::Fields,
        me::devices::CeremonyView,
        notice::Notice,
        passkey_form::answered,
        problem::{Problem, ProblemBody},
        session::passkey::PasskeyAnswer,
        signed_in::SignedIn,
        site::Site,
    },
};

/// A ballot.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BallotInput {
    /// `approve` or `reject`.
    #[schema(value_type = String)]
    choice: Choice,
    /// The hash of the terms that you were shown.
    terms_hash: String,
    /// What your passkey signed; see `POST /v1/cases/{case}/ballot/options`. Needed where the policy takes signed ballots
    /// only.
    passkey: Option<PasskeyAnswer>,
}

/// A ballot that is going to be signed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BallotToSign {
    /// `approve` or `reject`.
    #[schema(value_type = String)]
    choice: Choice,
    /// The hash of the terms that you were shown.
    terms_hash: String,
}

/// Cast your ballot, or change it
///
/// The same choice again changes nothing. If the terms that you were shown are not the ones in force, the ballot is
/// refused: read them again.
#[utoipa::path(put, path = "/v1/cases/{case}/ballot", tag = "cases", request_body = BallotInput,
    params(("case" = CaseId, Path)),
    responses((status = 200, body = CaseView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn cast(
    State(app): State<App>,
    Presented(credential): Presented,
    Path(id): Path<CaseId>,
    Json(ballot): Json<BallotInput>,
) -> Result<Json<CaseView>, Problem> {
    let BallotInput { choice, terms_hash, passkey } = ballot;
    let terms_hash = hash("/terms_hash", &terms_hash)?;
    let acted = match passkey {
        None => vote(&app, &credential, id, choice, terms_hash).await?,
        Some(answer) => {
            let principal = authenticate(&app, &credential).await?;
            cast_signed(&app, principal, Wanted { case: id, choice, terms_hash }, answer.into()).await?
        }
    };
    Ok(Json(acted.into()))
}

/// Begin to sign a ballot with a passkey
///
/// Hand the options to `navigator.credentials.get`, and its answer as `passkey` to `PUT /v1/cases/{case}/ballot`, with the same
/// choice for the same terms: it is what the passkey signs. The challenge is the SHA-256 of `quorate ballot v1`, a zero byte, the
/// hash of the terms, a byte that is 1 for an approval and 0 for a rejection, and a nonce that is kept with the signature.
#[utoipa::path(post, path = "/v1/cases/{case}/ballot/options", tag = "cases", request_body = BallotToSign,
    params(("case" = CaseId, Path)),
    responses((status = 200, body = CeremonyView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn options(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(case): Path<CaseId>,
    Json(ballot): Json<BallotToSign>,
) -> Result<Json<CeremonyView>, Problem> {
    let terms_hash = hash("/terms_hash", &ballot.terms_hash)?;
    let wanted = Wanted { case, choice: ballot.choice, terms_hash };
    Ok(Json(ask_signature(&app, &principal, wanted).await?.into()))
}

/// Take your ballot back
#[utoipa::path(delete, path = "/v1/cases/{case}/ballot", tag = "cases", params(("case" = CaseId, Path)),
    responses((status = 200, body = CaseView), (status = 409, body = ProblemBody)))]
pub async fn take_back(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(id): Path<CaseId>,
) -> Result<Json<CaseView>, Problem> {
    Ok(Json(ask(Act { app, case: id, asked: Asked::TakeBack, principal }).await?.into()))
}

/// Reads the hash of terms.
pub(in crate::web) fn hash(pointer: &str, text: &str) -> Result<TermsHash, Problem> {
    text.parse().map_err(|wrong: &str| Error::invalid(pointer, wrong).into())
}

/// What the page sends.
#[derive(Deserialize)]
pub struct BallotForm {
    choice: Option<Choice>,
    #[serde(default)]
    terms_hash: String,
    /// What the script of the page got from a passkey, where the policy takes signed ballots only.
    #[serde(default)]
    ceremony: String,
    #[serde(default)]
    answer: String,
}

/// What was chosen before somebody showed who they are.
#[derive(Deserialize)]
pub struct Carried {
    choice: Option<Choice>,
}

/// The page with the two answers.
pub async fn form(
    State(app): State<App>,
    person: SignedIn,
    Path(id): Path<CaseId>,
    Filters(carried): Filters<Carried>,
) -> Result<Response, Problem> {
    voting::ask(&app, person, id, carried.choice).await
}

/// Casts the ballot.
pub async fn send(
    State(app): State<App>,
    person: SignedIn,
    Path(id): Path<CaseId>,
    Fields(sent): Fields<BallotForm>,
) -> Result<Response, Problem> {
    let terms_hash = hash("/terms_hash", &sent.terms_hash)?;
    let Some(choice) = sent.choice else { return voting::unanswered(&app, person, id).await };
    let principal = person.principal.clone();
    let cast = if sent.answer.is_empty() {
        let asked = Asked::Cast { choice, terms_hash, way: BallotWay::SignedIn };
        ask(Act { app: app.clone(), case: id, asked, principal }).await
    } else {
        match answered(&sent.ceremony, &sent.answer) {
            Ok(answer) => cast_signed(&app, principal, Wanted { case: id, choice, terms_hash }, answer).await,
            Err(refused) => Err(refused),
        }
    };
    match cast {
        Ok(_) => Ok(Redirect::to(&Notice::BallotRecorded.on(&format!("/cases/{id}"))).into_response()),
        Err(error) => voting::refused(&app, person, id, choice, error).await,
    }
}

/// The page with the button that takes the ballot back.
pub async fn ask_back(State(site): State<Site>, person: SignedIn, Path(id): Path<CaseId>) -> Result<Response, Problem> {
    confirm::show(&site, person, id, Deed::TakeBack).await
}

/// Takes it back.
pub async fn send_back(
    State(site): State<Site>,
    person: SignedIn,
    Path(id): Path<CaseId>,
) -> Result<Response, Problem> {
    confirm::press(&site, person, id, Deed::TakeBack).await
}
