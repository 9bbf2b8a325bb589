//! Votes by plain mail: what a mail that is its sender's own does to a case, and why it does not.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use quorate::{
    app::{
        act::Asked,
        app::App,
        create_account::CreateAccount,
        error::Error,
        invite::NewPerson,
        receive_mail::receive,
        redeem::{Answer, Done},
        set_time_zone::SetTimeZone,
        view::inbound_mail::{InboundMailView, list},
    },
    id::{LinkId, UserId},
    inbound::received::Received,
    jobs::prune,
    recovery::{ballot::Choice, case::Case, terms::Kind},
    store::inbound_mails::InboundMail,
    zone::Zone,
};
use serde_json::{Map, json};
use tokio_util::sync::CancellationToken;

use crate::harness::{
    TestDb,
    dkim::{Signer, Terms},
    dns::Records,
    on_both,
    world::{MICROSECOND, OPERATOR, Team, World, code, days, hours, refused, signed_in},
};

on_both!(
    three_of_five_suffice,
    the_request_is_answered,
    an_answer_is_taken_from_whoever_was_asked,
    a_mail_counts_once,
    a_mail_may_have_been_on_its_way_for_hours,
    a_mail_replaces_and_leaves_other_cases_alone,
    a_mail_names_exactly_the_people,
    a_mail_finds_one_account,
    a_mail_is_younger_than_the_case,
    what_the_rules_refuse_is_told,
    after_this_was_not_me_no_mail_counts,
    an_answer_tells_moments_as_its_reader_lives_them,
    only_whose_mail_it_is_gets_an_answer,
    what_cannot_be_judged_leaves_nothing,
    what_was_refused_is_forgotten,
    who_may_bring_mails_in,
);

pub const ADDRESS: &str = "votes@quorate.example";

/// Where mails come in: the DNS that is asked, with the key of everybody's domain in it.
pub struct Desk {
    pub records: Records,
    pub signer: Signer,
}

impl Desk {
    pub async fn open() -> Self {
        let (records, signer) = (Records::start().await, Signer::ed25519("example.org", 1));
        records.put(&signer.name(), &[&signer.record()]);
        Self { records, signer }
    }

    /// The service with mails coming in.
    pub fn app_on(&self, app: App) -> App {
        App { dns: self.records.dns(), inbound: Some(ADDRESS.parse().unwrap()), ..app }
    }

    /// A mail of somebody's to us, written now and signed.
    pub async fn mail_of(&self, world: &World, user: UserId, words: &str) -> String {
        self.mail_to(world, user, ADDRESS, words).await
    }

    pub async fn mail_to(&self, world: &World, user: UserId, to: &str, words: &str) -> String {
        let person = world.person(user).await;
        self.signer.sign(&written(world, &format!("{} <{}>", person.name, person.email), to, words), &Terms::default())
    }

    pub async fn take(&self, world: &World, mail: &str) -> Result<InboundMail, Error> {
        let app = self.app_on(world.app.clone());
        receive(&app, &OPERATOR, &Received::new(mail.as_bytes().to_vec())).await
    }

    /// It counts, in that case.
    pub async fn counts(&self, world: &World, mail: &str) -> InboundMailView {
        let view = InboundMailView::from(self.take(world, mail).await.unwrap());
        assert_eq!(view.verdict, "counted", "{view:?}");
        view
    }

    /// It does not count, for that reason.
    async fn is_refused(&self, world: &World, mail: &str, why: &str) -> InboundMailView {
        let view = InboundMailView::from(self.take(world, mail).await.unwrap());
        assert_eq!((view.verdict, view.reason.as_deref()), ("refused", Some(why)), "{view:?}");
        view
    }
}

