//! What a link in a mail stands for: shown first, and done when the person confirms.

use super::{
    act::{self, Asked},
    answer_transfer::{self, Answer as ToOffer},
    app::App,
    error::{Access, Error},
    here::Here,
    invite,
    principal::Principal,
    roster,
    view::{
        case::{CaseView, opened, reread},
        transfer::{TransferView, transfer_view},
    },
};
use crate::{
    id::{LinkId, UserId},
    recovery::{action::Action, ballot::Choice, policy::BallotWay, refusal::Refusal, terms::TermsHash},
    store::{
        accounts,
        db::Unit,
        links::{self, Link, Purpose},
        scene::{self, Scene},
        tx::Tx,
        users,
    },
};

/// The act that a link stands for.
pub type LinkPurpose = Purpose;

/// What a link stands for, before anything is done.
#[derive(Debug, Clone)]
pub struct Meaning {
    /// The link.
    pub link: LinkId,
    /// The act.
    pub purpose: Purpose,
    /// The account's name.
    pub account: String,
    /// To whom the link was sent.
    pub user: UserId,
    /// Their name.
    pub person: String,
    /// Their address.
    pub email: String,
    /// The case, for links about one.
    pub case: Option<CaseView>,
    /// The person whose removal the link contests.
    pub removed: Option<String>,
    /// The offer of ownership that the link answers.
    pub transfer: Option<TransferView>,
}

impl Meaning {
    /// The same after the act: the case and the offer as they are now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reread(self, app: &App) -> Result<Self, Error> {
        let case = match &self.case {
            Some(case) => Some(reread(app, case.id).await?),
            None => None,
        };
        let transfer = match &self.transfer {
            Some(transfer) => Some(transfer_view(&mut app.db.snapshot().await?, transfer.id, app.now()).await?),
            None => None,
        };
        Ok(Self { case, transfer, ..self })
    }
}

/// What the person says to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A ballot.
    Vote {
        /// The choice.
        choice: Choice,
        /// The terms that they were shown.
        terms_hash: TermsHash,
    },
    /// Yes, do what the link stands for.
    Confirm,
    /// No, decline the ownership that is offered.
    Decline,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The ballot is recorded.
    Voted,
    /// The case is paused.
    Paused,
    /// The removal is contested.
    Contested,
    /// The invitation, or the nomination, is accepted.
    Accepted,
    /// The ballot is taken back.
    Disowned,
    /// The offer of ownership, or the nomination, is declined.
    Declined,
}

impl Done {
    /// Its word, as in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Voted => "voted",
            Self::Paused => "paused",
            Self::Contested => "contested",
            Self::Accepted => "accepted",
            Self::Disowned => "disowned",
            Self::Declined => "declined",
        }
    }
}

/// Reads what a link stands for, and changes nothing.
///
/// # Errors
/// [`Access::DeadLink`] for links that do not work, or do not exist.
pub async fn meaning(app: &App, link: LinkId) -> Result<Meaning, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let link = live(tx, link).await?;
    let account = accounts::find(tx, link.account).await?.ok_or(Error::NotFound)?;
    let person = users::contact(tx, link.user).await?;
    let case = match link.case {
        Some(case) => Some(opened(tx, case).await?),
        None => None,
    };
    let transfer = match link.transfer {
        Some(transfer) => Some(transfer_view(tx, transfer, app.now()).await?),
        None => None,
    };
    let removed = match link.change {
        Some(change) => match crate::store::roster::load(tx, link.account).await?.person_of(change) {
            Some(user) => Some(users::contact(tx, user).await?.name),
            None => return Err(Access::DeadLink.into()),
        },
        None => None,
    };
    Ok(Meaning {
        link: link.id,
        purpose: link.purpose,
        account: account.name,
        user: link.user,
        person: person.name,
        email: person.email,
        case,
        removed,
        transfer,
    })
}

/// Doing what a link stands for. Whoever gets here has shown the link's token, or a code sent to its address.
pub struct Redeem {
    /// The service.
    pub app: App,
    /// The link.
    pub link: LinkId,
    /// What the person says.
    pub answer: Answer,
}

