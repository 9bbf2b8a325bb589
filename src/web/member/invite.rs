//! Inviting a member.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list::{Invitation, show};
use crate::{
    app::{
        answer::{Answer, Answering, key_for},
        app::App,
        error::Error,
        idempotent::once,
        invite::{Invite, NewPerson},
    },
    id::AccountId,
    ownership::address::Email,
    web::{
        caller::Caller,
        extract::{IdempotencyKey, Json, Path},
        fields::Fields,
        next,
        notice::Notice,
        problem::{Problem, ProblemBody},
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// A member to be invited.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// Their name, 1 to 100 characters.
    name: String,
    /// Their address, to which the invitation goes.
    email: Email,
    /// The name of their role.
    role: String,
}

/// Invite a member
///
/// For owners, members whose role may manage members, and tokens with the scope `members.manage`. An owner who adds an
/// administrator needs fresh proof; anybody else's addition has no standing until an owner or a majority confirms it.
#[utoipa::path(post, path = "/v1/accounts/{account}/members", tag = "members", request_body = NewMember,
    params(("account" = AccountId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = crate::app::view::member::MemberView), (status = 403, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    key: IdempotencyKey,
    Json(new): Json<NewMember>,
) -> Result<(StatusCode, Json<Answer>), Problem> {
    let key = key_for(&principal, key.0.as_deref(), &format!("invite {account}"), &new)?;
    let person = NewPerson { name: new.name, email: new.email };
    let unit = Invite { app: app.clone(), account, person, role: new.role, principal };
    Ok((StatusCode::CREATED, Json(once(&app, key, Answering(unit)).await?)))
}

/// Invites from the page of the members. An owner who has to prove first who they are finds there what they typed.
///
/// # Errors
/// 404 for whoever may not know of the account; when the database or the template fails.
pub async fn send(
    State(app): State<App>,
    person: SignedIn,
    Path(account): Path<AccountId>,
    Fields(draft): Fields<Invitation>,
) -> Result<Response, Problem> {
    let members = format!("/accounts/{account}/members");
    match invite(&app, &person, account, &draft).await {
        Ok(()) => Ok(Redirect::to(&Notice::MemberInvited.on(&members)).into_response()),
        Err(refused) => {
            let problem = Problem::from(refused);
            if prove::helps(problem.code) {
                let typed = [("name", &draft.name), ("email", &draft.email), ("role", &draft.role)];
                return Ok(prove::first(&next::with(&members, &typed)));
            }
            let wrong = Wrong::of(problem, &[("already_member", "email"), ("role_above_yours", "role")])?;
            show(&app, person, account, None, draft, wrong).await
        }
    }
}

async fn invite(app: &App, person: &SignedIn, account: AccountId, draft: &Invitation) -> Result<(), Error> {
    let email = draft.email.trim().parse::<Email>().map_err(|wrong| Error::invalid("/email", wrong.to_string()))?;
    let invited = NewPerson { name: draft.name.clone(), email };
    let (role, principal) = (draft.role.clone(), person.principal.clone());
    app.db.run(Invite { app: app.clone(), account, person: invited, role, principal }).await.map(drop)
}