/// A mail, written now and not signed.
pub fn written(world: &World, from: &str, to: &str, words: &str) -> String {
    // Ids are made of time and chance, so no two mails have the same name.
    let (now, id) = (world.app.now(), world.app.id::<quorate::id::kind::Mail>());
    let date = Timestamp::from_microsecond(now.micros()).unwrap().to_zoned(TimeZone::UTC);
    let date = date.strftime("%a, %d %b %Y %H:%M:%S +0000");
    format!("From: {from}\nTo: {to}\nSubject: Owner\nDate: {date}\nMessage-ID: <{id}@example.org>\n\n{words}\n")
}

/// The sentence of the document.
pub async fn sentence(world: &World, owner: UserId, nominee: UserId) -> String {
    let (owner, nominee) = (world.person(owner).await, world.person(nominee).await);
    format!(
        "The current account owner {} ({}) is not contactable and therefore {} ({}) should be made the new account owner.",
        owner.name, owner.email, nominee.name, nominee.email
    )
}

async fn the_case(world: &World, view: &InboundMailView) -> Case {
    world.case(view.case.unwrap()).await
}

async fn three_of_five_suffice(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let team = world.account("single-owner", 5).await;
    let (nominee, words) = (team.admins[1], sentence(&world, team.owner, team.admins[1]).await);

    let first = desk.counts(&world, &desk.mail_of(&world, team.admins[0], &words).await).await;
    let case = the_case(&world, &first).await;
    assert_eq!((case.state.word(), case.count().approvals, case.terms.required), ("collecting", 1, 3));
    assert_eq!((case.opener.administrator(), case.terms.nominee.id), (Some(team.admins[0]), nominee));
    assert_eq!((case.terms.kind, first.account), (Kind::Replace, Some(team.id)));
    assert_eq!(world.letters(team.id, team.admins[0], "ballot_receipt").await.len(), 1);
    assert_eq!(world.letters(team.id, team.owner, "owner_alert").await.len(), 1);

    for (voter, state) in [(team.admins[2], "collecting"), (team.admins[3], "waiting")] {
        world.advance(hours(1));
        let view = desk.counts(&world, &desk.mail_of(&world, voter, &words).await).await;
        assert_eq!(view.case, Some(case.id()), "one case for all of them");
        assert_eq!(world.state(&case).await, state);
    }
    let cast = world.lines(&case, "case.ballot_cast").await;
    assert_eq!(cast.len(), 3);
    assert!(cast.iter().all(|line| line.body.contains("\"plain_mail\"")), "{cast:?}");

    world.sweep().await;
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "completed");
    assert_eq!(world.owners(&team).await, BTreeSet::from([nominee]));
    world.check(team.id).await;
}

async fn the_request_is_answered(test: TestDb) {
    let (mut world, desk) = (World::new(test), Desk::open().await);
    world.app = desk.app_on(world.app.clone());
    let team = world.account("single-owner", 5).await;
    let [ben, cleo, dora, ..] = team.admins[..] else { panic!() };
    let case = world.open(&team, ben, cleo).await.unwrap();
    let request = world.letters(team.id, ben, "ballot_request").await.remove(0);
    assert!(request.text.contains("I approve") && request.text.contains("I reject"), "{}", request.text);

    let quoted = format!("> {}\n", request.text.trim_end().replace('\n', "\n> "));
    let answer = |yes: &str| format!("{yes}\n\nOn Monday, Quorate <quorate@quorate.example> wrote:\n{quoted}");
    let to = answer_address(&world, &team, ben).await;
    assert!(request.text.replace('\n', "").contains(&to.replace('\n', "")), "{to} is not in {}", request.text);
    let approval = desk.mail_to(&world, ben, &to, &answer("I approve")).await;
    desk.counts(&world, &approval).await;
    assert_eq!(world.case(case.id()).await.count().approvals, 1);
    desk.is_refused(&world, &approval, "replayed").await;
    world.advance(hours(1));
    desk.counts(&world, &desk.mail_to(&world, ben, &to, &answer("I reject")).await).await;
    assert_eq!(world.case(case.id()).await.count().rejections, 1, "they change their mind");
    let words = sentence(&world, team.owner, cleo).await;
    let to = answer_address(&world, &team, dora).await;
    desk.counts(&world, &desk.mail_to(&world, dora, &to, &words).await).await;
    assert_eq!(world.case(case.id()).await.count().approvals, 1);

    // Where no mails come in, nobody is asked to answer.
    let (before, quiet) = (world.app.clone(), App { inbound: None, ..world.app.clone() });
    world.app = quiet;
    let other = world.account("single-owner", 3).await;
    world.open(&other, other.admins[0], other.admins[1]).await.unwrap();
    let request = world.letters(other.id, other.admins[0], "ballot_request").await.remove(0);
    assert!(!request.text.contains("I approve"), "{}", request.text);
    world.app = before;
}

