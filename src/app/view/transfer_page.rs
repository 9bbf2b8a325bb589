//! An offer of ownership, and what each answer would come to for one reader: a dry run of the same decisions that the
//! answers ask.

use super::transfer::{TransferView, transfer_view};
use crate::{
    app::{
        app::App,
        error::Error,
        fresh_proof::{shown, supposed},
        here::around,
        invite::role_of,
        principal::Principal,
        rights,
    },
    id::TransferId,
    ownership::{
        member::Member,
        refusal::Refusal,
        transfer::{self, Answered},
    },
    recovery::{self, proof::FreshProof},
    store::{accounts, members, transfers},
};

/// Everything on the page of an offer.
#[derive(Debug, Clone)]
pub struct TransferPage {
    /// The offer.
    pub view: TransferView,
    /// Whether it is offered to the reader.
    pub theirs: bool,
    /// Accepting it.
    pub accept: Result<(), Refusal>,
    /// Declining it.
    pub decline: Result<(), Refusal>,
    /// Taking it back, with fresh proof.
    pub cancel: Result<(), Refusal>,
    /// Whether the reader's proof is fresh.
    pub proof: Result<FreshProof, recovery::refusal::Refusal>,
}

/// The page of an offer, for a person who may read its account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn transfer_page(app: &App, principal: &Principal, id: TransferId) -> Result<TransferPage, Error> {
    let (reader, _) = principal.person_and_reach()?;
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let found = transfers::find(tx, id).await?.ok_or(Error::NotFound)?;
    let account = accounts::find(tx, found.account).await?.ok_or(Error::NotFound)?;
    let preset = app.preset_of(&account)?;
    let rights = rights::rights(tx, principal, account.id, preset).await?;
    let member = members::find(tx, account.id, reader).await?.ok_or(Error::NotFound)?.member;
    let role = role_of(preset, "/to", &member.role)?;
    let key_people = members::key_people(tx, account.id).await?;
    let owners: Vec<Member> =
        key_people.into_iter().map(|person| person.member).filter(|member| member.owner).collect();
    let around = around(tx, &account, &owners).await?;
    let (offer, now) = (found.transfer, app.now());
    // Where only proof is wanting, the page leads to it.
    let proof = supposed(now)?;
    Ok(TransferPage {
        view: transfer_view(tx, id, now).await?,
        theirs: offer.to == reader,
        accept: changes(transfer::accept(&offer, proof, &member, role, around, now)),
        decline: changes(transfer::decline(&offer, reader, &owners, now)),
        cancel: changes(transfer::cancel(&offer, &rights, proof, reader, &owners, now)),
        proof: shown(tx, account.id, principal, now).await?,
    })
}

/// What would change nothing is nothing to offer.
fn changes(answered: Result<Answered, Refusal>) -> Result<(), Refusal> {
    match answered? {
        Answered::Becomes(_) => Ok(()),
        Answered::AlreadySo => Err(Refusal::TransferEnded { state: "answered" }),
    }
}
