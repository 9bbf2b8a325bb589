//! Redeeming a paper key: with its code, for a case of its own or for one that somebody else's key has opened.

use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    done,
    present::again,
    show::{Sent, ask},
};
use crate::{
    app::{
        app::App,
        error::{Access, Error, Invalid},
        invite::NewPerson,
        redeem_key::{RedeemKey, Wanted},
        view::case::{CaseView, reread},
    },
    id::{CaseId, CodeId},
    ownership::address::Email,
    recovery::terms::Kind,
    web::{
        case::vote::hash,
        extract::{Json, Path},
        fields::Fields,
        problem::{Problem, ProblemBody},
        site::Site,
        wrong::Wrong,
    },
};

/// Whoever should own the account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOwnerInput {
    /// Their name, 1 to 100 characters. Of whom the service knows already, it keeps the name that it has.
    name: String,
    /// Their address. They are asked there whether they would become owner.
    email: String,
}

/// What a paper key is redeemed for: `kind`, `new_owner` and `statement` for a case of its own; `case` and `terms_hash` for what
/// somebody else has asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedemptionInput {
    /// The sixteen digits, as typed. Spaces and dashes do not matter.
    code: String,
    /// `replace` (all owners lose ownership and are suspended) or `add` (the new owner joins them).
    #[schema(value_type = Option<String>)]
    kind: Option<Kind>,
    /// Who should own the account.
    new_owner: Option<NewOwnerInput>,
    /// Why, in your words: 1 to 2000 characters.
    statement: Option<String>,
    /// The case to join.
    case: Option<CaseId>,
    /// The hash of its terms, as they were shown.
    terms_hash: Option<String>,
}

/// Redeem a paper key
///
/// Nobody has to sign in. The key is spent, and works no more; unless this is refused, which leaves it as it was. All owners are
/// told, and whoever is named is asked by mail whether they would become owner.
#[utoipa::path(post, path = "/v1/recoveries/{recovery}/confirm", tag = "recoveries", params(("recovery" = String, Path)),
    request_body = RedemptionInput, security(()),
    responses((status = 201, body = CaseView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Path(recovery): Path<CodeId>,
    Json(input): Json<RedemptionInput>,
) -> Result<(StatusCode, Json<CaseView>), Problem> {
    let (code, wanted) = wanted(input)?;
    let case = app.db.run(RedeemKey { app: app.clone(), recovery, code, wanted }).await?;
    Ok((StatusCode::CREATED, Json(reread(&app, case).await?)))
}

fn wanted(input: RedemptionInput) -> Result<(String, Wanted), Problem> {
    let RedemptionInput { code, kind, new_owner, statement, case, terms_hash } = input;
    let wanted = match (case, terms_hash, kind, new_owner, statement) {
        (Some(case), Some(terms), None, None, None) => Wanted::Join { case, terms_hash: hash("/terms_hash", &terms)? },
        (None, None, Some(kind), Some(NewOwnerInput { name, email }), Some(statement)) => {
            let email =
                email.trim().parse::<Email>().map_err(|error| Error::invalid("/new_owner/email", error.to_string()))?;
            Wanted::Open { kind, nominee: NewPerson { name, email }, statement }
        }
        _ => {
            let says = "send either `kind`, `new_owner` and `statement`, or `case` and `terms_hash`";
            return Err(Error::invalid("", says).into());
        }
    };
    Ok((code, wanted))
}

/// What the page's button does.
///
/// # Errors
/// When the database or a template fails.
pub async fn send(State(site): State<Site>, Fields(sent): Fields<Sent>) -> Result<Response, Problem> {
    match redeem(&site, &sent).await {
        Ok(case) => done::page_of(&site, &reread(&site.app, case).await?),
        Err(problem) if problem.code == "wrong_code" => again(&site, sent.recovery),
        Err(problem) => {
            let places = [
                ("statement_length", "statement"),
                ("nominee_unfit", "email"),
                ("nominee_vetoed", "email"),
                ("kind_not_by_key", "kind"),
            ];
            let wrong = Wrong::of(problem, &places)?;
            ask(&site, sent, wrong).await
        }
    }
}

async fn redeem(site: &Site, sent: &Sent) -> Result<CaseId, Problem> {
    let wanted = if sent.case.is_empty() {
        open(sent)?
    } else {
        let case = sent.case.parse().map_err(|_| Error::from(Access::DeadLink))?;
        Wanted::Join { case, terms_hash: hash("/terms_hash", &sent.terms_hash)? }
    };
    let app = site.app.clone();
    Ok(site.app.db.run(RedeemKey { app, recovery: sent.recovery, code: sent.code.clone(), wanted }).await?)
}

/// What a case of its own would be; or everything that is missing, so that nobody is told of one thing after the other.
fn open(sent: &Sent) -> Result<Wanted, Error> {
    let invalid = |pointer: &str, detail: String| Invalid { pointer: pointer.to_owned(), detail };
    let kind = match sent.kind.as_str() {
        "replace" => Ok(Kind::Replace),
        "add" => Ok(Kind::Add),
        _ => Err(invalid("/kind", "choose one of the two".to_owned())),
    };
    let name = match sent.name.trim() {
        "" => Err(invalid("/name", "say who should own the account".to_owned())),
        name => Ok(name.to_owned()),
    };
    let email = sent.email.trim().parse::<Email>().map_err(|wrong| invalid("/email", wrong.to_string()));
    let statement = match sent.statement.trim() {
        "" => Err(invalid("/statement", "say why, in your words".to_owned())),
        statement => Ok(statement.to_owned()),
    };
    match (kind, name, email, statement) {
        (Ok(kind), Ok(name), Ok(email), Ok(statement)) => {
            Ok(Wanted::Open { kind, nominee: NewPerson { name, email }, statement })
        }
        (kind, name, email, statement) => {
            Err(Error::Invalid([kind.err(), name.err(), email.err(), statement.err()].into_iter().flatten().collect()))
        }
    }
}