/// The address to which somebody was asked to answer.
pub async fn answer_address(world: &World, team: &Team, user: UserId) -> String {
    let link: LinkId = world.link(team.id, user, "ballot_request").await;
    format!("votes+{}@quorate.example", world.app.secret.answer_token(link))
}

async fn an_answer_is_taken_from_whoever_was_asked(test: TestDb) {
    let (mut world, desk) = (World::new(test), Desk::open().await);
    world.app = desk.app_on(world.app.clone());
    let team = world.account("single-owner", 5).await;
    let [ben, cleo, dora, ..] = team.admins[..] else { panic!() };
    let case = world.open(&team, ben, cleo).await.unwrap();
    let to = answer_address(&world, &team, dora).await;
    let mail = desk.mail_to(&world, ben, &to, "I approve").await;
    desk.is_refused(&world, &mail, "answer_of_somebody_else").await;
    let forged = to.replace(&to[to.len() - 20..to.len() - 18], "77");
    let mail = desk.mail_to(&world, dora, &forged, "I approve").await;
    desk.is_refused(&world, &mail, "answer_over").await;
    let mail = desk.mail_to(&world, dora, "votes+guess@quorate.example", "I approve").await;
    desk.is_refused(&world, &mail, "answer_over").await;
    let mail = desk.mail_of(&world, dora, "I approve").await;
    desk.is_refused(&world, &mail, "answer_to_nothing").await;
    // The sentence counts for the case whose address it went to, and so it must name that one's people.
    let words = sentence(&world, team.owner, dora).await;
    let mail = desk.mail_to(&world, dora, &to, &words).await;
    desk.is_refused(&world, &mail, "names_others").await;
    assert_eq!(world.case(case.id()).await.count().approvals, 0);

    world.veto(&case, team.owner).await.unwrap();
    let mail = desk.mail_to(&world, dora, &to, "I approve").await;
    desk.is_refused(&world, &mail, "answer_over").await;
    world.check(team.id).await;
}

async fn a_mail_may_have_been_on_its_way_for_hours(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let team = world.account("single-owner", 5).await;
    let words = sentence(&world, team.owner, team.admins[1]).await;
    let mail = desk.mail_of(&world, team.admins[0], &words).await;
    world.advance(hours(3));
    // It is older than the case that it opens itself.
    let case = the_case(&world, &desk.counts(&world, &mail).await).await;
    assert_eq!(case.count().approvals, 1);
}

async fn a_mail_replaces_and_leaves_other_cases_alone(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let policy = json!({"ballots": ["signed_in", "plain_mail"]});
    let team = world.account_with("recommended", 5, &policy).await;
    let [ben, cleo, dora, ..] = team.admins[..] else { panic!() };
    let beside = world.open_as(&team, Kind::Add, signed_in(ben), cleo).await.unwrap();
    let words = sentence(&world, team.owner, cleo).await;
    let case = the_case(&world, &desk.counts(&world, &desk.mail_of(&world, dora, &words).await).await).await;
    assert!(case.id() != beside.id() && case.terms.kind == Kind::Replace, "{:?}", case.terms);
    assert_eq!(world.case(beside.id()).await.count().approvals, 0);
    world.check(team.id).await;
}

