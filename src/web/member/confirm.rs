//! The page before an act on a member, and the act once its button is pressed.
//!
//! Whether it may be done is asked of the rules, on the way there as a dry run, and again when it is done.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    deed::Deed,
    question::question,
    show::{below_member, member_page},
};
use crate::{
    app::{
        error::Error,
        view::member_home::{Asks, MemberHome, member_home},
    },
    id::{AccountId, UserId},
    web::{
        confirmation::{Ways, confirmation},
        extract::{Filters, Path},
        fields::Fields,
        problem::Problem,
        session::prove,
        signed_in::SignedIn,
        site::Site,
        wrong::Wrong,
    },
};

/// What the pages carry besides their address.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Carried {
    /// The role to be given.
    #[serde(default)]
    role: String,
}

/// The page before the act. Whose proof is not fresh, where it takes one, is led to prove who they are, and comes back.
///
/// # Errors
/// 404 for whoever may not know of the member; when the database or the template fails.
pub async fn show(
    State(site): State<Site>,
    person: SignedIn,
    Path((account, user, deed)): Path<(AccountId, UserId, Deed)>,
    Filters(carried): Filters<Carried>,
) -> Result<Response, Problem> {
    let home = member_home(&site.app, &person.principal, account, user).await?;
    match deed.prospect(&home, &carried.role) {
        Err(refused) => member_page(person, &home, &Wrong::of(refused, &[])?),
        Ok(Asks::Proof) => match &home.reader.proof {
            Err(refusal) if prove::helps(refusal.code()) => Ok(prove::first(&here(&home, deed, &carried))),
            Err(refusal) => member_page(person, &home, &Wrong::of(Error::from(refusal.clone()), &[])?),
            Ok(_) => ask(person, &home, deed, &carried),
        },
        Ok(Asks::Nothing) => ask(person, &home, deed, &carried),
    }
}

fn ask(person: SignedIn, home: &MemberHome, deed: Deed, carried: &Carried) -> Result<Response, Problem> {
    let role = home.roles.iter().map(|(choice, _)| choice).find(|choice| choice.name == carried.role);
    let question = question(deed, home, role);
    let back = format!("/accounts/{}/members/{}", home.account, home.member.user);
    let action = format!("{back}/{}", deed.path());
    let ways = Ways { action, carried: role.map(|role| ("role", role.name.clone())).into_iter().collect(), back };
    confirmation(below_member(person.head, home), question, ways)
}

/// The act.
///
/// # Errors
/// As [`show`].
pub async fn press(
    State(site): State<Site>,
    person: SignedIn,
    Path((account, user, deed)): Path<(AccountId, UserId, Deed)>,
    Fields(carried): Fields<Carried>,
) -> Result<Response, Problem> {
    let home = member_home(&site.app, &person.principal, account, user).await?;
    match deed.done(&site, &home, &carried.role, person.principal.clone()).await {
        Ok(()) => {
            let page = match deed {
                Deed::Leave => "/".to_owned(),
                Deed::Remove => format!("/accounts/{account}/members"),
                Deed::Transfer => format!("/accounts/{account}/owners"),
                Deed::Role | Deed::Suspend | Deed::Resume | Deed::Grant | Deed::Revoke | Deed::Primary => {
                    format!("/accounts/{account}/members/{user}")
                }
            };
            Ok(Redirect::to(&deed.notice().on(&page)).into_response())
        }
        Err(error) => {
            let problem = Problem::from(error);
            if prove::helps(problem.code) {
                return Ok(prove::first(&here(&home, deed, &carried)));
            }
            member_page(person, &home, &Wrong::of(problem, &[])?)
        }
    }
}

/// The address of the page before the act.
fn here(home: &MemberHome, deed: Deed, carried: &Carried) -> String {
    let page = format!("/accounts/{}/members/{}/{}", home.account, home.member.user, deed.path());
    match home.roles.iter().find(|(choice, _)| choice.name == carried.role) {
        Some((choice, _)) => format!("{page}?role={}", choice.name),
        None => page,
    }
}
