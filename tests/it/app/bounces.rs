//! Mails that come back, and what that means for a case that rests on their having been accepted.

use quorate::{
    app::{
        record_bounce::{Recorded, record_bounce},
        view::mail::of_case,
    },
    id::MailId,
    inbound::bounce::NotAReport,
    mail::return_path::ReturnPath,
    recovery::case::Case,
    store::{mails::Status, outbox},
};
use serde_json::json;

use crate::{
    harness::{
        TestDb, on_both,
        world::{Team, World, hours, signed_in},
    },
    inbound::bounce::report,
};

on_both!(
    an_alert_that_came_back_is_no_notice,
    a_reminder_that_arrived_is,
    an_owner_who_stays_silent_was_told,
    only_the_mail_itself_is_reported_on,
    what_never_left_does_not_come_back,
);

const FAILED: &str = "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 nobody of that name";

async fn waiting(world: &World) -> (Team, Case) {
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let case = world.approve(&case, &team.admins[..3]).await;
    assert_eq!(case.state.word(), "waiting");
    (team, case)
}

fn return_path(world: &World, mail: MailId) -> String {
    "bounces@quorate.example".parse::<ReturnPath>().unwrap().of(mail, &world.app.secret)
}

async fn bounce(world: &World, mail: MailId, fields: &str) -> Recorded {
    record_bounce(&world.app, &return_path(world, mail), report(fields).as_bytes()).await.unwrap()
}

/// The alerts to the owner about the quorum, the first one first.
async fn alerts(world: &World, team: &Team) -> Vec<outbox::Entry> {
    let letters = world.letters(team.id, team.owner, "owner_alert").await;
    let entries = letters.into_iter().map(|letter| letter.entry);
    entries.filter(|entry| entry.event.is_some()).collect()
}

async fn an_alert_that_came_back_is_no_notice(test: TestDb) {
    let world = World::new(test);
    let (team, case) = waiting(&world).await;
    world.deliver().await;
    let [alert] = &alerts(&world, &team).await[..] else { panic!("one alert") };
    assert_eq!(alert.status, Status::Accepted);
    // It comes late, and before the end.
    world.advance(hours(71));
    assert_eq!(bounce(&world, alert.id, FAILED).await, Recorded::Bounced { mail: alert.id });
    let [back] = &alerts(&world, &team).await[..] else { panic!() };
    assert_eq!((back.status, back.next_at, back.accepted_at), (Status::Bounced, None, alert.accepted_at));
    assert_eq!(back.bounce, Some((world.app.now(), "550 5.1.1 nobody of that name".to_owned())));
    world.advance(hours(1));
    world.tick().await;
    assert_eq!(world.state(&case).await, "waiting", "the waiting period runs once more");
    let extended = world.lines(&case, "case.extended").await;
    let why = json!([{"user": team.owner, "why": "bounced"}]);
    assert_eq!(extended[0].entry().unwrap().data["unreached"], why);
    // The alert about that comes back as well.
    world.deliver().await;
    for alert in alerts(&world, &team).await {
        bounce(&world, alert.id, FAILED).await;
    }
    world.advance(hours(72));
    world.tick().await;
    assert_eq!(world.state(&case).await, "completed");
    let completed = world.lines(&case, "case.completed").await;
    let data = &completed[0].entry().unwrap().data;
    assert_eq!((&data["notice"], &data["unreached"]), (&json!("missing"), &why));
    world.check(team.id).await;

    // Whoever may see the addresses reads what the report says.
    let seen = of_case(&world.app, &signed_in(team.admins[1]), case.id(), None, 200).await.unwrap();
    let seen = seen.into_iter().find(|mail| mail.id == alert.id).unwrap();
    assert_eq!((seen.status, seen.bounce.as_deref()), ("bounced", Some("550 5.1.1 nobody of that name")));
    let other = of_case(&world.app, &world.platform(None).await, case.id(), None, 200).await.unwrap();
    let other = other.into_iter().find(|mail| mail.id == alert.id).unwrap();
    assert_eq!((other.status, other.bounce, other.bounced_at), ("bounced", None, seen.bounced_at));
}