async fn a_mail_counts_once(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let team = world.account("single-owner", 5).await;
    let [ben, cleo, ..] = team.admins[..] else { panic!() };
    let words = sentence(&world, team.owner, cleo).await;
    let mail = desk.mail_of(&world, ben, &words).await;
    let case = the_case(&world, &desk.counts(&world, &mail).await).await;
    let take_back = world.act(case.id(), signed_in(ben), Asked::TakeBack).await.unwrap();
    assert_eq!(take_back.count().approvals, 0);
    // The same bytes, the same by another way, and the same under another name.
    let unnamed = mail.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap();
    desk.is_refused(&world, &mail, "replayed").await;
    let relay = "Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0000";
    let again = desk.is_refused(&world, &format!("{relay}\r\n{mail}"), "replayed").await;
    assert_eq!(again.answered_at, None, "whoever replays a mail has nobody written to");
    let plain = written(&world, "Person 01 <person1@example.org>", ADDRESS, unnamed.trim_end());
    let renamed = desk.signer.sign(&plain, &Terms::covering(&["From", "To", "Subject", "Date"]));
    desk.is_refused(&world, &renamed, "replayed").await;
    // Another mail under the same name.
    world.advance(hours(1));
    let name = mail.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
    let later = written(&world, "Person 01 <person1@example.org>", ADDRESS, &words);
    let own_name = later.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
    let same_name = desk.signer.sign(&later.replace(&own_name, &name), &Terms::default());
    desk.is_refused(&world, &same_name, "replayed").await;
    assert_eq!(world.case(case.id()).await.count().approvals, 0);

    // What was refused is not judged again either.
    let unclear = desk.mail_of(&world, ben, "Well?").await;
    desk.is_refused(&world, &unclear, "no_vote").await;
    desk.is_refused(&world, &unclear, "replayed").await;
    // A new mail is a new word.
    let fresh = desk.mail_of(&world, ben, &words).await;
    desk.counts(&world, &fresh).await;
    assert_eq!(world.case(case.id()).await.count().approvals, 1);
}

async fn a_mail_names_exactly_the_people(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let team = world.account("single-owner", 5).await;
    let [ben, cleo, dora, ..] = team.admins[..] else { panic!() };
    let case = world.open(&team, ben, cleo).await.unwrap();
    let words = sentence(&world, team.owner, cleo).await;
    let (owner, nominee) = (world.person(team.owner).await, world.person(cleo).await);
    for (from, to) in [
        (owner.name.as_str(), "Person Nobody"),
        (nominee.name.as_str(), "P\u{435}rson 02"),
        (nominee.name.as_str(), "Person"),
    ] {
        let view =
            desk.is_refused(&world, &desk.mail_of(&world, dora, &words.replace(from, to)).await, "names_others").await;
        assert!(view.detail.unwrap().contains(to));
        world.advance(hours(6));
    }
    let view = desk
        .is_refused(
            &world,
            &desk.mail_of(&world, dora, &words.replace(owner.email.as_str(), "o@example.org")).await,
            "no_account",
        )
        .await;
    assert_eq!((view.account, view.case), (None, None));
    // Another nominee is another case, and there a person has one approval only.
    assert_eq!(world.case(case.id()).await.count().approvals, 0);
    desk.counts(&world, &desk.mail_of(&world, dora, &words).await).await;
    world.advance(hours(6));
    let other = sentence(&world, team.owner, dora).await;
    let view = desk.is_refused(&world, &desk.mail_of(&world, dora, &other).await, "approval_elsewhere").await;
    assert_eq!(view.account, Some(team.id));
    let cases = world.lines(&case, "case.opened").await;
    assert_eq!(cases.len(), 1, "what was opened for it is gone with it");
    world.check(team.id).await;
}

