//! Everything that the page of a case shows, read in one snapshot, so that the count, the record and the offered acts
//! tell of the same moment.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{
    account::AccountView,
    activity::{self, EntryView},
    case::{self, CaseView},
    mail::{self, MailView},
    outlook::{self, Outlook},
};
use crate::{
    app::{app::App, error::Error, principal::Principal, rights, tell_case},
    id::{CaseId, UserId},
    mail::facts::{self, AccountFacts, CaseFacts},
    moment::Moment,
    recovery::case::Case,
    store::{accounts, activity::Filter, cases, tx::Tx, users},
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
    /// Who reads.
    pub reader: Option<UserId>,
    /// What they could do now.
    pub outlook: Option<Outlook>,
    /// How far they get.
    pub reach: Reach,
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
    let account = rights::account_of_case(tx, id).await?;
    let stored = cases::load(tx, id).await?.ok_or(Error::NotFound)?;
    rights::may_read_case(tx, principal, account, &stored).await?;
    let account = accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    let now = app.now();
    let case = stored.case.clone();
    let timeline = timeline(tx, &case).await?;
    let people = people(tx, &case, &timeline).await?;
    let opener = people.get(&case.opener).cloned().ok_or(Error::NotFound)?;
    Ok(Dossier {
        view: case::view(tx, stored).await?,
        facts: tell_case::facts_of(&case, AccountFacts { id: account.id, name: account.name.clone() }, opener),
        account: AccountView::from(&account),
        mails: mail::all_of_case(tx, principal, account.id, id).await?,
        outlook: outlook::outlook(tx, principal, &case, now).await?,
        reader: principal.person().ok(),
        reach: match rights::may_read(tx, principal, account.id).await {
            Ok(()) => Reach::Account,
            Err(Error::Internal(error)) => return Err(error.into()),
            Err(_) => Reach::CaseAlone,
        },
        timeline,
        people,
        case,
        now,
    })
}

async fn timeline(tx: &mut Tx, case: &Case) -> Result<Vec<EntryView>, Error> {
    let mut timeline: Vec<EntryView> = Vec::new();
    while timeline.len() < LONGEST {
        let after = timeline.last().map_or(0, |last| i64::try_from(last.entry.seq).unwrap_or(i64::MAX));
        let filter = Filter { after, case: Some(case.id()), actor: None };
        let more = activity::entries(tx, case.terms.account, filter, None, BATCH).await?;
        if more.is_empty() {
            break;
        }
        timeline.extend(more);
    }
    Ok(timeline)
}

/// Electors, opener, and whoever acted. Owners and nominee keep the name that stands in the terms.
async fn people(tx: &mut Tx, case: &Case, timeline: &[EntryView]) -> Result<BTreeMap<UserId, facts::Person>, Error> {
    let mut people = BTreeMap::new();
    for person in case.terms.owners.iter().chain([&case.terms.nominee]) {
        people.insert(person.id, facts::Person { name: person.name.clone(), address: person.email.clone() });
    }
    let acted = timeline.iter().flat_map(|line| [line.entry.actor.person(), line.entry.user]).flatten();
    let named: Vec<UserId> = case.electors.keys().copied().chain([case.opener]).chain(acted).collect();
    for user in named {
        if let Entry::Vacant(free) = people.entry(user) {
            let contact = users::contact(tx, user).await?;
            free.insert(facts::Person { name: contact.name, address: contact.email });
        }
    }
    Ok(people)
}
