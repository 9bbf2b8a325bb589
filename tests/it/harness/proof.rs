//! That somebody has just shown who they are, by a credential behind which mail never stood alone.

use quorate::{
    app::app::App,
    id::CredentialId,
    moment::Moment,
    ownership::{
        address::Email,
        credential::{Proof, ProvenBy},
    },
    password::typed::Password,
    recovery::{
        action::Arrival,
        proof::{FreshProof, Told},
    },
    store::{
        credentials::{self, NewPassword},
        db::Unit,
        error::DbError,
        tx::Tx,
        users,
    },
};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Everybody's password, who has one.
pub const PASSWORD: &str = "tractor-violet-armchair";

/// What they showed, and when.
pub fn shown(at: Moment) -> Proof {
    Proof { at, by: ProvenBy::Credential { id: CredentialId::from_uuid(Uuid::nil()), mail_since: None } }
}

/// The same, as it counts everywhere.
pub fn fresh(now: Moment) -> FreshProof {
    FreshProof::of(Some(shown(now)), Told::NotAll, now).unwrap()
}

/// A ballot of somebody who has signed in and shown it.
pub fn signed_in(now: Moment) -> Arrival {
    Arrival::SignedIn { proof: fresh(now) }
}

/// Gives somebody that password, as if they had set it on the day on which they confirmed their address, unless they have
/// one.
pub async fn equip(app: &App, email: &Email) {
    let secret = app.passwords.enrol(Password::typed(PASSWORD), Vec::new(), app.chance.bytes()).await;
    app.db.run(Equip { app: app.clone(), email: email.clone(), secret: secret.unwrap().unwrap() }).await.unwrap();
}

struct Equip {
    app: App,
    email: Email,
    secret: Zeroizing<String>,
}

impl Unit for Equip {
    type Out = ();
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let now = self.app.now();
        let user = users::by_email(tx, &self.email).await?.unwrap().id;
        users::lock(tx, user).await?;
        if credentials::in_force(tx, user, now).await?.is_empty() {
            let id = self.app.chance.id(now);
            let new = NewPassword { id, user, secret: &self.secret, enrolled_at: now, mail_since: None };
            credentials::insert(tx, &new).await?;
        }
        Ok(())
    }
}