async fn a_mail_finds_one_account(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let team = world.account("single-owner", 3).await;
    let [ben, cleo, _] = team.admins[..] else { panic!() };
    let stranger = world.stranger().await;
    let words = sentence(&world, team.owner, cleo).await;
    let view = desk.is_refused(&world, &desk.mail_of(&world, stranger, &words).await, "no_account").await;
    assert_eq!((view.account, view.case), (None, None), "nobody learns of an account that is not theirs");
    // Votes by mail are not for every account.
    let recommended = world.account("recommended", 3).await;
    let words = sentence(&world, recommended.owner, recommended.admins[1]).await;
    desk.is_refused(&world, &desk.mail_of(&world, recommended.admins[0], &words).await, "no_account").await;
    assert_eq!(world.letters(recommended.id, recommended.admins[0], "ballot_request").await.len(), 0);
    // A member who is no administrator.
    let user = world.join(&team, signed_in(ben), "user").await;
    let words = sentence(&world, team.owner, cleo).await;
    desk.is_refused(&world, &desk.mail_of(&world, user, &words).await, "no_account").await;
    // Whoever owns several accounts with the same administrators.
    twin(&world, &team).await;
    let view = desk.is_refused(&world, &desk.mail_of(&world, ben, &words).await, "several_accounts").await;
    assert!(view.answered_at.is_some());
    world.check(team.id).await;
}

/// One more account with the same people.
async fn twin(world: &World, team: &Team) {
    let mut people = Vec::new();
    for user in [&[team.owner][..], &team.admins].concat() {
        let person = world.person(user).await;
        people.push(NewPerson { name: person.name, email: person.email });
    }
    let unit = CreateAccount {
        app: world.app.clone(),
        name: "Acme Air".to_owned(),
        preset: Some("single-owner".to_owned()),
        parent: None,
        reference: None,
        first_user: people.remove(0),
        administrators: people,
        policy: Map::new(),
        principal: OPERATOR,
    };
    world.app.db.run(unit).await.unwrap();
}

async fn a_mail_is_younger_than_the_case(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let team = world.account("single-owner", 5).await;
    let [ben, cleo, dora, ..] = team.admins[..] else { panic!() };
    let words = sentence(&world, team.owner, cleo).await;
    let early = desk.mail_of(&world, dora, &words).await;
    world.advance(hours(2));
    let case = world.open(&team, ben, cleo).await.unwrap();
    let view = desk.is_refused(&world, &early, "before_the_case").await;
    assert_eq!(view.case, Some(case.id()));
    // Dates know no fractions of a second.
    world.advance(MICROSECOND);
    desk.counts(&world, &desk.mail_of(&world, dora, &words).await).await;
    let late = desk.mail_of(&world, ben, &words).await;
    world.advance(hours(24));
    desk.is_refused(&world, &late, "too_old").await;
    assert_eq!(world.case(case.id()).await.count().approvals, 1);
}

async fn what_the_rules_refuse_is_told(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let team = world.account("single-owner", 3).await;
    let [ben, cleo, dora] = team.admins[..] else { panic!() };
    // The owner has no ballot, nobody opens a case for somebody who is no member, and not twice in a week.
    let words = sentence(&world, team.owner, cleo).await;
    desk.is_refused(&world, &desk.mail_of(&world, team.owner, &words).await, "no_standing").await;
    let stranger = world.stranger().await;
    let outside = sentence(&world, team.owner, stranger).await;
    desk.is_refused(&world, &desk.mail_of(&world, ben, &outside).await, "nominee_unfit").await;
    let case = the_case(&world, &desk.counts(&world, &desk.mail_of(&world, ben, &words).await).await).await;
    world.veto(&case, team.owner).await.unwrap();
    world.advance(hours(1));
    let view = desk.is_refused(&world, &desk.mail_of(&world, dora, &words).await, "nominee_vetoed").await;
    assert!(view.answered_at.is_some() && view.account == Some(team.id));
    let letter = world.letters(team.id, dora, "mail_refused").await.remove(0);
    let text = letter.text.replace('\n', " ");
    assert!(
        text.contains("An owner vetoed this nominee") && text.contains(&format!("/accounts/{}", team.id)),
        "{text}"
    );
    world.check(team.id).await;
}

