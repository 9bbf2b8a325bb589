//! A mail comes in to vote.
//!
//! What it is, whose, and what it says is found out before anything is locked: that takes the DNS. Then one unit of work looks for
//! its case, opens one where there is none, and casts the ballot, through the same doors as everything else. A mail that is
//! refused leaves nothing of that; another unit writes down why, and its sender is told, if it is proven whose it is.

use super::{
    act,
    app::App,
    error::{Access, Error},
    here::Here,
    open_case::{OpenCase, open_case},
    principal::{Principal, Scope},
    refuse_mail::RefuseMail,
};
use crate::{
    dkim,
    hash::Hash,
    id::{AccountId, CaseId, InboundMailId, UserId},
    inbound::{
        gate::{About, Asks, Mailed},
        kept::Kept,
        letter::{FirstSight, Letter},
        received::Received,
        refused::Refused,
        sender::{NoVerdict, Sender, candidates},
    },
    ownership::address::Email,
    recovery::{
        case::{Case, Opener},
        policy::BallotWay,
        refusal::{NomineeUnfit, Refusal},
        terms::{Kind, Route},
    },
    store::{
        accounts,
        db::Unit,
        docket,
        error::DbError,
        inbound_mails::{self, InboundMail, Verdict},
        links,
        scene::{self, Scene},
        tx::Tx,
        users::{self, User},
    },
};

/// Judges a mail: it becomes a ballot, or it is refused and that is written down.
///
/// # Errors
/// [`Access::NotNow`] where the DNS does not answer, and what the database reports: then it is not judged, and is to be brought again.
/// [`Access::TakesNoMail`], and for whoever may not bring mails in.
pub async fn receive(app: &App, principal: &Principal, received: &Received) -> Result<InboundMail, Error> {
    may_bring(principal)?;
    let address = app.inbound.as_ref().ok_or(Access::TakesNoMail)?;
    let come = Come { id: app.id(), sight: FirstSight::of(received.bytes()) };
    let refuse = |refused, proven, place| RefuseMail { app: app.clone(), come: come.clone(), refused, proven, place };
    let lines = match received.with_network_lines() {
        Ok(lines) => lines,
        Err(refused) => return app.db.run(refuse(refused, None, Place::default())).await,
    };
    let (mailed, kept) = match judge(app, &lines, address).await? {
        Ok(judged) => judged,
        Err((refused, proven)) => return app.db.run(refuse(refused, proven, Place::default())).await,
    };
    let proven = Proven { sender: mailed.sender().clone(), fingerprint: mailed.fingerprint() };
    match app.db.run(ReceiveMail { app: app.clone(), come: come.clone(), mailed, kept }).await {
        Ok(mail) => Ok(mail),
        Err(NotCounted { why: Why::Refused(refused), place }) => app.db.run(refuse(refused, Some(proven), place)).await,
        Err(NotCounted { why: Why::Failed(error), .. }) => Err(error),
    }
}

/// Who may bring mails in.
///
/// # Errors
/// [`Access::NeedsScope`] for other tokens, [`Access::OperatorsOnly`] for people.
pub fn may_bring(principal: &Principal) -> Result<(), Error> {
    match principal {
        Principal::Operator { .. } => Ok(()),
        Principal::Platform { scopes, on_behalf_of: None, .. } if scopes.contains(&Scope::MailReceive) => Ok(()),
        Principal::Platform { .. } => Err(Access::NeedsScope { scope: Scope::MailReceive.name() }.into()),
        Principal::Person { .. } => Err(Access::OperatorsOnly.into()),
    }
}

/// What is known of a mail at first sight.
#[derive(Debug, Clone)]
pub(super) struct Come {
    pub id: InboundMailId,
    pub sight: FirstSight,
}

/// Whose it is, as their domain has signed, and what makes it this mail.
#[derive(Debug, Clone)]
pub(super) struct Proven {
    pub sender: Email,
    pub fingerprint: Hash,
}

/// What it is about, as far as that was found out.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub account: Option<AccountId>,
    pub case: Option<CaseId>,
}

type Judgement = Result<(Mailed, Option<Kept>), (Refused, Option<Proven>)>;

