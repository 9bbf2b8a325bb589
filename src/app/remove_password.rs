//! A person removes their password, and signs in with codes by mail again. A mailed code alone is not enough for that.

use super::{
    app::App,
    error::Error,
    everywhere::Everywhere,
    principal::Principal,
    prove::session_of,
    set_password::{held, proof_in},
    tell_credential::{News, tell},
};
use crate::{
    activity::entry::Draft,
    mail::sign_in_facts::PasswordNews,
    ownership::credential,
    store::{credentials, db::Unit, sessions, tx::Tx},
};

/// Removing one's password, and every earlier one that still works. Removing it again changes nothing.
pub struct RemovePassword {
    /// The service.
    pub app: App,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for RemovePassword {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let (user, session) = session_of(&self.principal)?;
        let mut all = Everywhere::enter(tx, &self.app, user).await?;
        let now = all.now;
        let proof = proof_in(all.tx, session, now).await?;
        let held = held(all.tx, user, now).await?;
        credential::remove(proof, &held, now)?;
        if held.is_empty() {
            return Ok(());
        }
        for one in &held {
            credentials::end(all.tx, one.id, now).await?;
        }
        sessions::end_others(all.tx, user, session, now).await?;
        let draft = Draft::new("member.password_removed", self.principal.actor()).user(user);
        tell(&mut all, &self.app, &draft, &News::Password(PasswordNews::Removed), None).await
    }
}