async fn after_this_was_not_me_no_mail_counts(test: TestDb) {
    let (mut world, desk) = (World::new(test), Desk::open().await);
    world.app = desk.app_on(world.app.clone());
    let team = world.account("single-owner", 5).await;
    let [ben, cleo, dora, ..] = team.admins[..] else { panic!() };
    let case = world.open(&team, ben, cleo).await.unwrap();
    let (words, to) = (sentence(&world, team.owner, cleo).await, answer_address(&world, &team, dora).await);
    desk.counts(&world, &desk.mail_of(&world, dora, &words).await).await;
    let receipt = world.link(team.id, dora, "ballot_receipt").await;
    assert_eq!(world.redeem(receipt, Answer::Confirm).await.unwrap(), Done::Disowned);
    world.advance(hours(1));
    desk.is_refused(&world, &desk.mail_of(&world, dora, &words).await, "disowned").await;
    let view = desk.is_refused(&world, &desk.mail_to(&world, dora, &to, "I approve").await, "disowned").await;
    assert_eq!(view.case, Some(case.id()));
    assert_eq!(world.case(case.id()).await.count().approvals, 0);
    let after = world.vote(&case, dora, Choice::Approve).await.unwrap();
    assert_eq!(after.count().approvals, 1, "signed in they vote");
}

async fn an_answer_tells_moments_as_its_reader_lives_them(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let team = world.account("single-owner", 5).await;
    let [ben, cleo, dora, ..] = team.admins[..] else { panic!() };
    let unit = SetTimeZone { time_zone: "Asia/Kolkata".to_owned(), principal: signed_in(cleo) };
    world.app.db.run(unit).await.unwrap();
    let words = sentence(&world, team.owner, dora).await;
    let mut early = Vec::new();
    for voter in [cleo, dora] {
        early.push((voter, desk.mail_of(&world, voter, &words).await));
    }
    let unknown = desk.signer.sign(&written(&world, "nobody@example.org", ADDRESS, &words), &Terms::default());
    world.advance(hours(2));
    let case = world.open(&team, ben, dora).await.unwrap();
    let zones = ["Asia/Kolkata", "UTC"].map(|zone| zone.parse::<Zone>().unwrap());
    for ((voter, mail), zone) in early.iter().zip(&zones) {
        let view = desk.is_refused(&world, mail, "before_the_case").await;
        assert!(view.detail.unwrap().contains(&case.terms.opened_at.to_string()), "programs get it exactly");
        let letter = world.letters(team.id, *voter, "mail_refused").await.remove(0);
        let (text, there) = (letter.text.replace('\n', " "), zone.when(case.terms.opened_at));
        assert!(text.contains(&format!("before the case was opened on {there};")), "{there}: {text}");
        assert!(!text.contains("000Z"), "{text}");
    }
    // What the rules say is told in the same way.
    world.veto(&case, team.owner).await.unwrap();
    world.advance(hours(1));
    desk.is_refused(&world, &desk.mail_of(&world, cleo, &words).await, "nominee_vetoed").await;
    let letter = world.letters(team.id, cleo, "mail_refused").await.remove(1);
    assert!(letter.text.replace('\n', " ").contains("UTC+5:30") && !letter.text.contains("Z;"), "{}", letter.text);
    // Whoever is not known gets no mail; the operator reads the exact moment.
    world.advance(days(1));
    let view = desk.is_refused(&world, &unknown, "too_old").await;
    assert!(view.answered_at.is_none() && view.detail.unwrap().contains("000Z;"));
}

