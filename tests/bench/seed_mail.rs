//! Mails of the past: what the owner and three administrators were sent when a case opened, delivered long ago.

use quorate::{
    mail::{
        facts::{self, AccountFacts, CaseEvent, CaseFacts, CaseKind},
        message::Message,
    },
    recovery::{case::Case, terms::Person},
};

use super::{
    numbers::{self, Named},
    rows::Cell,
    seed::Rows,
};

/// Adds one such mail. `reader` has their number in the account.
pub fn opened(rows: &mut Rows, number: u64, case: &Case, reader: (u64, &Person), opener: &Person) {
    let at = case.terms.opened_at;
    let facts = facts(case, opener);
    let message = if reader.0 == 0 {
        Message::OwnerAlert { case: facts, event: CaseEvent::Opened, at, pause: None }
    } else {
        Message::BallotRequest { case: facts, link: None, answer: None, address_changed: None }
    };
    rows.add(
        "mails",
        vec![
            Cell::Id(numbers::uuid(Named::Mail, number)),
            Cell::Id(case.terms.account.uuid()),
            Cell::Id(case.id().uuid()),
            Cell::Id(reader.1.id.uuid()),
            Cell::Text(reader.1.email.clone()),
            Cell::Text(reader.1.name.clone()),
            Cell::Text(message.kind().to_owned()),
            Cell::Text(serde_json::to_string(&message).unwrap()),
            Cell::Text("accepted".to_owned()),
            Cell::Number(1),
            Cell::At(at),
            Cell::At(at),
            Cell::Text("250 queued".to_owned()),
        ],
    );
}

fn facts(case: &Case, opener: &Person) -> CaseFacts {
    let terms = &case.terms;
    let named = |person: &Person| facts::Person { name: person.name.clone(), address: person.email.clone() };
    CaseFacts {
        id: case.id(),
        account: AccountFacts { id: terms.account, name: "Account".to_owned() },
        kind: CaseKind::Replace,
        opener: named(opener),
        nominee: named(&terms.nominee),
        owners: terms.owners.iter().map(named).collect(),
        statement: terms.statement.clone(),
        electorate: u32::try_from(terms.electorate.len()).unwrap(),
        required: terms.required,
        approvals: 0,
        opened_at: terms.opened_at,
        closes_at: terms.closes_at(),
        due_at: None,
        waiting_period: terms.policy.waiting_period,
        keys: None,
    }
}
