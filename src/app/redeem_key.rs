//! A recovery user redeems a paper key: the first one opens a case, and others join it. What shows that it is them is checked
//! before; here it is decided what comes of it.

use super::{
    act,
    app::App,
    error::{Access, Error},
    here::Here,
    invite::{self, NewPerson},
    record, standing, tell_case,
};
use crate::{
    id::{AccountId, CaseId, CodeId, RecoveryUserId, UserId},
    meter::names,
    moment::Moment,
    ownership::{
        account::Use,
        actor::Actor,
        member::{Member, Status},
        paper_key::{How, Key, State},
    },
    recovery::{
        action::Fitness,
        case::Case,
        event::Event,
        open_by_key::{self, Proposal, open_by_key},
        redeem::KeyAndMailbox,
        roster::{Authority, Joined},
        terms::{Kind, Person, TermsHash},
    },
    store::{
        cases,
        db::Unit,
        docket, members,
        paper_keys::{self, Stored},
        recoveries,
        recovery_users::{self, Stored as Holder},
        redemptions, roster, scene, ties,
        tx::Tx,
        users,
    },
};

/// Redeeming a paper key: with the code that was mailed when it was presented, and only then is it spent.
pub struct RedeemKey {
    /// The service.
    pub app: App,
    /// The request, which names the key.
    pub recovery: CodeId,
    /// The code, as typed.
    pub code: String,
    /// What for.
    pub wanted: Wanted,
}

/// What a paper key is redeemed for.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// A case of its own.
    Open {
        /// What it would do to the owners.
        kind: Kind,
        /// Who would become owner: a member, or somebody who is invited by this.
        nominee: NewPerson,
        /// Why, in their words.
        statement: String,
    },
    /// What another recovery user has asked for.
    Join {
        /// The case.
        case: CaseId,
        /// The terms that they were shown.
        terms_hash: TermsHash,
    },
}

impl Unit for RedeemKey {
    type Out = CaseId;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<CaseId, Error> {
        let account = attested(tx, &self.app, self.recovery, &self.code, self.app.now()).await?.account;
        let mut here = Here::enter(tx, &self.app, account).await?;
        // Read again under the lock: of two requests with one key, the second finds it spent.
        let Attested { shown, holder, .. } = attested(here.tx, &self.app, self.recovery, &self.code, here.now).await?;
        here.account.status.allows(Use::Recover)?;
        recoveries::end_all(here.tx, shown.key(), here.now).await?;
        match &self.wanted {
            Wanted::Open { kind, nominee, statement } => {
                let nominee = nominated(&mut here, nominee).await?;
                let account = account_of(&mut here, &holder, nominee.id).await?;
                let (case, member) = (self.app.chance.id(here.now), member(&mut here, &holder).await?);
                let proposal = Proposal { case, kind: *kind, nominee, statement: statement.clone(), shown, member };
                open(&mut here, &account, proposal).await
            }
            Wanted::Join { case, terms_hash } => {
                let scene = scene::load(here.tx, *case, None).await?.filter(|it| it.account.id == account);
                act::redeem(&mut here, &scene.ok_or(Error::NotFound)?, shown, *terms_hash).await?;
                Ok(*case)
            }
        }
    }
}

/// A paper key that was presented, together with the right code.
pub(super) struct Attested {
    /// The account that it is for.
    pub(super) account: AccountId,
    /// What was shown.
    pub(super) shown: KeyAndMailbox,
    /// What is kept of the key.
    pub(super) key: Key,
    /// Who holds it.
    pub(super) holder: Holder,
}

/// What the code shows, together with the key for which it was mailed: INVARIANT 18. A request that is over, a key that works no
/// more and a wrong code look the same.
pub(super) async fn attested(
    tx: &mut Tx,
    app: &App,
    recovery: CodeId,
    code: &str,
    now: Moment,
) -> Result<Attested, Error> {
    let wrong = || Error::from(Access::WrongCode);
    let live = recoveries::find(tx, recovery).await?.filter(|it| it.is_live(now)).ok_or_else(wrong)?;
    if !app.secret.is_recovery_code(live.id, code) {
        return Err(wrong());
    }
    let stored = paper_keys::find(tx, live.key).await?.filter(|it| it.key.state(now) == State::InForce);
    let Stored { account, user, key } = stored.ok_or_else(wrong)?;
    let holder = recovery_users::find(tx, user).await?.ok_or_else(wrong)?;
    Ok(Attested { account, shown: KeyAndMailbox::attested(user, key.id), key, holder })
}

/// Whoever has that address. Somebody new is known from here on, and owns nothing by it.
async fn nominated(here: &mut Here<'_>, NewPerson { name, email }: &NewPerson) -> Result<Person, Error> {
    let name = invite::name("/new_owner/name", name)?;
    let user = users::find_or_create(here.tx, here.app.chance.id(here.now), email, &name, here.now).await?;
    Ok(Person { id: user.id, name: user.name, email: user.email.as_str().to_owned() })
}

