//! How well an account is prepared for the loss of its people: a score, and each reason that it is not 100.
//!
//! "What if these people left?" is the same question about an account without them, answered by the same code.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::{
    member::{Member, Status},
    preset::OwnershipRules,
    readiness_reasons::{Reason, Shortage},
};
use crate::{
    id::{RecoveryUserId, UserId},
    moment::Moment,
    recovery::{
        electorate::{Electorate, Source},
        policy::{BallotWay, OwnersAllowed, Policy, Switch},
        proof::Holds,
        reach::{self, Counts, Reach},
        roster::Roster,
    },
};

/// How long after a drill, or after its issue, a key should be drilled.
pub const DRILL_AGAIN: SignedDuration = SignedDuration::from_hours(180 * 24);

/// How old a key should not become.
pub const KEY_AGE: SignedDuration = SignedDuration::from_hours(2 * 365 * 24);

/// Below this score an account is so badly prepared that its owners are told once a week.
pub const LOW: u32 = 60;

/// How long after one look at an account its owners can be told again; the first look is that long after its creation.
pub const DIGEST_EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What the score depends on. Read in one snapshot.
#[derive(Debug, Clone)]
pub struct Prepared<'a> {
    /// What the preset advises.
    pub rules: &'a OwnershipRules,
    /// The policy in force.
    pub policy: &'a Policy,
    /// Every owner, every member whose role makes them an administrator, and of the others as many as may matter: one
    /// who is active and confirmed, and does not leave, suffices.
    pub members: BTreeMap<UserId, Person>,
    /// Who has standing.
    pub roster: Roster,
    /// Every recovery user.
    pub recovery_users: BTreeMap<RecoveryUserId, RecoveryUser>,
}

/// A member, whether mail reaches them, and by what they could show that it is them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The member.
    pub member: Member,
    /// Whether mail reaches them.
    pub mailbox: Mailbox,
    /// What they could show.
    pub holds: Holds,
    /// Whether they could sign a ballot.
    pub signs: Signs,
    /// Whether they could still show who they are when one of their credentials is lost.
    pub backup: Backup,
}

/// Whether somebody has more than one credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backup {
    /// A password and a passkey, or passkeys on several devices.
    Has,
    /// One at most.
    Lacks,
}

/// Whether somebody could sign a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// They have a passkey.
    Can,
    /// They have none.
    Cannot,
}

/// Whether mail reaches somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailbox {
    /// Nothing is known against it.
    Fine,
    /// The latest mail to it could not be delivered.
    Bounces,
}

/// Somebody who was chosen to hold paper keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryUser {
    /// Whether their recovery address is confirmed.
    pub confirmed: bool,
    /// Whether mail reaches it.
    pub mailbox: Mailbox,
    /// Their keys that redeem: neither spent nor revoked, expired or superseded.
    pub keys: Vec<Key>,
}

/// A key that redeems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// When it was issued.
    pub issued_at: Moment,
    /// When it was last drilled.
    pub drilled_at: Option<Moment>,
}

/// The people of whom it is asked what if they left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leavers {
    /// Members, owners among them.
    pub members: BTreeSet<UserId>,
    /// Recovery users.
    pub recovery_users: BTreeSet<RecoveryUserId>,
}

/// How well an account is prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// 0 to 100; 100 where there is no reason to do anything.
    pub score: u32,
    /// What is wanting, the weightiest first.
    pub reasons: Vec<Reason>,
    /// Whether a vote leads to a new owner.
    pub vote: Reach,
    /// Whether paper keys do.
    pub keys: Reach,
    /// The owners who can act.
    pub effective_owners: BTreeSet<UserId>,
}

impl Readiness {
    /// Whether a new owner can be found when no owner can act.
    #[must_use]
    pub const fn is_recoverable(&self) -> bool {
        self.vote.is_reachable() || self.keys.is_reachable()
    }

    /// Whether it is so bad that owners are told without asking: the score is below [`LOW`], or nobody could recover it.
    #[must_use]
    pub const fn is_low(&self) -> bool {
        self.score < LOW || !self.is_recoverable()
    }
}

