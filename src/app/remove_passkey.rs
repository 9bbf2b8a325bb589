//! A person removes one of their passkeys. A mailed code alone is not enough for that, nor is a credential on which mail
//! has a younger claim.

use super::{
    app::App,
    error::Error,
    everywhere::Everywhere,
    principal::Principal,
    prove::session_of,
    set_password::proof_in,
    tell_credential::{News, tell},
};
use crate::{
    activity::entry::Draft,
    id::CredentialId,
    mail::sign_in_facts::PasskeyNews,
    ownership::credential,
    store::{credentials, db::Unit, passkeys, sessions, tx::Tx},
};

/// Removing a passkey.
pub struct RemovePasskey {
    /// The service.
    pub app: App,
    /// Which.
    pub passkey: CredentialId,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for RemovePasskey {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let (user, session) = session_of(&self.principal)?;
        let mut all = Everywhere::enter(tx, &self.app, user).await?;
        let now = all.now;
        let held = passkeys::of_user(all.tx, user, now).await?;
        let found = held.into_iter().find(|one| one.credential.held.id == self.passkey).ok_or(Error::NotFound)?;
        let proof = proof_in(all.tx, session, now).await?;
        credential::remove(proof, &[found.credential.held], now)?;
        credentials::end(all.tx, self.passkey, now).await?;
        sessions::end_others(all.tx, user, session, now).await?;
        let draft = Draft::new("member.passkey_removed", self.principal.actor()).user(user);
        tell(&mut all, &self.app, &draft, &News::Passkey(found.name, PasskeyNews::Removed), None).await
    }
}
