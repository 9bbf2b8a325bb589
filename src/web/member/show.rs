//! Showing a member.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use super::deed::Deed;
use crate::{
    app::{
        app::App,
        view::{
            member::{MemberView, member},
            member_home::{MemberHome, RoleChoice, member_home},
        },
    },
    id::{AccountId, UserId},
    mail::plain_text,
    ownership::refusal::Refusal,
    web::{
        caller::Caller,
        etag::tagged,
        extract::{Json, Path},
        page::{Head, for_people, page},
        problem::Problem,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// Show a member, with an `ETag` for a later change
#[utoipa::path(get, path = "/v1/accounts/{account}/members/{user}", tag = "members",
    params(("account" = AccountId, Path), ("user" = UserId, Path)), responses((status = 200, body = MemberView)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path((account, user)): Path<(AccountId, UserId)>,
) -> Result<Response, Problem> {
    let view = member(&app, &principal, account, user).await?;
    Ok(tagged(view.version, Json(view).into_response()))
}

#[derive(Template)]
#[template(path = "member.html", config = "src/web/templates/askama.toml")]
struct MemberPage<'a> {
    head: Head,
    wrong: Wrong,
    home: &'a MemberHome,
    name: String,
    email: String,
    /// The roles that the reader may give them.
    roles: Vec<&'a RoleChoice>,
    /// What the reader may do besides, and what stands on the way there.
    deeds: Vec<(Deed, &'static str)>,
    /// Why something cannot be done.
    remarks: BTreeSet<String>,
}

/// The page of a member.
///
/// # Errors
/// 404 for whoever may not know of them; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path((account, user)): Path<(AccountId, UserId)>,
) -> Result<Response, Problem> {
    let home = member_home(&app, &person.principal, account, user).await?;
    member_page(person, &home, &Wrong::default())
}

/// The page of a member, with what was wrong with an act that led to it.
///
/// # Errors
/// When the template fails.
pub(super) fn member_page(person: SignedIn, home: &MemberHome, wrong: &Wrong) -> Result<Response, Problem> {
    let shown = MemberPage {
        head: below_members(person.head, home),
        name: plain_text::name(&home.member.name),
        email: plain_text::address(&home.member.email),
        roles: home.roles.iter().filter(|(_, prospect)| prospect.is_ok()).map(|(choice, _)| choice).collect(),
        deeds: deeds(home),
        remarks: remarks(home),
        wrong: wrong.clone(),
        home,
    };
    Ok(wrong.marked(page(&shown)?.into_response()))
}

/// The head of a page below that of a member.
pub(super) fn below_member(head: Head, home: &MemberHome) -> Head {
    let name = plain_text::name(&home.member.name);
    below_members(head, home).below(name, format!("/accounts/{}/members/{}", home.account, home.member.user))
}

fn below_members(head: Head, home: &MemberHome) -> Head {
    let above = format!("/accounts/{}", home.account);
    let members = format!("{above}/members");
    head.below("Accounts", "/").below(plain_text::name(&home.account_name), above).below("Members", members)
}

/// What the reader may do, the harmless first.
fn deeds(home: &MemberHome) -> Vec<(Deed, &'static str)> {
    let suspended = home.member.status == "suspended";
    let primary = home.make_primary.as_ref().is_some_and(Result::is_ok);
    let all = [
        (home.resume.is_ok() && suspended, Deed::Resume, "Give access again"),
        (home.grant.is_ok(), Deed::Grant, "Grant ownership"),
        (home.offer.is_ok(), Deed::Transfer, "Offer your ownership"),
        (primary, Deed::Primary, "Make the primary owner"),
        (
            home.revoke.is_ok(),
            Deed::Revoke,
            if home.reader.themselves { "Give up ownership" } else { "Revoke ownership" },
        ),
        (home.suspend.is_ok() && !suspended, Deed::Suspend, "Suspend"),
        (home.remove.is_ok() && !home.reader.themselves, Deed::Remove, "Remove from the account"),
        (home.leave.is_ok(), Deed::Leave, "Leave the account"),
    ];
    all.into_iter().filter(|(offered, ..)| *offered).map(|(_, deed, label)| (deed, label)).collect()
}

/// Why what the reader might expect to do here cannot be done: the sentences of those refusals that are about the member or
/// the account, and not about the reader's place in it.
fn remarks(home: &MemberHome) -> BTreeSet<String> {
    let leaving = home.reader.themselves.then_some(&home.leave);
    let of_owners = home.reader.owns.then_some([&home.grant, &home.revoke]).into_iter().flatten();
    let all = [&home.suspend, &home.remove].into_iter().chain(leaving).chain(of_owners);
    all.filter_map(|prospect| prospect.as_ref().err()).filter(|refusal| is_telling(refusal)).map(said).collect()
}

fn is_telling(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::OwnerProtected { .. }
            | Refusal::LastOwner
            | Refusal::OneOwnerOnly
            | Refusal::CaseOpen { .. }
            | Refusal::NomineeProtected { .. }
            | Refusal::NotActiveMember
            | Refusal::AccountPending
            | Refusal::AccountSuspended
            | Refusal::AccountClosing { .. }
            | Refusal::AccountClosed
    )
}

fn said(refusal: &Refusal) -> String {
    format!("{}.", for_people(&refusal.to_string()))
}