async fn only_whose_mail_it_is_gets_an_answer(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let team = world.account("single-owner", 3).await;
    let ben = team.admins[0];
    let mails = async || world.everything_mailed().await.iter().filter(|mail| mail.kind == "mail_refused").count();
    // Whatever claims to be Ben's and is not signed as his; and whoever is not known here.
    let claimed = written(&world, "person1@example.org", ADDRESS, "Well?");
    for (mail, why) in [
        (claimed.clone(), "not_signed"),
        (Signer::ed25519("evil.example", 2).sign(&claimed, &Terms::default()), "not_aligned"),
        (
            desk.signer.sign(&claimed.replace("Subject:", "Auto-Submitted: auto-replied\nSubject:"), &Terms::default()),
            "autoreply",
        ),
        (desk.signer.sign(&written(&world, "nobody@example.org", ADDRESS, "Well?"), &Terms::default()), "no_vote"),
        (String::new(), "broken"),
    ] {
        world.advance(SignedDuration::from_secs(1));
        let view = desk.is_refused(&world, &mail, why).await;
        assert_eq!(view.answered_at, None, "{why}");
    }
    assert_eq!(mails().await, 0);
    for number in 1..=7 {
        world.advance(SignedDuration::from_mins(1));
        desk.is_refused(&world, &desk.mail_of(&world, ben, "Well?").await, "no_vote").await;
        assert_eq!(mails().await, number.min(5), "so often a day, and no more");
    }
    // The fourth answer is a day old by then, and the fifth is not.
    world.advance(SignedDuration::from_hours(24) - SignedDuration::from_mins(3));
    desk.is_refused(&world, &desk.mail_of(&world, ben, "Well?").await, "no_vote").await;
    assert_eq!(mails().await, 6);
    let listed = list(&world.app, &OPERATOR, None, 50).await.unwrap();
    assert_eq!(listed.len(), 13, "the operator sees them all");
    assert_eq!(listed[12].reason.as_deref(), Some("not_signed"));
    assert_eq!(listed[12].sender.as_deref(), Some("person1@example.org"));
}

async fn what_cannot_be_judged_leaves_nothing(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let team = world.account("single-owner", 3).await;
    let words = sentence(&world, team.owner, team.admins[1]).await;
    let mail = desk.mail_of(&world, team.admins[0], &words).await;
    let before = world.dump().await;
    desk.records.fail();
    refused(desk.take(&world, &mail).await, "not_now");
    let app = world.app.clone();
    assert_eq!(
        code(&receive(&app, &OPERATOR, &Received::new(mail.clone().into())).await.unwrap_err()),
        "takes_no_mail"
    );
    assert_eq!(world.dump().await, before);
}

async fn what_was_refused_is_forgotten(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let team = world.account("single-owner", 3).await;
    let words = sentence(&world, team.owner, team.admins[1]).await;
    desk.counts(&world, &desk.mail_of(&world, team.admins[0], &words).await).await;
    desk.is_refused(&world, &desk.mail_of(&world, team.admins[0], "Well?").await, "no_vote").await;
    let verdicts = async || {
        let listed = list(&world.app, &OPERATOR, None, 50).await.unwrap();
        listed.iter().map(|mail| mail.verdict).collect::<Vec<_>>()
    };
    let tidy = async || prune::prune(&world.app, prune::ALL, &CancellationToken::new()).await.unwrap();
    world.advance(days(30));
    tidy().await;
    assert_eq!(verdicts().await, ["refused", "counted"]);
    world.advance(MICROSECOND);
    tidy().await;
    assert_eq!(verdicts().await, ["counted"]);
}

async fn who_may_bring_mails_in(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let team = world.account("single-owner", 1).await;
    let app = desk.app_on(world.app.clone());
    let mail = Received::new(Vec::new());
    for (principal, why) in
        [(signed_in(team.owner), "operators_only"), (world.platform(Some(team.owner)).await, "needs_scope")]
    {
        refused(receive(&app, &principal, &mail).await, why);
    }
    receive(&app, &world.platform(None).await, &mail).await.unwrap();
    refused(list(&app, &world.platform(None).await, None, 10).await, "operators_only");
    refused(list(&app, &signed_in(team.owner), None, 10).await, "operators_only");
}
