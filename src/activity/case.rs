//! Replays a case from its entries in the activity log, with the terms that they name. What comes out is the case as it must be,
//! whatever the tables say; and each entry that could not have followed from those before is found.
//!
//! Ballots and keys are counted by the core itself ([`Quorum`]). What the state machine asks of the world around a case (whether
//! somebody was told, or is still a member) is not in the log, and is taken from the entry.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;

use super::{
    case_broken::CaseBroken,
    entry::{Entry, Hash},
    mailed::{Behind, NotProven, behind},
};
use crate::{
    id::{PaperKeyId, RecoveryUserId, UserId},
    moment::Moment,
    ownership::actor::Actor,
    recovery::{
        ballot::{Ballot, Choice, Elector},
        case::{Case, Extension, Opener, Redeemed, Rejection, State},
        policy::BallotWay,
        quorum::Quorum,
        terms::{Terms, TermsHash},
    },
};

/// A case as its entries tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseReplay {
    pub(super) case: Case,
    /// The hashes of what proves the ballots that somebody signed, for each elector the last.
    evidence: BTreeMap<UserId, Hash>,
    /// What stands behind the ballots that came in mails, for each elector the last.
    pub(super) mailed: BTreeMap<UserId, Result<Behind, NotProven>>,
    /// Which members redeemed paper keys, for entries that are too old to say.
    members: BTreeMap<RecoveryUserId, UserId>,
}

/// Why an entry cannot follow.
type Wrong = &'static str;

const NOT_READABLE: Wrong = "what it says of it cannot be read";
const OTHER_STATE: Wrong = "the case was in another state";
const OTHER_TERMS: Wrong = "it is for other terms";
const OTHER_MOMENT: Wrong = "the moments that it names are not those of the terms";
const NOT_THEIRS: Wrong = "whoever did it could not";
const OTHER_COUNT: Wrong = "the count is another";

impl CaseReplay {
    /// Begins with the entry that opens the case, and the canonical text of its terms.
    ///
    /// # Errors
    /// [`CaseBroken::NotOpened`].
    pub fn open(terms_text: &str, opened: &Entry) -> Result<Self, CaseBroken> {
        let canonical = |terms: &Terms| terms.canonical().is_ok_and(|text| text == terms_text);
        let terms = serde_json::from_str(terms_text).ok().filter(canonical);
        let terms = terms.ok_or(CaseBroken::NotOpened { seq: opened.seq })?;
        Self::begin(terms, TermsHash::of(terms_text), opened)
    }

    /// Begins with the entry that opens a case that the tables have. Of that they are believed that its terms have their hash.
    ///
    /// # Errors
    /// [`CaseBroken::NotOpened`].
    pub fn of(stored: &Case, opened: &Entry) -> Result<Self, CaseBroken> {
        Ok(Self::begin(stored.terms.clone(), stored.terms_hash, opened)?.with_members_of(stored))
    }

    fn begin(terms: Terms, terms_hash: TermsHash, opened: &Entry) -> Result<Self, CaseBroken> {
        Self::opened(terms, terms_hash, opened).ok_or(CaseBroken::NotOpened { seq: opened.seq })
    }

    fn opened(terms: Terms, terms_hash: TermsHash, opened: &Entry) -> Option<Self> {
        let same = opened.kind == "case.opened"
            && (opened.account, opened.case, opened.at) == (terms.account, Some(terms.case), terms.opened_at)
            && opened.user == Some(terms.nominee.id)
            && value::<TermsHash>(opened, "terms_hash").ok()? == terms_hash
            && value::<BTreeSet<UserId>>(opened, "electorate").ok()? == terms.electorate
            && value::<u32>(opened, "required").ok()? == terms.required;
        let opener = match opened.actor {
            Actor::User { user } => Opener::Administrator(user),
            Actor::RecoveryUser { recovery_user } => Opener::RecoveryUser(recovery_user),
            Actor::Operator { .. } | Actor::Platform { .. } | Actor::Service => return None,
        };
        let electors = terms.electorate.iter().map(|user| (*user, Elector::default())).collect();
        let case = Case {
            terms,
            terms_hash,
            opener,
            electors,
            redeemed: BTreeMap::new(),
            accepted_at: None,
            state: State::Collecting,
            pauses: 0,
            extension: Extension::Unused,
            reminders: 0,
            warned: 0,
        };
        same.then_some(Self { case, evidence: BTreeMap::new(), mailed: BTreeMap::new(), members: BTreeMap::new() })
    }

