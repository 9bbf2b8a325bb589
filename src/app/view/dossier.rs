//! Everything that the page of a case shows, read in one snapshot, so that the count, the record and the offered acts
//! tell of the same moment.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{
    account::AccountView,
    activity::{self, EntryView},
    case::CaseView,
    mail::{self, MailView},
    outlook::{self, ByMail, Outlook},
};
use crate::{
    app::{
        app::App,
        error::Error,
        principal::Principal,
        rights::{self, KeyHolders},
        tell_case,
    },
    id::{CaseId, RecoveryUserId, UserId},
    mail::facts::{self, AccountFacts, CaseFacts},
    moment::Moment,
    ownership::address::Email,
    recovery::case::{Case, Opener},
    store::{
        docket,
        entries::Filter,
        links,
        mails::Contact,
        scene::{self, Scene},
        tx::Tx,
        users,
    },
};

/// A case with everything around it.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// As the API shows it.
    pub view: CaseView,
    /// The case itself.
    pub case: Case,
    /// As mails tell of it.
    pub facts: CaseFacts,
    /// The account whose ownership would change.
    pub account: AccountView,
    /// What happened, in order. It ends after [`LONGEST`] entries.
    pub timeline: Vec<EntryView>,
    /// Every mail about the case, the first queued first.
    pub mails: Vec<MailView>,
    /// Everybody who is named above.
    pub people: BTreeMap<UserId, facts::Person>,
    /// The names of those who redeemed paper keys.
    pub redeemers: BTreeMap<RecoveryUserId, String>,
    /// Who reads.
    pub reader: Option<UserId>,
    /// What they could do now.
    pub outlook: Option<Outlook>,
    /// Where a mail of theirs would go that counts as their approval; nothing where none would.
    pub votes_go_to: Option<Email>,
    /// How far they get.
    pub reach: Reach,
    /// How far the case has come, for [`super::live`].
    pub stand: String,
    /// When this was read.
    pub now: Moment,
}

/// How far the reader of a case gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// They may read the account too.
    Account,
    /// They have a part in the case, and no access to the account any more.
    CaseAlone,
}

/// How many entries a timeline shows. A case has some dozens; somebody who votes again and again could make it longer.
pub const LONGEST: usize = 1_000;
const BATCH: i64 = 200;

/// A case with everything around it, for whoever may read it.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn dossier(app: &App, principal: &Principal, id: CaseId) -> Result<Dossier, Error> {
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let scene =
        scene::load(tx, id, principal.person_and_reach().ok().map(|(user, _)| user)).await?.ok_or(Error::NotFound)?;
    let account = scene.account.id;
    rights::may_read_case(tx, principal, account, &scene.case).await?;
    let now = app.now();
    let case = &scene.case.case;
    let timeline = timeline(tx, case).await?;
    let people = people(tx, &scene, &timeline).await?;
    let opener = match case.opener {
        Opener::Administrator(user) => people.get(&user).cloned(),
        Opener::RecoveryUser(user) => scene.redeemers.get(&user).map(|name| tell_case::recovery_user(name)),
    };
    let opener = opener.ok_or(Error::NotFound)?;
    let outlook = Box::pin(outlook::outlook(tx, principal, &scene, now)).await?;
    let by_mail = outlook.as_ref().map_or(ByMail::ChangesNothing, |outlook| outlook.approve_by_mail);
    Ok(Dossier {
        view: CaseView::of(case, &scene.people, &scene.redeemers),
        facts: tell_case::facts_of(case, AccountFacts { id: account, name: scene.account.name.clone() }, opener),
        account: AccountView::from(&scene.account),
        mails: mail::all_of_case(tx, principal, account, id).await?,
        votes_go_to: votes_go_to(app, tx, principal, case.id(), by_mail).await?,
        outlook,
        reader: principal.person_and_reach().ok().map(|(user, _)| user),
        reach: match rights::may_read(tx, principal, account).await {
            Ok(()) => Reach::Account,
            Err(Error::Internal(error)) => return Err(error.into()),
            Err(_) => Reach::CaseAlone,
        },
        stand: docket::stand(tx, id).await?.ok_or(Error::NotFound)?.to_string(),
        redeemers: scene.redeemers.clone(),
        case: case.clone(),
        timeline,
        people,
        now,
    })
}

/// Where a mail would go by which the reader approves. Who has said that a ballot by mail was not theirs casts none by mail.
async fn votes_go_to(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    case: CaseId,
    by_mail: ByMail,
) -> Result<Option<Email>, Error> {
    let (Some(address), ByMail::Counts) = (&app.inbound, by_mail) else { return Ok(None) };
    let disowned = links::ballot_is_dead(tx, case, principal.person_everywhere()?).await?;
    Ok(Some(address.clone()).filter(|_| !disowned))
}

async fn timeline(tx: &mut Tx, case: &Case) -> Result<Vec<EntryView>, Error> {
    let mut timeline: Vec<EntryView> = Vec::new();
    while timeline.len() < LONGEST {
        let after = timeline.last().map_or(0, |last| i64::try_from(last.entry.seq).unwrap_or(i64::MAX));
        let filter = Filter { after, case: Some(case.id()), ..Filter::default() };
        let more = activity::entries(tx, case.terms.account, KeyHolders::Unnamed, &filter, BATCH).await?;
        if more.is_empty() {
            break;
        }
        timeline.extend(more);
    }
    Ok(timeline)
}

/// Whom the case concerns, and whoever acted. Owners and nominee keep the name that stands in the terms.
async fn people(tx: &mut Tx, scene: &Scene, timeline: &[EntryView]) -> Result<BTreeMap<UserId, facts::Person>, Error> {
    let named = |contact: &Contact| facts::Person { name: contact.name.clone(), address: contact.email.clone() };
    let mut people: BTreeMap<_, _> = scene.people.iter().map(|(user, contact)| (*user, named(contact))).collect();
    let acted = timeline.iter().flat_map(|line| [line.entry.actor.person(), line.entry.user]);
    let acted: Vec<UserId> = acted.flatten().collect();
    for user in acted {
        if let Entry::Vacant(free) = people.entry(user) {
            free.insert(named(&users::contact(tx, user).await?));
        }
    }
    let terms = &scene.case.case.terms;
    for person in terms.owners.iter().chain([&terms.nominee]) {
        people.insert(person.id, facts::Person { name: person.name.clone(), address: person.email.clone() });
    }
    Ok(people)
}
