//! A person gives themselves another name.

use super::{
    app::App,
    error::{Access, Error},
    everywhere::Everywhere,
    invite::name,
    principal::Principal,
};
use crate::{
    activity::entry::Draft,
    store::{db::Unit, tx::Tx, users},
};

/// Changing one's own name.
pub struct RenameMe {
    /// The service.
    pub app: App,
    /// The new name.
    pub name: String,
    /// The version that the caller has read, if they care.
    pub version: Option<i64>,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for RenameMe {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let user = self.principal.person_everywhere()?;
        let name = name("/name", &self.name)?;
        let mut all = Everywhere::enter(tx, &self.app, user).await?;
        if self.version.is_some_and(|version| version != all.user.version) {
            return Err(Access::Changed.into());
        }
        if name == all.user.name {
            return Ok(());
        }
        users::rename(all.tx, user, &name).await?;
        while let Some((mut here, _)) = all.next().await? {
            let draft = Draft::new("member.renamed", self.principal.actor()).user(user);
            here.record(draft.personal("name", name.clone())).await?;
        }
        Ok(())
    }
}
