//! Looking entries up: whatever is asked for, what the indexes give is what reading everything would have given.

use jiff::SignedDuration;
use quorate::{
    activity::{entry::Entry, topic},
    id::{AccountId, CaseId, UserId},
    ownership::actor::Actor,
    store::entries::{Filter, Order, list, narrow},
};
use uuid::Uuid;

use crate::{
    harness::{
        TestDb,
        every_entry::{Cast, draft, write},
        on_both,
    },
    web::site::House,
};

on_both!(what_is_found_is_what_there_is, moments_become_numbers);

fn id(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

fn case(number: u128) -> CaseId {
    CaseId::from_uuid(Uuid::from_u128(number))
}

/// Two hundred entries, of every kind, by three people about three people in two cases, and some by nobody.
async fn log(test: TestDb) -> (House, AccountId, Vec<Entry>) {
    let house = House::operated(test).await;
    let new = serde_json::json!({"name": "Acme", "preset": "single-owner",
        "first_user": {"name": "Olga", "email": "olga@example.org"}});
    let made = house.call("POST", "/v1/accounts", &house.operator, Some(new)).await.json();
    let account: AccountId = made["id"].as_str().unwrap().parse().unwrap();
    let kinds: Vec<&'static str> = topic::kinds().collect();
    let drafts = (0..200_u128).map(|number| {
        let cast = Cast { by: id(1 + number % 3), about: id(1 + number / 3 % 3), case: case(1 + number / 9 % 2) };
        let draft = draft(kinds[usize::try_from(number * 7).unwrap() % kinds.len()], cast);
        if number % 11 == 0 { quorate::activity::entry::Draft { actor: Actor::Service, ..draft } } else { draft }
    });
    write(&house.site.app, account, drafts.collect()).await;
    let mut tx = house.site.app.db.read().await.unwrap();
    let lines = list(&mut tx, account, &Filter::default(), 1000).await.unwrap();
    drop(tx);
    let entries = lines.iter().map(|line| line.entry().unwrap()).collect();
    (house, account, entries)
}

fn fits(filter: &Filter, entry: &Entry) -> bool {
    let seq = i64::try_from(entry.seq).unwrap();
    seq > filter.after
        && seq <= filter.until
        && filter.case.is_none_or(|case| entry.case == Some(case))
        && filter.actor.is_none_or(|actor| entry.actor.person() == Some(actor))
        && filter.person.is_none_or(|person| entry.actor.person() == Some(person) || entry.user == Some(person))
        && (filter.kinds.is_empty() || filter.kinds.contains(&entry.kind.as_str()))
        && filter.from.is_none_or(|from| entry.at >= from)
        && filter.before.is_none_or(|before| entry.at < before)
}

async fn what_is_found_is_what_there_is(test: TestDb) {
    let (house, account, all) = log(test).await;
    let middle = all[100].at;
    let mut found_some = 0;
    for case in [None, Some(case(1)), Some(case(9))] {
        for actor in [None, Some(id(2))] {
            for person in [None, Some(id(1)), Some(id(9))] {
                for kinds in [vec![], vec!["case.ballot_cast", "case.opened", "member.left"], vec!["webhook.added"]] {
                    for (after, until) in [(0, i64::MAX), (20, 150)] {
                        for (from, before) in [(None, None), (Some(middle), None), (None, Some(middle))] {
                            for order in [Order::OldestFirst, Order::NewestFirst] {
                                let kinds = kinds.clone();
                                let filter = Filter { after, until, case, actor, person, kinds, from, before, order };
                                found_some += check(&house, account, &all, &filter).await;
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(found_some > 150, "most filters find nothing: {found_some}");
}

async fn check(house: &House, account: AccountId, all: &[Entry], filter: &Filter) -> usize {
    let mut tx = house.site.app.db.read().await.unwrap();
    let found = list(&mut tx, account, filter, 5).await.unwrap();
    let found: Vec<u64> = found.iter().map(|line| line.entry().unwrap().seq).collect();
    let mut expected: Vec<u64> = all.iter().filter(|entry| fits(filter, entry)).map(|entry| entry.seq).collect();
    if filter.order == Order::NewestFirst {
        expected.reverse();
    }
    expected.truncate(5);
    assert_eq!(found, expected, "{filter:?}");
    usize::from(!found.is_empty())
}

async fn moments_become_numbers(test: TestDb) {
    let (house, account, all) = log(test).await;
    let head = all.last().unwrap().seq;
    let app = &house.site.app;
    for (place, second) in [(0, -1), (0, 0), (1, 0), (150, 0), (150, 1), (199, 0), (200, 0), (200, 1)] {
        let moment = all[place].at.after(SignedDuration::from_secs(second));
        let mut tx = app.db.read().await.unwrap();
        let (mut from, mut before) =
            (Filter { from: Some(moment), ..Filter::default() }, Filter { before: Some(moment), ..Filter::default() });
        narrow(&mut tx, account, head, &mut from).await.unwrap();
        narrow(&mut tx, account, head, &mut before).await.unwrap();
        let mut page = Filter { after: 120, until: 130, from: Some(moment), before: Some(moment), ..Filter::default() };
        narrow(&mut tx, account, head, &mut page).await.unwrap();
        drop(tx);
        let earlier = i64::try_from(all.iter().filter(|entry| entry.at < moment).count()).unwrap();
        assert_eq!((from.after, before.until), ((earlier - 100).max(0), earlier + 100), "{place} {second}");
        // Whoever asks for the next page by its number gets no more for it.
        assert_eq!((page.after, page.until), (from.after.max(120), before.until.min(130)), "{place} {second}");
    }
}