async fn a_reminder_that_arrived_is(test: TestDb) {
    let world = World::new(test);
    let (team, case) = waiting(&world).await;
    world.deliver().await;
    let [alert] = &alerts(&world, &team).await[..] else { panic!("one alert") };
    bounce(&world, alert.id, FAILED).await;
    world.advance(hours(36));
    world.sweep().await;
    world.advance(hours(36));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "completed");
    let completed = world.lines(&case, "case.completed").await;
    let data = &completed[0].entry().unwrap().data;
    assert_eq!((&data["notice"], data.get("unreached")), (&json!("in_time"), None));
    world.check(team.id).await;
}

async fn an_owner_who_stays_silent_was_told(test: TestDb) {
    let world = World::new(test);
    let (team, case) = waiting(&world).await;
    world.deliver().await;
    let [alert] = &alerts(&world, &team).await[..] else { panic!("one alert") };
    for (fields, verdict) in
        [("Action: delayed\nStatus: 4.4.1", "delayed"), ("Action: delivered\nStatus: 2.0.0", "delivered")]
    {
        assert_eq!(bounce(&world, alert.id, fields).await, Recorded::NothingWrong { mail: alert.id }, "{verdict}");
    }
    let away = "From: Olga <olga@acme.example>\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n";
    let heard = record_bounce(&world.app, &return_path(&world, alert.id), away.as_bytes()).await.unwrap();
    assert_eq!(heard, Recorded::NoReport { why: NotAReport::SomethingElse, mail: alert.id });
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "completed");
    let completed = world.lines(&case, "case.completed").await;
    let data = &completed[0].entry().unwrap().data;
    assert_eq!((&data["notice"], data.get("unreached")), (&json!("in_time"), None));
    assert_eq!(world.entries(&case, "case.extended").await, 0);
}

async fn only_the_mail_itself_is_reported_on(test: TestDb) {
    let world = World::new(test);
    let (team, _) = waiting(&world).await;
    world.deliver().await;
    let [alert] = &alerts(&world, &team).await[..] else { panic!("one alert") };
    let genuine = return_path(&world, alert.id);
    let forged =
        genuine.replace(&world.app.secret.return_proof(alert.id), &world.app.secret.return_proof(world.app.id()));
    for address in ["", "bounces@quorate.example", "bounces+token@quorate.example", &forged] {
        let heard = record_bounce(&world.app, address, report(FAILED).as_bytes()).await.unwrap();
        assert_eq!(heard, Recorded::NotOurs, "{address}");
    }
    let unknown = world.app.id();
    assert_eq!(bounce(&world, unknown, FAILED).await, Recorded::AsBefore { mail: unknown });
    assert_eq!(alerts(&world, &team).await[0].status, Status::Accepted);
    // A second report says nothing new, and the first stands.
    world.advance(hours(1));
    assert_eq!(bounce(&world, alert.id, FAILED).await, Recorded::Bounced { mail: alert.id });
    let first = alerts(&world, &team).await[0].clone();
    world.advance(hours(1));
    assert_eq!(bounce(&world, alert.id, "Action: failed").await, Recorded::AsBefore { mail: alert.id });
    assert_eq!(alerts(&world, &team).await[0], first);
    let numbers = world.app.db.meter().text();
    assert!(numbers.contains("\nquorate_mails_total{outcome=\"bounced\"} 1\n"), "one mail came back: {numbers}");
}

async fn what_never_left_does_not_come_back(test: TestDb) {
    let world = World::new(test);
    let (team, _) = waiting(&world).await;
    let [alert] = &alerts(&world, &team).await[..] else { panic!("one alert") };
    assert_eq!(bounce(&world, alert.id, FAILED).await, Recorded::AsBefore { mail: alert.id });
    assert_eq!(alerts(&world, &team).await[0].status, Status::Queued);
    world.deliver().await;
    assert_eq!(alerts(&world, &team).await[0].status, Status::Accepted);
    // A mail whose server took it and could not say so any more has left.
    let lost = "update mails set status = 'queued', accepted_at = null, next_at = created_at where event = 'quorum'";
    world.script(lost).await;
    assert_eq!(bounce(&world, alert.id, FAILED).await, Recorded::Bounced { mail: alert.id });
    world.deliver().await;
    assert_eq!(alerts(&world, &team).await[0].status, Status::Bounced);
}