    /// Takes the tables' word for which member redeemed a paper key, where an entry does not say, because it is older than that
    /// entries say it. A false word does not carry a case: it can only take the ballot of one more person out of the count.
    fn with_members_of(self, stored: &Case) -> Self {
        let members = stored.redeemed.iter().filter_map(|(by, redeemed)| Some((*by, redeemed.member?))).collect();
        Self { members, ..self }
    }

    /// Takes in the next entry about the case.
    ///
    /// # Errors
    /// [`CaseBroken::Impossible`].
    pub fn next(&mut self, entry: &Entry) -> Result<(), CaseBroken> {
        let impossible = |why| CaseBroken::Impossible { seq: entry.seq, kind: entry.kind.clone(), why };
        self.take(entry).map_err(impossible)
    }

    /// The same, with the mail that the entry commits to, if there is one. What is wrong with a mail is told by [`Self::compare`]: another ballot
    /// may follow.
    ///
    /// # Errors
    /// [`CaseBroken::Impossible`].
    pub fn next_with(&mut self, entry: &Entry, mail: Option<&str>) -> Result<(), CaseBroken> {
        self.next(entry)?;
        if let Some(elector) = entry.user.filter(|_| entry.kind == "case.ballot_cast") {
            self.mailed.insert(elector, behind(&self.case, elector, entry, mail));
        }
        Ok(())
    }

    fn take(&mut self, entry: &Entry) -> Result<(), Wrong> {
        if (entry.account, entry.case) != (self.case.terms.account, Some(self.case.terms.case)) {
            return Err("it is about another case");
        }
        if self.case.state.is_final() && entry.kind.starts_with("case.") {
            return Err("the case had ended");
        }
        if entry.owners.is_some() && entry.kind != "case.completed" {
            return Err("only the end of a case changes owners");
        }
        match entry.kind.as_str() {
            "case.ballot_cast" => self.cast(entry),
            "case.ballot_taken_back" => self.elector(entry).map(|elector| elector.ballot = None),
            "case.ballot_lost" => self.elector(entry).map(|elector| elector.lost_at = Some(entry.at)),
            "case.key_redeemed" => self.redeemed(entry),
            "case.key_lost" => self.key_lost(entry),
            "case.accepted" => self.accepted(entry),
            "case.quorum_reached" => self.quorum_reached(entry),
            "case.fell_short" => self.fell_short(),
            "case.paused" => self.paused(entry),
            "case.resumed" => self.resumed(entry),
            "case.extended" => self.extended(entry),
            "case.completed" => self.completed(entry),
            "case.vetoed" => self.vetoed(entry),
            "case.rejected" => {
                let reason: Rejection = value(entry, "reason")?;
                self.case.state = State::Rejected { at: entry.at, reason };
                Ok(())
            }
            "case.expired" => self.expired(entry),
            "case.withdrawn" => self.withdrawn(entry),
            "case.reminded" | "case.owners_reminded" => Ok(()),
            other if other.starts_with("case.") => Err("nothing of that kind happens to a case"),
            // What else happens because of a case, such as an offer of ownership that it cancels, changes nothing in it.
            _ => Ok(()),
        }
    }

    fn elector(&mut self, entry: &Entry) -> Result<&mut Elector, Wrong> {
        let user = entry.user.ok_or(NOT_READABLE)?;
        let elector = self.case.electors.get_mut(&user).ok_or("they are not in the electorate")?;
        if elector.lost_at.is_some() { Err("their ballot was lost before") } else { Ok(elector) }
    }