/// How well an account is prepared now.
#[must_use]
pub fn assess(account: &Prepared<'_>, now: Moment) -> Readiness {
    let counts = account.counts(now);
    let (vote, keys) = (reach::vote(account.policy, counts), reach::keys(account.policy, counts));
    let mut reasons = Vec::new();
    owners(account, &mut reasons);
    administrators(account, now, &mut reasons);
    routes(vote, keys, &mut reasons);
    recovery_users(account, now, &mut reasons);
    mailboxes(account, &mut reasons);
    credentials(account, &mut reasons);
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.weight()));
    let wanting: u32 = reasons.iter().map(Reason::weight).sum();
    let effective_owners = account.effective_owners();
    Readiness { score: 100_u32.saturating_sub(wanting), reasons, vote, keys, effective_owners }
}

/// How well it would be prepared without these people: gone for good, and taking their standing with them.
#[must_use]
pub fn what_if(account: &Prepared<'_>, leavers: &Leavers, now: Moment) -> Readiness {
    let mut left = account.clone();
    left.members.retain(|user, _| !leavers.members.contains(user));
    left.roster.entries.retain(|user, _| !leavers.members.contains(user));
    left.recovery_users.retain(|user, _| !leavers.recovery_users.contains(user));
    assess(&left, now)
}

impl Prepared<'_> {
    /// The people on whom recovery rests. The vote itself says who they are: nothing here counts them a second way.
    #[must_use]
    pub fn counts(&self, now: Moment) -> Counts {
        let people = || self.members.values().map(|person| &person.member);
        let owners: BTreeSet<UserId> = people().filter(|member| member.owner).map(|member| member.user).collect();
        let administrators: BTreeSet<UserId> =
            people().filter(|member| member.is_active_administrator()).map(|member| member.user).collect();
        let source =
            Source { roster: &self.roster, administrators: &administrators, owners: &owners, policy: self.policy };
        let voters = self.roster.standing_at(now, &owners);
        let fit = |member: &&Member| member.status == Status::Active && member.confirmed && !member.owner;
        let others = people().filter(fit).filter(|member| !voters.contains(&member.user)).count();
        let holds = |user: &&RecoveryUser| user.confirmed && !user.keys.is_empty();
        Counts {
            voters: many(voters.len()),
            live: many(Electorate::live(now, source).len()),
            others: many(others),
            key_holders: many(self.recovery_users.values().filter(holds).count()),
        }
    }

    fn effective_owners(&self) -> BTreeSet<UserId> {
        let effective = |person: &&Person| person.member.is_effective_owner();
        self.members.values().filter(effective).map(|person| person.member.user).collect()
    }
}

fn owners(account: &Prepared<'_>, reasons: &mut Vec<Reason>) {
    let effective = account.effective_owners();
    let advised = match account.policy.owners {
        OwnersAllowed::One => 1,
        OwnersAllowed::Many => account.rules.advised_owners,
    };
    let have = many(effective.len());
    match (have, advised) {
        (0, _) => reasons.push(Reason::NoEffectiveOwner),
        (have, advised) if have < advised => reasons.push(Reason::FewOwners(Shortage { have, want: advised })),
        _ => {}
    }
}

fn administrators(account: &Prepared<'_>, now: Moment, reasons: &mut Vec<Reason>) {
    let active = |person: &&Person| person.member.is_active_administrator();
    let have = many(account.members.values().filter(active).count());
    let want = account.rules.advised_administrators;
    if have < want {
        reasons.push(Reason::FewAdministrators(Shortage { have, want }));
    }
    if account.policy.vote_route == Switch::Off {
        return;
    }
    let owners: BTreeSet<UserId> =
        account.members.values().filter(|person| person.member.owner).map(|person| person.member.user).collect();
    let waits = |person: &&Person| {
        let member = &person.member;
        member.is_active_administrator() && !member.owner && account.roster.why_not(member.user, now, &owners).is_some()
    };
    let people: BTreeSet<UserId> = account.members.values().filter(waits).map(|person| person.member.user).collect();
    if !people.is_empty() {
        reasons.push(Reason::NoStandingYet { people });
    }
}

