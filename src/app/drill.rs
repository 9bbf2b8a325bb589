//! A drill: whoever holds a paper key types it, and then a code that is mailed to their recovery addresses. Both together show that
//! the key and the mailbox still work; nothing is spent. They need no account and no session.

use super::{
    app::App,
    error::{Access, Error},
    here::Here,
    issue_paper_key::entry,
    sign_in::{self, expiry},
    tell_case::account_facts,
    tell_recovery_user,
    typed_key::{Typed, opens_something, typed},
};
use crate::{
    id::CodeId,
    mail::{message::Message, paper_key_news::PaperKeyNews},
    moment::Moment,
    ownership::{
        actor::Actor,
        key_reminder,
        paper_key::{Key, State},
        recovery_user::RecoveryUser,
    },
    paper_key::key::PaperKey,
    store::{
        db::Unit,
        drills::{self, Drill},
        paper_keys,
        recovery_users::{self, Stored},
        tx::Tx,
    },
};

/// How many codes go out in ten minutes for one key.
pub const CODES: usize = 5;

/// Beginning a drill with a key that somebody typed.
pub struct BeginDrill {
    /// The service.
    pub app: App,
    /// The key.
    pub key: PaperKey,
}

/// What became of it. All of it is saved: wrong tries are counted.
#[derive(Debug)]
#[must_use]
pub enum Begun {
    /// The key is right, and a code is on its way.
    Mailed(Mailed),
    /// It is not taken.
    Refused(Access),
}

/// A code is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailed {
    /// Names the drill.
    pub drill: CodeId,
    /// Until when the code works.
    pub expires_at: Moment,
    /// Where it goes, so that its reader knows which mailbox is meant and nobody else learns it.
    pub sent_to: Vec<String>,
}

impl Begun {
    /// The refusal as an error, now that it is saved.
    ///
    /// # Errors
    /// [`Access::PaperKeyRefused`], [`Access::TooManyCodes`].
    pub fn mailed(self) -> Result<Mailed, Error> {
        match self {
            Self::Mailed(mailed) => Ok(mailed),
            Self::Refused(access) => Err(access.into()),
        }
    }
}

impl Unit for BeginDrill {
    type Out = Begun;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Begun, Error> {
        let Some(Typed { mut here, holder, key }) = typed(tx, &self.app, &self.key).await? else {
            return Ok(Begun::Refused(Access::PaperKeyRefused));
        };
        let begun = drills::unexpired(here.tx, key.id, here.now).await?;
        if begun.len() >= CODES {
            let until = begun.first().map_or(here.now, |first| first.expires_at);
            return Ok(Begun::Refused(Access::TooManyCodes { until }));
        }
        Ok(Begun::Mailed(mail(&mut here, &holder, &key).await?))
    }
}

/// Mails the code to each of the holder's addresses.
async fn mail(here: &mut Here<'_>, holder: &Stored, key: &Key) -> Result<Mailed, Error> {
    let (id, created_at) = (here.app.chance.id(here.now), here.now);
    let expires_at = expiry(created_at);
    let drill = Drill { id, key: key.id, created_at, expires_at, wrong: 0, used_at: None };
    drills::insert(here.tx, &drill).await?;
    let (account, number) = (account_facts(here), key.number.to_string());
    let message = Message::DrillCode { code: id, minutes: sign_in::MINUTES, account, number };
    for address in &holder.user.addresses {
        here.mail(&holder.contact(address), &message).await?;
    }
    let sent_to = holder.user.addresses.iter().map(|address| address.email.masked()).collect();
    Ok(Mailed { drill: id, expires_at, sent_to })
}

/// Ending a drill with the mailed code.
pub struct EndDrill {
    /// The service.
    pub app: App,
    /// The drill.
    pub drill: CodeId,
    /// The code, as typed.
    pub code: String,
}

/// What became of it. Both are saved: a wrong code is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Drilled {
    /// Key and mailbox work.
    Works(Box<Works>),
    /// The code is wrong, used, or too old.
    Wrong,
}

/// Key and mailbox work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Works {
    /// The name of the account that the key is for.
    pub account_name: String,
    /// The key's holder.
    pub holder: RecoveryUser,
    /// The key.
    pub key: Key,
}

impl Drilled {
    /// The refusal as an error, now that it is saved.
    ///
    /// # Errors
    /// [`Access::WrongCode`].
    pub fn works(self) -> Result<Works, Error> {
        match self {
            Self::Works(works) => Ok(*works),
            Self::Wrong => Err(Access::WrongCode.into()),
        }
    }
}

impl Unit for EndDrill {
    type Out = Drilled;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Drilled, Error> {
        let Some(drill) = drills::find(tx, self.drill).await? else { return Ok(Drilled::Wrong) };
        let Some(stored) = paper_keys::find(tx, drill.key).await? else { return Ok(Drilled::Wrong) };
        let mut here = Here::enter(tx, &self.app, stored.account).await?;
        // Read again under the lock: of two requests with one code, the second finds the drill ended.
        let drill = drills::find(here.tx, self.drill).await?.filter(|drill| drill.is_live(here.now));
        let stored = paper_keys::find(here.tx, stored.key.id).await?;
        let (Some(drill), Some(stored)) = (drill, stored) else { return Ok(Drilled::Wrong) };
        if stored.key.state(here.now) != State::InForce || !opens_something(&here) {
            return Ok(Drilled::Wrong);
        }
        if !self.app.secret.is_code(drill.id, &self.code) {
            drills::mistype(here.tx, drill.id).await?;
            return Ok(Drilled::Wrong);
        }
        let holder = recovery_users::find(here.tx, stored.user).await?.ok_or(Error::NotFound)?.user;
        drills::end_all(here.tx, stored.key.id, here.now).await?;
        let key = Key { drilled_at: Some(here.now), ..stored.key };
        let (remind_at, _) = key_reminder::next(&key, here.now);
        paper_keys::drilled(here.tx, key.id, here.now, remind_at).await?;
        here.record(entry("paper_key.drilled", Actor::Service, &holder, key.id)).await?;
        let news = PaperKeyNews::Drilled { holder: holder.name.clone(), number: key.number.to_string() };
        tell_recovery_user::of_keys(&mut here, news, None).await?;
        let works = Works { account_name: here.account.name.clone(), holder, key };
        Ok(Drilled::Works(Box::new(works)))
    }
}