async fn open(here: &mut Here<'_>, account: &open_by_key::Account, proposal: Proposal) -> Result<CaseId, Error> {
    let (by, key) = (proposal.shown.by(), proposal.shown.key());
    let case = open_by_key(account, proposal, here.now)?;
    cases::insert_case(here.tx, &case, here.now).await?;
    keep(here, &case, by).await?;
    for event in [Event::Opened, Event::KeyRedeemed { by, key }] {
        here.record(record::case_event(&case, &event, Actor::RecoveryUser { recovery_user: by })).await?;
        here.tx.count(&names::CASE_EVENTS, event.name());
    }
    tell_case::tell(here, &case, &Event::Opened).await?;
    Ok(case.id())
}

/// The member who has one of their addresses.
async fn member(here: &mut Here<'_>, holder: &Holder) -> Result<Option<UserId>, Error> {
    for address in &holder.user.addresses {
        if let Some(user) = users::by_email(here.tx, &address.email).await?
            && members::find(here.tx, here.account.id, user.id).await?.is_some()
        {
            return Ok(Some(user.id));
        }
    }
    Ok(None)
}

/// Keeps that they redeemed their key for this case, and ends it.
///
/// # Errors
/// When the database fails.
pub(super) async fn keep(here: &mut Here<'_>, case: &Case, by: RecoveryUserId) -> Result<(), Error> {
    let redeemed = case.redeemed.get(&by).ok_or(Error::NotFound)?;
    let holder = recovery_users::find(here.tx, by).await?.ok_or(Error::NotFound)?;
    redemptions::keep(here.tx, case, by, &holder.user.name, redeemed).await?;
    Ok(paper_keys::end(here.tx, redeemed.key, How::Redeemed, here.now).await?)
}

/// Another open case for which they have redeemed a key, and the member who has one of their addresses.
///
/// # Errors
/// When the database fails.
pub(super) async fn around(
    here: &mut Here<'_>,
    case: &Case,
    by: RecoveryUserId,
) -> Result<(Option<CaseId>, Option<UserId>), Error> {
    let elsewhere = redemptions::elsewhere(here.tx, here.account.id, by, Some(case.id())).await?;
    let holder = recovery_users::find(here.tx, by).await?.ok_or(Error::NotFound)?;
    Ok((elsewhere, member(here, &holder).await?))
}

/// Makes whom paper keys named a member who can act, in the role in which an account's first owner comes if they were none.
///
/// # Errors
/// When the database fails.
pub(super) async fn join(here: &mut Here<'_>, user: UserId) -> Result<Member, Error> {
    if let Some(members::Stored { member, .. }) = members::find(here.tx, here.account.id, user).await? {
        let before = roster::load(here.tx, here.account.id).await?;
        let mut after = before.clone();
        after.join(user);
        roster::save(here.tx, here.account.id, &before, &after).await?;
        return Ok(Member { status: Status::Active, ..member });
    }
    let role = here.preset()?.first_role.clone();
    let administrator = here.preset()?.role(&role).is_some_and(|role| role.administrator);
    let member = Member { user, role, administrator, status: Status::Active, confirmed: true, owner: false };
    members::insert(here.tx, here.account.id, &member, here.now).await?;
    if administrator {
        standing::enter(here, user, Joined::Yes, Authority::Owner).await?;
    }
    Ok(member)
}

async fn account_of(here: &mut Here<'_>, holder: &Holder, nominee: UserId) -> Result<open_by_key::Account, Error> {
    let id = here.account.id;
    let nominated = members::find(here.tx, id, nominee).await?;
    let fit = nominated.is_none_or(|stored| match stored.member.status {
        Status::Active | Status::Invited => true,
        Status::Suspended => false,
    });
    let chosen = recovery_users::prepared(here.tx, id, here.now).await?;
    let holders = chosen.values().filter(|user| user.confirmed && !user.keys.is_empty()).count();
    let owners = here.key_people.iter().filter(|person| person.member.owner).map(members::Stored::person).collect();
    Ok(open_by_key::Account {
        id,
        owners,
        policy: here.account.policy.clone(),
        roster: roster::load(here.tx, id).await?,
        address_changed: ties::address_changes(here.tx, id).await?,
        nominee: if fit { Fitness::Fit } else { Fitness::Unfit },
        key_holders: u32::try_from(holders).unwrap_or(u32::MAX),
        redeemed_elsewhere: redemptions::elsewhere(here.tx, id, holder.user.id, None).await?,
        nominee_vetoed_at: docket::vetoed_at(here.tx, id, nominee).await?,
    })
}