fn routes(vote: Reach, keys: Reach, reasons: &mut Vec<Reason>) {
    if !vote.is_reachable() && !keys.is_reachable() {
        reasons.push(Reason::NobodyCouldRecover);
    }
    match vote {
        Reach::Unreachable { have, need } => reasons.push(Reason::VoteUnreachable(Shortage { have, want: need })),
        Reach::Reachable { spare } if spare < 2 => reasons.push(Reason::VoteFragile { leave: spare + 1 }),
        Reach::Reachable { .. } | Reach::Off => {}
    }
}

fn recovery_users(account: &Prepared<'_>, now: Moment, reasons: &mut Vec<Reason>) {
    if account.policy.paper_key_route == Switch::Off {
        return;
    }
    let users = &account.recovery_users;
    if users.is_empty() {
        reasons.push(Reason::NoRecoveryUsers);
        return;
    }
    let holders = users.values().filter(|user| user.confirmed && !user.keys.is_empty()).count();
    let (have, want) = (many(holders), account.policy.keys_required);
    if have < want {
        reasons.push(Reason::FewKeyHolders(Shortage { have, want }));
    }
    let those = |wanted: &dyn Fn(&RecoveryUser) -> bool| -> BTreeSet<RecoveryUserId> {
        users.iter().filter(|(_, user)| wanted(user)).map(|(id, _)| *id).collect()
    };
    let due = |key: &Key| match key.drilled_at {
        None => true,
        Some(at) => at.after(DRILL_AGAIN) <= now,
    };
    let told = [
        Reason::KeysUndrilled { users: those(&|user| user.keys.iter().any(due)) },
        Reason::KeysOld { users: those(&|user| user.keys.iter().any(|key| key.issued_at.after(KEY_AGE) <= now)) },
        Reason::RecoveryAddressUnconfirmed { users: those(&|user| !user.confirmed) },
        Reason::RecoveryAddressBounces { users: those(&|user| user.mailbox == Mailbox::Bounces) },
    ];
    reasons.extend(told.into_iter().filter(Reason::concerns_somebody));
}

/// Of owners and administrators: nobody else is needed.
fn mailboxes(account: &Prepared<'_>, reasons: &mut Vec<Reason>) {
    let those = |wanted: &dyn Fn(&Person) -> bool| -> BTreeSet<UserId> {
        let key = |person: &&Person| person.member.owner || person.member.administrator;
        account.members.values().filter(key).filter(|person| wanted(person)).map(|person| person.member.user).collect()
    };
    let told = [
        Reason::AddressUnconfirmed { people: those(&|person| !person.member.confirmed) },
        Reason::AddressBounces { people: those(&|person| person.mailbox == Mailbox::Bounces) },
    ];
    reasons.extend(told.into_iter().filter(Reason::concerns_somebody));
}

/// Of owners, who veto, and of administrators, where they have to sign in to vote.
fn credentials(account: &Prepared<'_>, reasons: &mut Vec<Reason>) {
    let Policy { vote_route, ballots, .. } = account.policy;
    let votes_signed_in =
        *vote_route == Switch::On && ballots.iter().all(|way| matches!(way, BallotWay::SignedIn | BallotWay::Passkey));
    let needs = |member: &Member| {
        member.is_effective_owner() || (votes_signed_in && member.confirmed && member.is_active_administrator())
    };
    let lacks = |person: &&Person| needs(&person.member) && person.holds == Holds::MailboxOnly;
    let people: BTreeSet<UserId> = account.members.values().filter(lacks).map(|person| person.member.user).collect();
    reasons.extend(Some(Reason::NoCredential { people }).filter(Reason::concerns_somebody));
    let effective = account.effective_owners();
    let bare = |owner: &UserId| {
        let person = account.members.get(owner);
        person.is_some_and(|it| it.holds == Holds::Credential && it.backup == Backup::Lacks)
    };
    if effective.len() == 1 && effective.iter().all(bare) {
        reasons.push(Reason::NoBackup { people: effective });
    }
    if *vote_route == Switch::On && account.policy.wants_signatures() {
        let votes = |member: &Member| member.confirmed && member.is_active_administrator();
        let lacks = |person: &&Person| {
            votes(&person.member) && person.holds == Holds::Credential && person.signs == Signs::Cannot
        };
        let people = account.members.values().filter(lacks).map(|person| person.member.user).collect();
        reasons.extend(Some(Reason::NoPasskey { people }).filter(Reason::concerns_somebody));
    }
}

fn many(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}
