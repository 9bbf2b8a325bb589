//! Somebody presents a paper key to give its account a new owner: a code goes to the mailbox of whoever holds the key, and owners are
//! told. Nothing is spent, and nothing decided; see [`super::redeem_key`] for what the code is for. They need no account and no session.

use jiff::SignedDuration;

use super::{
    app::App,
    error::{Access, Error},
    issue_paper_key::entry,
    tell_case::account_facts,
    tell_recovery_user,
    typed_key::{Typed, typed},
};
use crate::{
    id::CodeId,
    mail::{message::Message, paper_key_news::PaperKeyNews},
    moment::Moment,
    ownership::actor::Actor,
    paper_key::key::PaperKey,
    store::{
        db::Unit,
        recoveries::{self, Recovery},
        recovery_users::Stored,
        tx::Tx,
    },
};

/// For how long the code works: whoever has it still has to say who should own the account.
pub const MINUTES: u32 = 30;

/// How many codes are on their way for one key at a time. Whoever asks for more is led to the newest: so nobody who has a key but
/// not its mailbox keeps out whoever has both.
pub const CODES: usize = 5;

/// Owners hear of one key at most once in this time.
pub const TELL_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// Presenting a key that somebody typed.
pub struct PresentKey {
    /// The service.
    pub app: App,
    /// The key.
    pub key: PaperKey,
}

/// What became of it. All of it is saved: wrong tries are counted.
#[derive(Debug)]
#[must_use]
pub enum Presented {
    /// The key is right, and a code is on its way.
    Mailed(Mailed),
    /// It is not taken.
    Refused,
}

/// A code is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailed {
    /// Names the request.
    pub recovery: CodeId,
    /// Until when the code works.
    pub expires_at: Moment,
    /// Where it goes, so that its reader knows which mailbox is meant and nobody else learns it.
    pub sent_to: Vec<String>,
}

impl Presented {
    /// The refusal as an error, now that it is saved.
    ///
    /// # Errors
    /// [`Access::PaperKeyRefused`].
    pub fn mailed(self) -> Result<Mailed, Error> {
        match self {
            Self::Mailed(mailed) => Ok(mailed),
            Self::Refused => Err(Access::PaperKeyRefused.into()),
        }
    }
}

impl Unit for PresentKey {
    type Out = Presented;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Presented, Error> {
        let Some(mut typed) = typed(tx, &self.app, &self.key).await? else { return Ok(Presented::Refused) };
        let now = typed.here.now;
        let lately = recoveries::since(typed.here.tx, typed.key.id, now.before(TELL_EVERY)).await?;
        let live: Vec<&Recovery> = lately.iter().filter(|one| one.is_live(now)).collect();
        if let Some(newest) = live.first().filter(|_| live.len() >= CODES) {
            return Ok(Presented::Mailed(mailed(newest, &typed.holder)));
        }
        // A code of which they were not told does not put off the next mail.
        let told = lately.iter().all(|one| !one.told);
        let (id, expires_at) = (self.app.chance.id(now), now.after(SignedDuration::from_mins(i64::from(MINUTES))));
        let recovery = Recovery { id, key: typed.key.id, created_at: now, expires_at, told, used_at: None };
        mail(&mut typed, &recovery).await?;
        let Typed { mut here, holder, key } = typed;
        here.record(entry("paper_key.presented", Actor::Service, &holder.user, key.id)).await?;
        if told {
            let news = PaperKeyNews::Presented { holder: holder.user.name.clone(), number: key.number.to_string() };
            tell_recovery_user::of_keys(&mut here, news, None).await?;
        }
        Ok(Presented::Mailed(mailed(&recovery, &holder)))
    }
}

fn mailed(recovery: &Recovery, holder: &Stored) -> Mailed {
    let sent_to = holder.user.addresses.iter().map(|address| address.email.masked()).collect();
    Mailed { recovery: recovery.id, expires_at: recovery.expires_at, sent_to }
}

/// Mails a new code to each of the holder's addresses.
async fn mail(Typed { here, holder, key }: &mut Typed<'_>, recovery: &Recovery) -> Result<(), Error> {
    recoveries::insert(here.tx, recovery).await?;
    let (account, number) = (account_facts(here), key.number.to_string());
    let message = Message::KeyCode { code: recovery.id, minutes: MINUTES, account, number };
    for address in &holder.user.addresses {
        here.mail(&holder.contact(address), &message).await?;
    }
    Ok(())
}
