//! The member accepts or declines the ownership that is offered to them; an owner takes the offer back; or time runs out.

use super::{
    app::App, cancel_policy, error::Error, fresh_proof::supposed, here::Here, invite::role_of, primary,
    principal::Principal, transfers as steps,
};
use crate::{
    id::TransferId,
    ownership::{
        actor::Actor,
        transfer::{self, Answered, State, Transfer},
    },
    store::{db::Unit, members, transfers, tx::Tx},
};

/// What is said to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The member takes the ownership.
    Accept,
    /// The member does not want it.
    Decline,
    /// An owner takes it back.
    Cancel,
}

/// Answering an offer, or taking it back.
pub struct AnswerTransfer {
    /// The service.
    pub app: App,
    /// The offer.
    pub transfer: TransferId,
    /// What is said.
    pub answer: Answer,
    /// Who says it.
    pub principal: Principal,
}

impl Unit for AnswerTransfer {
    type Out = Transfer;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Transfer, Error> {
        self.principal.person_everywhere()?;
        let account = transfers::find(tx, self.transfer).await?.ok_or(Error::NotFound)?.account;
        let mut here = Here::enter(tx, &self.app, account).await?;
        answer(&mut here, self.transfer, self.answer, &self.principal).await
    }
}

/// Answers an offer of an account that is locked already.
///
/// # Errors
/// Why it is refused.
pub async fn answer(
    here: &mut Here<'_>,
    id: TransferId,
    answer: Answer,
    principal: &Principal,
) -> Result<Transfer, Error> {
    let person = principal.person_everywhere()?;
    let rights = here.rights(principal).await?;
    let transfer = transfers::find(here.tx, id).await?.ok_or(Error::NotFound)?.transfer;
    let owners = here.owner_members();
    let answered = match answer {
        Answer::Accept => {
            let member = members::find(here.tx, here.account.id, person).await?.ok_or(Error::NotFound)?.member;
            let preset = here.preset()?;
            let role = role_of(preset, "/to", &member.role)?;
            let around = here.around(&owners).await?;
            let now = here.now;
            let accept = |proof| transfer::accept(&transfer, proof, &member, role, around, now);
            let proof = match here.fresh_proof(principal).await {
                Ok(proof) => proof,
                // Whatever else is refused comes first: nobody is asked to show who they are for what they may not do.
                Err(refusal) => {
                    accept(supposed(now)?)?;
                    return Err(refusal);
                }
            };
            accept(proof)?
        }
        Answer::Decline => transfer::decline(&transfer, person, &owners, here.now)?,
        Answer::Cancel => {
            rights.require_owner()?;
            let proof = here.fresh_proof(principal).await?;
            transfer::cancel(&transfer, &rights, proof, person, &owners, here.now)?
        }
    };
    let state = match answered {
        Answered::AlreadySo => return Ok(transfer),
        Answered::Becomes(state) => state,
    };
    let moved = match state {
        State::Accepted { .. } => move_ownership(here, &transfer).await?,
        State::Pending | State::Declined { .. } | State::Cancelled { .. } | State::Expired { .. } => None,
    };
    steps::end(here, &transfer, state, principal.actor(), moved).await?;
    cancel_policy::settle(here, principal.actor()).await?;
    Ok(Transfer { state, ..transfer })
}

/// The new owner starts and the old one stops, with the role that they have. Says who became the primary owner by it.
async fn move_ownership(here: &mut Here<'_>, transfer: &Transfer) -> Result<Option<crate::id::UserId>, Error> {
    let account = here.account.id;
    for (user, owner) in [(transfer.to, true), (transfer.from, false)] {
        let mut member = members::find(here.tx, account, user).await?.ok_or(Error::NotFound)?.member;
        member.owner = owner;
        members::save(here.tx, account, &member).await?;
    }
    here.look_again().await?;
    primary::follow(here, |rule, before, owners| transfer.primary(rule, before, owners)).await
}

/// Writes down that an offer has lapsed, if it has.
pub struct ExpireTransfer {
    /// The service.
    pub app: App,
    /// The offer.
    pub transfer: TransferId,
}

impl Unit for ExpireTransfer {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let Some(found) = transfers::find(tx, self.transfer).await? else { return Ok(()) };
        let mut here = Here::enter(tx, &self.app, found.account).await?;
        steps::settle(&mut here, Actor::Service).await.map(drop)
    }
}