/// Whether a mail is its sender's own word, to us, of today; and what can be kept of it as a proof.
async fn judge(app: &App, lines: &[u8], address: &Email) -> Result<Judgement, Error> {
    let letter = match Letter::read(lines) {
        Ok(letter) => letter,
        Err(refused) => return Ok(Err((refused, None))),
    };
    let candidates = match candidates(&letter, app.now()) {
        Ok(candidates) => candidates,
        Err(refused) => return Ok(Err((refused, None))),
    };
    let checked = dkim::check(&app.dns, &letter, &candidates).await;
    let sender = match Sender::of(&letter, &checked.outcomes) {
        Ok(sender) => sender,
        Err(NoVerdict::Refused(refused)) => return Ok(Err((refused, None))),
        Err(NoVerdict::NotNow) => return Err(Access::NotNow.into()),
    };
    let proven = Proven { sender: sender.email().clone(), fingerprint: letter.fingerprint() };
    let kept = checked.by.and_then(|(signature, record)| Kept::of(&letter, signature, &record, address));
    Ok(match Mailed::new(sender, &letter, address, app.now()) {
        Ok(mailed) => Ok((mailed, kept)),
        Err(refused) => Err((refused, Some(proven))),
    })
}

/// Making a ballot out of a mail that got through the gate.
pub struct ReceiveMail {
    /// The service.
    pub app: App,
    come: Come,
    mailed: Mailed,
    kept: Option<Kept>,
}

/// Why a mail is no ballot, and how far it came.
#[derive(Debug)]
pub struct NotCounted {
    why: Why,
    place: Place,
}

#[derive(Debug)]
enum Why {
    /// It is refused.
    Refused(Refused),
    /// It could not be judged.
    Failed(Error),
}

impl From<DbError> for NotCounted {
    fn from(error: DbError) -> Self {
        Self { why: error.into(), place: Place::default() }
    }
}

impl From<DbError> for Why {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Refused> for Why {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<Refusal> for Why {
    fn from(refusal: Refusal) -> Self {
        Error::from(refusal).into()
    }
}

impl From<Error> for Why {
    fn from(error: Error) -> Self {
        let sentence = error.to_string();
        let code = match &error {
            Error::Recovery(refusal) => refusal.code(),
            Error::Ownership(refusal) => refusal.code(),
            Error::Access(access) => access.code(),
            Error::NotFound => "not_found",
            Error::Identity(_)
            | Error::Credential(_)
            | Error::SignOn(_)
            | Error::RecoveryUser(_)
            | Error::Provider(_)
            | Error::Webhook(_)
            | Error::Invalid(_)
            | Error::Internal(_)
            | Error::Password(_)
            | Error::Sealed(_) => return Self::Failed(error),
        };
        Self::Refused(Refused::Rules { code, sentence })
    }
}

impl Unit for ReceiveMail {
    type Out = InboundMail;
    type Error = NotCounted;

    async fn run(&self, tx: &mut Tx) -> Result<InboundMail, NotCounted> {
        let mut place = Place::default();
        let outcome = self.count(tx, &mut place).await;
        outcome.map_err(|why| NotCounted { why, place })
    }
}

impl ReceiveMail {
    async fn count(&self, tx: &mut Tx, place: &mut Place) -> Result<InboundMail, Why> {
        let sender = self.mailed.sender();
        let Some(person) = users::by_email(tx, sender).await? else { return Err(unknown(sender).into()) };
        let case = match self.mailed.asks() {
            Asks::InCaseOf(token) => self.in_case_of(tx, place, &person, token).await?,
            Asks::ToReplace { owner, nominee } => self.to_replace(tx, place, &person, (owner, nominee)).await?,
        };
        place.case = Some(case.id());
        let mail = InboundMail {
            id: self.come.id,
            received_at: self.app.now(),
            sender: Some(sender.as_str().to_owned()),
            message_id: self.come.sight.message_id.clone(),
            fingerprint: Some(self.mailed.fingerprint()),
            account: place.account,
            case: place.case,
            verdict: Verdict::Counted,
        };
        inbound_mails::insert(tx, &mail).await?;
        Ok(mail)
    }

    /// The mail answers the one by which its sender was asked to vote.
    async fn in_case_of(&self, tx: &mut Tx, place: &mut Place, person: &User, token: &str) -> Result<Case, Why> {
        let link = self.app.secret.answer_of(token).ok_or(Refused::Over)?;
        let link = links::find(tx, link).await?.ok_or(Refused::Over)?;
        if link.user != person.id {
            return Err(Refused::OfSomebodyElse.into());
        }
        let case = link.case.ok_or(Refused::Over)?;
        *place = Place { account: Some(link.account), case: Some(case) };
        let mut here = Here::enter(tx, &self.app, link.account).await?;
        self.require_new(&mut here).await?;
        require_not_disowned(&mut here, case, person.id).await?;
        // Read again under the lock: the case may have ended, or a newer mail have gone out.
        let alive = links::find(here.tx, link.id).await?.is_some_and(|link| link.dead_at.is_none());
        if !alive {
            return Err(Refused::Over.into());
        }
        let scene = scene::load(here.tx, case, Some(person.id)).await?.ok_or(Refused::Over)?;
        self.cast(&mut here, &scene, person.id).await
    }

