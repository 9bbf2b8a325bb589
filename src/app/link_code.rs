//! Following an action link: with its token, or with a code that was mailed to the same address.
//!
//! The code is for people whose browser runs no script and so cannot send what stands behind the `#`. It is looked at
//! when the link is shown, and used when the link's act is done, so that nobody types it twice. Codes and tries belong
//! to the link: whoever knows its id can use them up, but never the token.

use super::{
    app::App,
    error::{Access, Error},
    here::Here,
    redeem::{Answer, Done, Meaning, Redeem, live, meaning, redeem},
    sign_in::{self, CODES},
};
use crate::{
    id::{CodeId, LinkId, UserId},
    mail::{
        facts::{AccountFacts, LinkUse},
        message::Message,
    },
    moment::Moment,
    store::{
        accounts,
        codes::{self, Purpose},
        db::Unit,
        error::DbError,
        links,
        tx::Tx,
        users,
    },
};

/// What somebody shows for a link.
pub enum Proof {
    /// The whole token.
    Token(String),
    /// A code from the mail that they asked for.
    Code(String),
}

/// Reads what a link stands for, for somebody who may know it. A wrong code is counted; nothing else changes.
///
/// # Errors
/// [`Access::DeadLink`], [`Access::WrongCode`].
pub async fn show(app: &App, link: LinkId, proof: &Proof) -> Result<Meaning, Error> {
    match proof {
        Proof::Token(token) if app.secret.link_of(token) == Some(link) => {}
        Proof::Token(_) => return Err(Access::DeadLink.into()),
        Proof::Code(code) => app.db.run(CheckCode { app: app.clone(), link, code: code.clone() }).await?.done()?,
    }
    meaning(app, link).await
}

/// Does what a link stands for. The meaning is as before, but the case as it is now.
///
/// # Errors
/// Those of [`show`], and why the act is refused.
pub async fn act(app: &App, link: LinkId, proof: Proof, answer: Answer) -> Result<(Meaning, Done), Error> {
    let meaning = show(app, link, &proof).await?;
    let done = match proof {
        Proof::Token(_) => app.db.run(Redeem { app: app.clone(), link, answer }).await?,
        Proof::Code(code) => app.db.run(RedeemByCode { app: app.clone(), link, code, answer }).await?.done()?,
    };
    Ok((meaning.reread(app).await?, done))
}

/// Asks for a code, to the address that got the link. Whether a mail goes out is not told.
pub struct SendLinkCode {
    /// The service.
    pub app: App,
    /// The link.
    pub link: LinkId,
}

impl Unit for SendLinkCode {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let Some(link) = links::find(tx, self.link).await?.filter(|link| link.dead_at.is_none()) else {
            return Ok(());
        };
        users::lock(tx, link.user).await?;
        let now = self.app.now();
        let purpose = Purpose::Link { link: link.id };
        if codes::unexpired(tx, link.user, purpose, now).await?.len() >= CODES {
            return Ok(());
        }
        let account = accounts::find(tx, link.account).await?.ok_or_else(|| DbError::corrupt("links", link.id))?;
        let person = users::by_id(tx, link.user).await?.ok_or_else(|| DbError::corrupt("links", link.id))?;
        let message = Message::LinkCode {
            code: self.app.chance.id(now),
            minutes: sign_in::MINUTES,
            what: link_use(link.purpose),
            account: AccountFacts { id: account.id, name: account.name },
        };
        sign_in::send(tx, &self.app, &person, purpose, &message, now).await
    }
}

const fn link_use(purpose: links::Purpose) -> LinkUse {
    match purpose {
        links::Purpose::Ballot => LinkUse::Ballot,
        links::Purpose::Pause => LinkUse::Pause,
        links::Purpose::Contest => LinkUse::Contest,
        links::Purpose::Accept => LinkUse::AcceptInvitation,
        links::Purpose::Disown => LinkUse::DisownBallot,
        links::Purpose::Transfer => LinkUse::AnswerTransfer,
        links::Purpose::Nomination => LinkUse::AnswerNomination,
        links::Purpose::Enrol => LinkUse::EnrolOwner,
    }
}

/// What became of a code. Both are saved: a wrong one was counted.
enum Checked<T> {
    Right(T),
    Wrong,
}

impl<T> Checked<T> {
    fn done(self) -> Result<T, Error> {
        match self {
            Self::Right(done) => Ok(done),
            Self::Wrong => Err(Access::WrongCode.into()),
        }
    }
}

struct CheckCode {
    app: App,
    link: LinkId,
    code: String,
}

impl Unit for CheckCode {
    type Out = Checked<()>;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Checked<()>, Error> {
        let Some(link) = links::find(tx, self.link).await? else { return Ok(Checked::Wrong) };
        let found = check(tx, &self.app, link.user, link.id, &self.code).await?;
        Ok(found.map_or(Checked::Wrong, |_| Checked::Right(())))
    }
}

struct RedeemByCode {
    app: App,
    link: LinkId,
    code: String,
    answer: Answer,
}

impl Unit for RedeemByCode {
    type Out = Checked<Done>;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Checked<Done>, Error> {
        let account = live(tx, self.link).await?.account;
        let mut here = Here::enter(tx, &self.app, account).await?;
        let link = live(here.tx, self.link).await?;
        let Some((code, now)) = check(here.tx, &self.app, link.user, link.id, &self.code).await? else {
            return Ok(Checked::Wrong);
        };
        // In one transaction: an act that is refused leaves the code good for another try.
        if !codes::use_up(here.tx, code, now).await? {
            return Ok(Checked::Wrong);
        }
        Ok(Checked::Right(redeem(&mut here, &link, self.answer).await?))
    }
}

/// The live code that was typed. Nobody says which of the codes was meant, so a wrong one counts against each.
async fn check(
    tx: &mut Tx,
    app: &App,
    user: UserId,
    link: LinkId,
    typed: &str,
) -> Result<Option<(CodeId, Moment)>, Error> {
    users::lock(tx, user).await?;
    let now = app.now();
    let codes = codes::unexpired(tx, user, Purpose::Link { link }, now).await?;
    let live = || codes.iter().filter(|code| code.is_live(now));
    if let Some(code) = live().find(|code| app.secret.is_code(code.id, typed)) {
        return Ok(Some((code.id, now)));
    }
    for code in live() {
        codes::mistype(tx, code.id).await?;
    }
    Ok(None)
}