    fn cast(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let terms_hash: TermsHash = value(entry, "terms_hash")?;
        let (choice, way): (Choice, BallotWay) = (value(entry, "choice")?, value(entry, "way")?);
        if terms_hash != self.case.terms_hash {
            return Err(OTHER_TERMS);
        }
        if !self.case.terms.policy.takes(way) {
            return Err("the policy takes no ballots of that way");
        }
        let user = entry.user.ok_or(NOT_READABLE)?;
        if entry.actor != (Actor::User { user }) {
            return Err(NOT_THEIRS);
        }
        self.elector(entry)?.ballot = Some(Ballot { choice, terms_hash, cast_at: entry.at, way });
        match maybe::<Hash>(entry, "signature")? {
            Some(hash) => self.evidence.insert(user, hash),
            None if way == BallotWay::Passkey => return Err("a signed ballot has no signature"),
            None => self.evidence.remove(&user),
        };
        Ok(())
    }

    fn redeemed(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let (by, key): (RecoveryUserId, PaperKeyId) = (value(entry, "recovery_user")?, value(entry, "key")?);
        if value::<TermsHash>(entry, "terms_hash")? != self.case.terms_hash {
            return Err(OTHER_TERMS);
        }
        // An entry that says that it was nobody of the account has `null`; one that is silent is old.
        let member = maybe(entry, "member")?.unwrap_or_else(|| self.members.get(&by).copied());
        let redeemed = Redeemed { key, at: entry.at, member, lost_at: None };
        let again = self.case.redeemed.insert(by, redeemed).is_some();
        if again { Err("they had redeemed a key before") } else { Ok(()) }
    }

    fn key_lost(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let of: RecoveryUserId = value(entry, "recovery_user")?;
        let redeemed = self.case.redeemed.get_mut(&of).ok_or("they had redeemed no key")?;
        redeemed.lost_at = Some(entry.at);
        Ok(())
    }

    fn accepted(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let nominee = self.case.terms.nominee.id;
        if entry.user != Some(nominee) || entry.actor != (Actor::User { user: nominee }) {
            return Err(NOT_THEIRS);
        }
        self.case.accepted_at = Some(entry.at);
        Ok(())
    }

    fn quorum(&self, entry: &Entry) -> Result<Quorum, Wrong> {
        let quorum = Quorum::reached(&self.case).ok_or(OTHER_COUNT)?;
        if value::<u32>(entry, "approvals")? == quorum.approvals() { Ok(quorum) } else { Err(OTHER_COUNT) }
    }

    fn quorum_reached(&mut self, entry: &Entry) -> Result<(), Wrong> {
        self.quorum(entry)?;
        let due_at: Moment = value(entry, "due_at")?;
        let periods = i32::try_from(self.case.pauses).map_err(|_| NOT_READABLE)?.saturating_add(1);
        if self.case.state != State::Collecting {
            return Err(OTHER_STATE);
        }
        if due_at != entry.at.after(self.case.terms.waiting_period().saturating_mul(periods)) {
            return Err(OTHER_MOMENT);
        }
        self.case.state = State::Waiting { since: entry.at, due_at };
        self.case.extension = Extension::Unused;
        Ok(())
    }

    fn fell_short(&mut self) -> Result<(), Wrong> {
        if !self.case.state.holds_place() {
            return Err(OTHER_STATE);
        }
        if Quorum::reached(&self.case).is_some() {
            return Err(OTHER_COUNT);
        }
        self.case.state = State::Collecting;
        Ok(())
    }

    fn paused(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let State::Waiting { since, due_at } = self.case.state else { return Err(OTHER_STATE) };
        self.owner(entry)?;
        let period = self.case.terms.waiting_period();
        let (until, later): (Moment, Moment) = (value(entry, "until")?, value(entry, "due_at")?);
        if (until, later) != (entry.at.after(period), due_at.after(period)) {
            return Err(OTHER_MOMENT);
        }
        self.case.pauses += 1;
        if self.case.pauses > self.case.terms.policy.pauses {
            return Err("the policy has no further pause");
        }
        self.case.state = State::Paused { since, until, due_at: later };
        Ok(())
    }