    /// The mail names an owner and who should replace them. The first one opens the case.
    async fn to_replace(
        &self,
        tx: &mut Tx,
        place: &mut Place,
        person: &User,
        (owner, nominee): (&Email, &Email),
    ) -> Result<Case, Why> {
        let account = self.account(tx, person.id, owner).await?;
        place.account = Some(account);
        let mut here = Here::enter(tx, &self.app, account).await?;
        self.require_new(&mut here).await?;
        if let Some(scene) = open_case_about(&mut here, person.id, owner, nominee).await? {
            place.case = Some(scene.case.case.id());
            require_not_disowned(&mut here, scene.case.case.id(), person.id).await?;
            return self.cast(&mut here, &scene, person.id).await;
        }
        let unfit = Refusal::NomineeUnfit(NomineeUnfit::NotActiveMember);
        let nominee = users::by_email(here.tx, nominee).await?.ok_or(unfit)?;
        let opening = OpenCase {
            app: self.app.clone(),
            account,
            kind: Kind::Replace,
            nominee: nominee.id,
            statement: format!("{owner} is not contactable."),
            principal: Principal::Person { user: person.id, session: None, within: None, proof: None },
        };
        let opened = open_case(&mut here, &opening).await?;
        let scene = scene::load(here.tx, opened.id(), Some(person.id)).await?.ok_or(Error::NotFound)?;
        let ballot = self.mailed.ballot(About { opened_at: None, ..about(&opened) })?;
        Ok(act::mailed(&mut here, &scene, (ballot, self.kept.as_ref()), person.id).await?)
    }

    async fn cast(&self, here: &mut Here<'_>, scene: &Scene, elector: UserId) -> Result<Case, Why> {
        let ballot = self.mailed.ballot(about(&scene.case.case))?;
        Ok(act::mailed(here, scene, (ballot, self.kept.as_ref()), elector).await?)
    }

    /// The one account that the mail can mean.
    async fn account(&self, tx: &mut Tx, person: UserId, owner: &Email) -> Result<AccountId, Why> {
        let mut fitting = Vec::new();
        for account in inbound_mails::accounts_between(tx, person, owner).await? {
            let found = accounts::find(tx, account).await?;
            if found.is_some_and(|account| account.policy.takes(BallotWay::PlainMail)) {
                fitting.push(account);
            }
        }
        match fitting.as_slice() {
            [] => Err(Refused::NoAccount { owner: owner.clone() }.into()),
            [account] => Ok(*account),
            [_, _, ..] => Err(Refused::SeveralAccounts.into()),
        }
    }

    async fn require_new(&self, here: &mut Here<'_>) -> Result<(), Why> {
        let (fingerprint, sender) = (self.mailed.fingerprint(), self.mailed.sender());
        let name = self.come.sight.message_id.as_deref();
        if inbound_mails::is_known(here.tx, fingerprint, sender, name).await? {
            return Err(Refused::Replayed.into());
        }
        Ok(())
    }
}

/// Nobody has that address. If it looks like another's, that is why.
fn unknown(sender: &Email) -> Refused {
    let disguised = sender.domain().split('.').any(|label| label.starts_with("xn--"));
    if disguised { Refused::LookAlike } else { Refused::NobodyKnown }
}

async fn require_not_disowned(here: &mut Here<'_>, case: CaseId, elector: UserId) -> Result<(), Why> {
    if links::ballot_is_dead(here.tx, case, elector).await? && !ended(here, case).await? {
        return Err(Refused::Disowned { case }.into());
    }
    Ok(())
}

async fn ended(here: &mut Here<'_>, case: CaseId) -> Result<bool, Why> {
    Ok(!docket::open_of(here.tx, here.account.id).await?.contains(&case))
}

/// The open case in which the members vote on replacing that owner by that nominee; the oldest, if several opened one.
async fn open_case_about(
    here: &mut Here<'_>,
    voter: UserId,
    owner: &Email,
    nominee: &Email,
) -> Result<Option<Scene>, Why> {
    for case in docket::open_of(here.tx, here.account.id).await? {
        let scene = scene::load(here.tx, case, Some(voter)).await?.ok_or(Error::NotFound)?;
        let terms = &scene.case.case.terms;
        let by_vote = terms.route == Route::Vote && matches!(scene.case.case.opener, Opener::Administrator(_));
        let owners = terms.owners.iter().map(|owner| owner.email.as_str());
        if by_vote
            && terms.kind == Kind::Replace
            && terms.nominee.email == nominee.as_str()
            && owners.eq([owner.as_str()])
        {
            return Ok(Some(scene));
        }
    }
    Ok(None)
}

fn about(case: &Case) -> About<'_> {
    let terms = &case.terms;
    About { kind: terms.kind, owners: &terms.owners, nominee: &terms.nominee, opened_at: Some(terms.opened_at) }
}
