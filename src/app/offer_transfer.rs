//! An owner offers their ownership to a member.

use super::{app::App, error::Error, here::Here, invite::role_of, principal::Principal, transfers};
use crate::{
    id::{AccountId, UserId},
    ownership::transfer::{Offer, Transfer, offer},
    store::{db::Unit, members, tx::Tx},
};

/// Offering ownership.
pub struct OfferTransfer {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// To whom.
    pub to: UserId,
    /// Who offers.
    pub principal: Principal,
}

impl Unit for OfferTransfer {
    type Out = Transfer;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Transfer, Error> {
        let from = self.principal.person_everywhere()?;
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        let here = &mut here;
        let rights = here.rights(&self.principal).await?;
        rights.require_owner()?;
        let proof = here.fresh_proof(&self.principal).await?;
        let to = members::find(here.tx, here.account.id, self.to).await?.ok_or(Error::NotFound)?.member;
        let preset = here.preset()?;
        let role = role_of(preset, "/to", &to.role)?;
        // One that has lapsed is written down first, so that the new one finds the account's place free.
        let latest = transfers::settle(here, self.principal.actor()).await?;
        let owners = here.owner_members();
        let around = here.around(&owners).await?;
        let (id, window) = (here.app.chance.id(here.now), here.account.policy.transfer_window);
        let asked = Offer { id, from, rights: &rights, to: &to, role };
        let transfer = offer(asked, proof, latest.as_ref(), around, window, here.now)?;
        transfers::begin(here, &transfer, self.principal.actor()).await?;
        Ok(transfer)
    }
}