impl Unit for Redeem {
    type Out = Done;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Done, Error> {
        let account = live(tx, self.link).await?.account;
        let mut here = Here::enter(tx, &self.app, account).await?;
        // Read again under the lock: of two requests with one link, the second finds it dead.
        let link = live(here.tx, self.link).await?;
        redeem(&mut here, &link, self.answer).await
    }
}

pub(super) async fn redeem(here: &mut Here<'_>, link: &Link, answer: Answer) -> Result<Done, Error> {
    let person = Principal::Person { user: link.user, session: None, within: None, proof: None };
    let done = match (link.purpose, answer) {
        (Purpose::Ballot, Answer::Vote { choice, terms_hash }) => {
            let asked = Asked::Cast { choice, terms_hash, way: BallotWay::MailLink };
            let scene = scene_of(here, link).await?;
            act::act(here, scene, asked, &person).await?;
            // A ballot's link serves its elector until the case ends: they may change their mind.
            return Ok(Done::Voted);
        }
        (Purpose::Pause, Answer::Confirm) => {
            let scene = scene_of(here, link).await?;
            act::act(here, scene, Asked::Pause, &person).await?;
            Done::Paused
        }
        (Purpose::Disown, Answer::Confirm) => {
            let scene = scene_of(here, link).await?;
            let case = scene.case.case.id();
            act::act(here, scene, Asked::TakeBack, &person).await?;
            // Somebody else has their ballot's link. They can still vote by signing in.
            links::kill_ballot_of(here.tx, case, link.user, here.now).await?;
            Done::Disowned
        }
        (Purpose::Contest, Answer::Confirm) => {
            let change = link.change.ok_or(Access::DeadLink)?;
            roster::contest(here, change, &person).await?;
            Done::Contested
        }
        (Purpose::Accept, Answer::Confirm) => {
            invite::accept(here, link.user, &person).await?;
            Done::Accepted
        }
        // Whoever reads a mailbox has its links. Nobody becomes an owner by that.
        (Purpose::Transfer, Answer::Confirm) => return Err(Refusal::NeedsCredential.into()),
        (Purpose::Transfer, Answer::Decline) => {
            let transfer = link.transfer.ok_or(Access::DeadLink)?;
            answer_transfer::answer(here, transfer, ToOffer::Decline, &person).await?;
            Done::Declined
        }
        (Purpose::Nomination, Answer::Confirm) => {
            let case = link.case.ok_or(Access::DeadLink)?;
            users::confirm(here.tx, link.user, here.now).await?;
            act::nominated(here, case, link.user, Action::Accept).await?;
            Done::Accepted
        }
        (Purpose::Nomination, Answer::Decline) => {
            let case = link.case.ok_or(Access::DeadLink)?;
            act::nominated(here, case, link.user, Action::Decline).await?;
            Done::Declined
        }
        (Purpose::Ballot, Answer::Confirm | Answer::Decline)
        | (
            Purpose::Pause | Purpose::Disown | Purpose::Contest | Purpose::Accept,
            Answer::Vote { .. } | Answer::Decline,
        )
        | (Purpose::Transfer | Purpose::Nomination, Answer::Vote { .. })
        // With this one a device makes a passkey; see `enrol_owner`.
        | (Purpose::Enrol, Answer::Vote { .. } | Answer::Confirm | Answer::Decline) => {
            return Err(Access::WrongLink.into());
        }
    };
    links::kill(here.tx, link.id, here.now).await?;
    Ok(done)
}

async fn scene_of(here: &mut Here<'_>, link: &Link) -> Result<Scene, Error> {
    let case = link.case.ok_or(Access::DeadLink)?;
    scene::load(here.tx, case, Some(link.user)).await?.ok_or(Error::NotFound)
}

pub(super) async fn live(tx: &mut Tx, link: LinkId) -> Result<Link, Error> {
    let link = links::find(tx, link).await?.ok_or(Access::DeadLink)?;
    if link.dead_at.is_some() { Err(Access::DeadLink.into()) } else { Ok(link) }
}
