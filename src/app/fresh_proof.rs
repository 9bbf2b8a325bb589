//! Whether somebody has just shown, by a credential that counts in an account, that it is them.

use uuid::Uuid;

use super::{app::App, error::Error, here::Here, principal::Principal};
use crate::{
    id::{AccountId, CredentialId, UserId},
    moment::Moment,
    ownership::credential::{Proof, ProvenBy},
    recovery::{
        proof::{self, FreshProof, Holds, Shown, Told},
        refusal::Refusal,
    },
    store::{credentials, told, tx::Tx},
};

/// What somebody has shown, as it counts in an account.
///
/// # Errors
/// Why it does not; when the database fails.
pub async fn fresh_proof(
    tx: &mut Tx,
    account: AccountId,
    proof: Option<Proof>,
    now: Moment,
) -> Result<FreshProof, Error> {
    let told = match proof {
        Some(proof) => told_of(tx, account, proof.by).await?,
        None => Told::NotAll,
    };
    Ok(FreshProof::of(proof, told, now)?)
}

/// The same for a page, on which a refusal is nothing to fail at.
///
/// # Errors
/// When the database fails.
pub async fn shown(
    tx: &mut Tx,
    account: AccountId,
    principal: &Principal,
    now: Moment,
) -> Result<Result<FreshProof, Refusal>, Error> {
    match fresh_proof(tx, account, principal.proof(), now).await {
        Ok(proof) => Ok(Ok(proof)),
        Err(Error::Recovery(refusal)) => Ok(Err(refusal)),
        Err(error) => Err(error),
    }
}

/// As if a proof that counts had been given: so that a page knows what would be refused all the same. Nobody acts on it.
///
/// # Errors
/// Never.
pub fn supposed(now: Moment) -> Result<FreshProof, Refusal> {
    let by = ProvenBy::Credential { id: CredentialId::from_uuid(Uuid::nil()), mail_since: None };
    FreshProof::of(Some(Proof { at: now, by }), Told::NotAll, now)
}

impl Here<'_> {
    /// What the caller has shown, as it counts here.
    ///
    /// # Errors
    /// As [`fresh_proof`].
    pub async fn fresh_proof(&mut self, principal: &Principal) -> Result<FreshProof, Error> {
        fresh_proof(self.tx, self.account.id, principal.proof(), self.now).await
    }
}

/// What the caller has shown, for what concerns them alone.
///
/// # Errors
/// When the database fails.
pub async fn of_themselves(app: &App, principal: &Principal) -> Result<Result<Shown, Refusal>, Error> {
    let (user, now) = (principal.person_everywhere()?, app.now());
    let holds = holds(&mut app.db.read().await?, user, now).await?;
    Ok(Shown::of_themselves(principal.proof(), holds, now))
}

/// What a person could show.
///
/// # Errors
/// When the database fails.
pub async fn holds(tx: &mut Tx, user: UserId, now: Moment) -> Result<Holds, Error> {
    let none = credentials::every(tx, user, now).await?.is_empty();
    Ok(if none { Holds::MailboxOnly } else { Holds::Credential })
}

/// What a person's proof would be worth in an account if they showed now the best that they have: so a page knows
/// beforehand whether it leads there, or has to say why not.
///
/// # Errors
/// When the database fails.
pub async fn at_best(
    tx: &mut Tx,
    account: AccountId,
    user: UserId,
    now: Moment,
) -> Result<Result<FreshProof, Refusal>, Error> {
    let mut held = Vec::new();
    for one in credentials::every(tx, user, now).await? {
        let by = ProvenBy::Credential { id: one.id, mail_since: one.mail_since };
        held.push((by, told_of(tx, account, by).await?));
    }
    Ok(proof::at_best(held, now))
}

/// Who was told, in an account, of what somebody shows. Where mail never stood alone behind it, nobody is asked.
async fn told_of(tx: &mut Tx, account: AccountId, by: ProvenBy) -> Result<Told, Error> {
    match by {
        ProvenBy::Credential { id, mail_since: Some(_) } => {
            if let Some(at) = credentials::vouched(tx, id, account).await? {
                return Ok(Told::Waited { at });
            }
            let last = told::all(tx, account, &id.to_string()).await?;
            Ok(last.map_or(Told::NotAll, |last| Told::All { last }))
        }
        ProvenBy::Credential { mail_since: None, .. } | ProvenBy::Code => Ok(Told::NotAll),
    }
}
