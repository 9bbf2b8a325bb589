//! A person sets their password, or another one.
//!
//! What it is worth depends on how they showed who they are; `ownership::credential` decides. It is judged and hashed
//! before the unit of work begins, because that takes long. How they showed it is read again under the lock: a session
//! that was ended meanwhile, perhaps because somebody set a password to be rid of it, sets none.

use zeroize::Zeroizing;

use super::{
    app::App,
    error::{Access, Error},
    everywhere::Everywhere,
    principal::Principal,
    prove::session_of,
    tell_credential::{News, tell},
    view::me::PasswordView,
};
use crate::{
    activity::entry::Draft,
    id::{CredentialId, SessionId, UserId},
    mail::sign_in_facts::PasswordNews,
    moment::Moment,
    ownership::credential::{self, CLAIMED_FOR, Held, Person, Proof, ProvenBy},
    password::typed::Password,
    recovery::proof::Shown,
    store::{
        credentials::{self, NewPassword, Stored},
        db::Unit,
        error::DbError,
        sessions,
        tx::Tx,
        users::{self, User},
    },
};

/// Sets the caller's password.
///
/// # Errors
/// The refusal, or what is wrong with the password.
pub async fn set_password(app: &App, principal: Principal, password: Password) -> Result<PasswordView, Error> {
    let (user, _) = session_of(&principal)?;
    Shown::of(principal.proof(), app.now())?;
    let known = known(app, user).await?;
    match app.passwords.enrol(password, known, app.chance.bytes()).await? {
        Ok(secret) => {
            let stored = app.db.run(SetPassword { app: app.clone(), secret, principal }).await?;
            Ok(PasswordView::of(&stored, stored.held.enrolled_at))
        }
        Err(weak) => Err(Error::invalid("/password", weak.to_string())),
    }
}

/// What others know about a person, so that it protects nothing.
async fn known(app: &App, user: UserId) -> Result<Vec<String>, Error> {
    let mut tx = app.db.read().await?;
    let person = users::by_id(&mut tx, user).await?.ok_or_else(|| DbError::corrupt("users", user))?;
    let mut known = credentials::names_around(&mut tx, user).await?;
    known.extend([person.name, person.email.as_str().to_owned(), "quorate".to_owned(), app.public_url.clone()]);
    Ok(known)
}

/// Setting a password whose hash is there.
pub struct SetPassword {
    /// The service.
    pub app: App,
    /// The slow hash.
    pub secret: Zeroizing<String>,
    /// Who asks.
    pub principal: Principal,
}

impl Unit for SetPassword {
    type Out = Stored;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Stored, Error> {
        let (user, session) = session_of(&self.principal)?;
        let mut all = Everywhere::enter(tx, &self.app, user).await?;
        let now = all.now;
        let proof = proof_in(all.tx, session, now).await?;
        let claim = claim(all.tx, &all.user, proof, now).await?;
        let before = held(all.tx, user, now).await?;
        for (id, end) in credential::replaced(claim, &before, now) {
            credentials::end(all.tx, id, end).await?;
        }
        let earlier_until = held(all.tx, user, now).await?.iter().filter_map(|one| one.ends_at).max();
        let id: CredentialId = self.app.chance.id(now);
        let new = NewPassword { id, user, secret: &self.secret, enrolled_at: now, mail_since: claim };
        credentials::insert(all.tx, &new).await?;
        sessions::end_others(all.tx, user, session, now).await?;
        let (shown, news) = match (proof.by, claim) {
            (ProvenBy::Code, None) => ("mailed_code", PasswordNews::First),
            (ProvenBy::Credential { .. }, None) => ("credential", PasswordNews::Set),
            (ProvenBy::Code, Some(since)) => ("mailed_code", by_mail(since, earlier_until)),
            (ProvenBy::Credential { .. }, Some(since)) => ("credential", by_mail(since, earlier_until)),
        };
        let draft = Draft::new("member.password_set", self.principal.actor()).user(user).with("shown", shown);
        let draft = match claim {
            Some(since) => draft.with("mail_since", since.to_string()),
            None => draft,
        };
        tell(&mut all, &self.app, &draft, &News::Password(news), Some(id)).await?;
        let held = Held { id, enrolled_at: now, mail_since: claim, ends_at: None };
        Ok(Stored { held, last_used_at: None })
    }
}

fn by_mail(since: Moment, earlier_until: Option<Moment>) -> PasswordNews {
    PasswordNews::SetByMail { earlier_until, claimed_until: since.after(CLAIMED_FOR) }
}

/// How the person in a session showed who they are, as it stands under their lock.
pub(super) async fn proof_in(tx: &mut Tx, session: SessionId, now: Moment) -> Result<Proof, Error> {
    let session = sessions::by_id(tx, session, now).await?.ok_or(Access::Unauthenticated)?;
    Ok(Shown::of(session.proof, now)?.proof())
}

/// Since when mail claims what a person enrols now with this proof.
pub(super) async fn claim(tx: &mut Tx, person: &User, proof: Proof, now: Moment) -> Result<Option<Moment>, Error> {
    let history = credentials::history(tx, person.id).await?;
    Ok(credential::enrolled(proof, Person { confirmed_at: person.confirmed_at, history }, now))
}

/// A person's passwords in force.
pub(super) async fn held(tx: &mut Tx, user: UserId, now: Moment) -> Result<Vec<Held>, Error> {
    Ok(credentials::in_force(tx, user, now).await?.into_iter().map(|stored| stored.held).collect())
}