    fn resumed(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let State::Paused { since, until, due_at } = self.case.state else { return Err(OTHER_STATE) };
        if until > entry.at || value::<Moment>(entry, "due_at")? != due_at {
            return Err(OTHER_MOMENT);
        }
        self.case.state = State::Waiting { since, due_at };
        Ok(())
    }

    fn extended(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let State::Waiting { since, due_at } = self.case.state else { return Err(OTHER_STATE) };
        let later: Moment = value(entry, "due_at")?;
        if due_at > entry.at || later != entry.at.after(self.case.terms.waiting_period()) {
            return Err(OTHER_MOMENT);
        }
        if self.case.extension == Extension::Used {
            return Err("it was prolonged before");
        }
        self.case.extension = Extension::Used;
        self.case.state = State::Waiting { since, due_at: later };
        Ok(())
    }

    fn completed(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let State::Waiting { due_at, .. } = self.case.state else { return Err(OTHER_STATE) };
        self.quorum(entry)?;
        if due_at > entry.at {
            return Err(OTHER_MOMENT);
        }
        let terms = &self.case.terms;
        let change = entry.owners.as_ref().ok_or("it changes no owners")?;
        if value::<TermsHash>(entry, "terms_hash")? != self.case.terms_hash {
            return Err(OTHER_TERMS);
        }
        if change.added != BTreeSet::from([terms.nominee.id]) || change.removed != terms.removed_owners() {
            return Err("the owners are not those of the terms");
        }
        self.case.state = State::Completed { at: entry.at };
        Ok(())
    }

    fn vetoed(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let by = self.owner(entry)?;
        self.case.state = State::Vetoed { at: entry.at, by };
        Ok(())
    }

    fn expired(&mut self, entry: &Entry) -> Result<(), Wrong> {
        if self.case.state != State::Collecting {
            return Err(OTHER_STATE);
        }
        if entry.at < self.case.terms.closes_at() {
            return Err(OTHER_MOMENT);
        }
        if Quorum::reached(&self.case).is_some() {
            return Err(OTHER_COUNT);
        }
        self.case.state = State::Expired { at: entry.at };
        Ok(())
    }

    fn withdrawn(&mut self, entry: &Entry) -> Result<(), Wrong> {
        if self.case.state != State::Collecting {
            return Err(OTHER_STATE);
        }
        if self.case.opener.administrator() != entry.actor.person() {
            return Err(NOT_THEIRS);
        }
        self.case.state = State::Withdrawn { at: entry.at };
        Ok(())
    }

    /// The owner in the terms who did it.
    fn owner(&self, entry: &Entry) -> Result<UserId, Wrong> {
        entry.actor.person().filter(|user| self.case.terms.owner_ids().contains(user)).ok_or(NOT_THEIRS)
    }

    /// The case as the log tells it. How many reminders went out is not told.
    #[must_use]
    pub const fn case(&self) -> &Case {
        &self.case
    }

    /// The hash of what proves an elector's last ballot, where they signed it.
    #[must_use]
    pub fn evidence(&self, elector: UserId) -> Option<Hash> {
        self.evidence.get(&elector).copied()
    }
}

/// A value of an entry.
fn value<T: DeserializeOwned>(entry: &Entry, name: &str) -> Result<T, Wrong> {
    maybe(entry, name)?.ok_or(NOT_READABLE)
}

/// A value that an entry need not have.
fn maybe<T: DeserializeOwned>(entry: &Entry, name: &str) -> Result<Option<T>, Wrong> {
    entry.data.get(name).map(|found| serde_json::from_value(found.clone()).map_err(|_| NOT_READABLE)).transpose()
}
