//! A person calls one of their passkeys something else.

use super::{app::App, error::Error, invite::name, principal::Principal, prove::session_of};
use crate::{
    id::CredentialId,
    store::{
        db::Unit,
        passkeys::{self, Stored},
        tx::Tx,
        users,
    },
};

/// Renaming a passkey.
pub struct RenamePasskey {
    /// The service.
    pub app: App,
    /// Which.
    pub passkey: CredentialId,
    /// Its new name.
    pub name: String,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for RenamePasskey {
    type Out = Stored;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Stored, Error> {
        let (user, _) = session_of(&self.principal)?;
        let name = name("/name", &self.name)?;
        users::lock(tx, user).await?;
        if !passkeys::rename(tx, user, self.passkey, &name).await? {
            return Err(Error::NotFound);
        }
        let held = passkeys::of_user(tx, user, self.app.now()).await?;
        held.into_iter().find(|one| one.credential.held.id == self.passkey).ok_or(Error::NotFound)
    }
}
