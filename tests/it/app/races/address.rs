//! A person's address changes at the moment at which something that counts on it begins.

use jiff::SignedDuration;
use quorate::{
    app::{
        act::Asked,
        answer_transfer::{Answer as Answered, AnswerTransfer},
        app::App,
        ask_address::AskAddress,
        change_address::ChangeAddress,
        change_member,
        error::{Access, Error},
        follow_sign_in::FollowSignIn,
        invite::{Invite, NewPerson},
        mail_sign_in::MailSignIn,
        open_case::OpenCase,
        principal::Principal,
        redeem::Answer,
        sign_in::SignIn,
    },
    id::{CodeId, UserId},
    ownership::address::Email,
    recovery::terms::Kind,
    secret::Chance,
};

use crate::harness::{
    TestDb, on_both,
    race::{a_tenth_of_the_rounds, at_once, rounds, stumble, tell},
    world::{Team, World, code, days, signed_in},
};

on_both!(
    a_case_is_opened_while_an_elector_moves,
    a_case_is_opened_while_an_elector_moves_who_is_no_member,
    somebody_is_invited_while_they_move,
    somebody_becomes_owner_while_they_move,
    a_sign_in_code_is_asked_for_while_its_reader_moves,
    two_people_want_the_same_address,
    one_person_moves_in_two_sessions,
);

/// Somebody in a session with fresh proof, and the code that went to the address that they want to have.
async fn about_to_move(world: &World, user: UserId, email: &Email) -> (Principal, String) {
    world.advance(SignedDuration::from_millis(1));
    let token = world.sign_in(user).await;
    let principal = world.prove(&token).await;
    world.advance(SignedDuration::from_millis(1));
    let ask = AskAddress { app: world.app.clone(), email: email.clone(), principal: principal.clone() };
    world.app.db.run(ask).await.unwrap();
    (principal, world.newest_code(user, "email_code").await)
}

async fn change(app: App, principal: Principal, code: String, chance: Chance) -> Result<(), Error> {
    stumble(&chance, 40).await;
    app.db.clone().run(ChangeAddress { app, code, principal }).await?.to().map(drop)
}

fn email(round: u32) -> Email {
    format!("moved{round}@new.example").parse().unwrap()
}

fn word<T>(outcome: &Result<T, Error>) -> &'static str {
    outcome.as_ref().map_or_else(code, |_| "done")
}

/// Two different units of work at the same moment, in the words of their outcomes.
async fn both<A, B>(first: A, second: B) -> [&'static str; 2]
where
    A: Future<Output = Result<(), Error>> + Send + 'static,
    B: Future<Output = Result<(), Error>> + Send + 'static,
{
    type Doing = std::pin::Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;
    let (first, second): (Doing, Doing) = (Box::pin(first), Box::pin(second));
    let outcomes = at_once(vec![first, second]).await;
    [word(&outcomes[0]), word(&outcomes[1])]
}

async fn a_case_is_opened_while_an_elector_moves(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    moves_as_a_case_opens(&world, &team, "an elector").await;
}

/// Removed by another and contested: they count, and the account writes nothing about their address.
async fn a_case_is_opened_while_an_elector_moves_who_is_no_member(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    let [ada, ben, _] = team.admins[..] else { panic!() };
    world.change(&team, signed_in(ada), ben, change_member::Asked::Remove).await.unwrap();
    let contest = world.link(team.id, ben, "roster_changed").await;
    world.redeem(contest, Answer::Confirm).await.unwrap();
    moves_as_a_case_opens(&world, &team, "an elector who is no member").await;
}

/// Whoever accepts ownership keeps the address that they have then.
async fn somebody_becomes_owner_while_they_move(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 1).await;
    let other = world.replica().await;
    let chance = Chance::seeded(24);
    let (owner, ben) = (team.owner, team.admins[0]);
    let (mut moved, mut kept) = (0, 0);
    for round in 0..rounds() {
        // Codes for new addresses are limited in ten minutes.
        world.advance(SignedDuration::from_mins(10));
        let before = world.person(ben).await.email;
        let offer = world.offer(&team, world.proven(owner), ben).await.unwrap();
        let (principal, code) = about_to_move(&world, ben, &email(round)).await;
        let (app, luck, accepts) = (other.clone(), chance.clone(), world.proven(ben));
        let accepting = async move {
            stumble(&luck, 40).await;
            let (transfer, answer, principal) = (offer.id, Answered::Accept, accepts);
            app.db.clone().run(AnswerTransfer { app, transfer, answer, principal }).await.map(drop)
        };
        let words = both(change(world.app.clone(), principal, code, chance.clone()), accepting).await;
        assert_eq!(world.owners(&team).await, [ben].into());
        match words {
            ["done", "done"] => {
                moved += 1;
                assert_eq!(world.person(ben).await.email, email(round));
            }
            ["owner_protected", "done"] => {
                kept += 1;
                assert_eq!(world.person(ben).await.email, before);
            }
            neither => panic!("{neither:?}"),
        }
        let back = world.offer(&team, world.proven(ben), owner).await.unwrap();
        world.answer(&back, world.proven(owner), Answered::Accept).await.unwrap();
    }
    world.check(team.id).await;
    let backend = world.app.db.backend();
    tell(&format!("{backend:?}: a change of address against an acceptance: moved first {moved} times, kept it {kept}"));
}

async fn moves_as_a_case_opens(world: &World, team: &Team, who: &str) {
    let other = world.replica().await;
    let chance = Chance::seeded(21);
    let [ada, ben, cleo] = team.admins[..] else { panic!() };
    let (mut moved, mut frozen) = (0, 0);
    for round in 0..rounds() {
        let before = world.person(ben).await.email;
        let (principal, code) = about_to_move(world, ben, &email(round)).await;
        let (account, app) = (team.id, other.clone());
        let (open, luck) = (signed_in(ada), chance.clone());
        let opening = async move {
            stumble(&luck, 40).await;
            let (statement, kind) = ("The owner has left.".to_owned(), Kind::Replace);
            let open = OpenCase { app: app.clone(), account, kind, nominee: cleo, statement, principal: open };
            app.db.run(open).await.map(drop)
        };
        let words = both(change(world.app.clone(), principal, code, chance.clone()), opening).await;
        let mut tx = world.app.db.read().await.unwrap();
        let open = quorate::store::docket::open_of(&mut tx, team.id).await.unwrap();
        let case = world.case(open[0]).await;
        let held = case.terms.signed_in_only.contains_key(&ben);
        match words {
            ["done", "done"] => {
                assert!(held, "a ballot by mail from a mailbox that is a moment old");
                moved += 1;
            }
            ["address_frozen", "done"] => {
                assert!(!held);
                assert_eq!(world.person(ben).await.email, before);
                frozen += 1;
            }
            neither => panic!("{neither:?}"),
        }
        world.act(case.id(), signed_in(ada), Asked::Withdraw).await.unwrap();
        world.advance(days(7));
    }
    world.check(team.id).await;
    tell(&format!("{:?}: {who} moves as a case opens: {moved} moved, {frozen} stayed", world.app.db.backend()));
}

async fn somebody_is_invited_while_they_move(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let chance = Chance::seeded(22);
    let home = world.account("single-owner", 1).await;
    let ben = home.admins[0];
    let (mut invited, mut strangers) = (0, 0);
    for round in 0..rounds() {
        let there = world.account("single-owner", 1).await;
        let before = world.person(ben).await;
        let (principal, code) = about_to_move(&world, ben, &email(round)).await;
        let person = NewPerson { name: before.name.clone(), email: before.email.clone() };
        let (account, app, luck) = (there.id, other.clone(), chance.clone());
        let (role, by) = ("user".to_owned(), signed_in(there.admins[0]));
        let inviting = async move {
            stumble(&luck, 40).await;
            app.db.clone().run(Invite { app, account, person, role, principal: by }).await.map(drop)
        };
        let words = both(change(world.app.clone(), principal, code, chance.clone()), inviting).await;
        assert_eq!(words, ["done", "done"]);
        let log = world.activity(there.id).await;
        let noted = log.iter().any(|line| line.kind == "member.address_changed");
        if world.member(&there, ben).await.is_some() {
            assert!(noted, "the account knows of no change, and the invitation names the old address");
            let letters = world.letters(there.id, ben, "invitation").await;
            assert!(letters.iter().any(|letter| letter.entry.to.email == email(round).as_str()), "{letters:?}");
            invited += 1;
        } else {
            assert!(!noted);
            strangers += 1;
        }
        world.check(there.id).await;
        world.advance(days(1));
    }
    world.check(home.id).await;
    let backend = world.app.db.backend();
    tell(&format!("{backend:?}: invited as they move: {invited} times they, {strangers} times a stranger"));
}

async fn a_sign_in_code_is_asked_for_while_its_reader_moves(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let chance = Chance::seeded(23);
    let ben = world.account("single-owner", 1).await.admins[0];
    for round in 0..rounds() {
        let old = world.person(ben).await.email;
        let (principal, code) = about_to_move(&world, ben, &email(round)).await;
        let (app, luck, address) = (other.clone(), chance.clone(), old.clone());
        let asking = async move {
            stumble(&luck, 40).await;
            let asked = app.db.clone().run(SignIn { app: app.clone(), email: address }).await?;
            app.db.clone().run(MailSignIn { app, request: asked.request }).await
        };
        let words = both(change(world.app.clone(), principal, code, chance.clone()), asking).await;
        assert_eq!(words, ["done", "done"]);
        // Whatever was mailed to the old address opens nothing.
        let requests = "select id from sign_in_requests order by created_at desc limit 1";
        let request: CodeId = world.app.db.read().await.unwrap().sql(requests).scalar().await.unwrap();
        let (app, token) = (world.app.clone(), format!("{request}.{}", world.app.secret.sign_in_proof(request)));
        let entered = world.app.db.run(FollowSignIn { app, token, browser: None }).await;
        assert!(matches!(entered, Err(Error::Access(Access::DeadLink))), "{entered:?}");
        world.advance(days(1));
    }
}

async fn two_people_want_the_same_address(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let chance = Chance::seeded(24);
    let (mut first, mut second) = (0, 0);
    for round in 0..a_tenth_of_the_rounds() {
        // In accounts of their own, so that no lock of an account puts them in order.
        let ada = world.account("single-owner", 1).await.admins[0];
        let ben = world.account("single-owner", 1).await.admins[0];
        let (by_ada, to_ada) = about_to_move(&world, ada, &email(round)).await;
        let (by_ben, to_ben) = about_to_move(&world, ben, &email(round)).await;
        let one = change(world.app.clone(), by_ada, to_ada, chance.clone());
        let two = change(other.clone(), by_ben, to_ben, chance.clone());
        let winner = match both(one, two).await {
            ["done", "wrong_code"] => ada,
            ["wrong_code", "done"] => ben,
            neither => panic!("{neither:?}"),
        };
        assert_eq!(world.person(winner).await.email, email(round));
        if winner == ada { first += 1 } else { second += 1 }
    }
    tell(&format!("{:?}: two people want one address: {first} to {second}", world.app.db.backend()));
}

async fn one_person_moves_in_two_sessions(test: TestDb) {
    let world = World::new(test);
    let other = world.replica().await;
    let chance = Chance::seeded(25);
    let team = world.account("single-owner", 1).await;
    let ben = team.admins[0];
    for round in 0..a_tenth_of_the_rounds() {
        let (here, one) = about_to_move(&world, ben, &email(2 * round)).await;
        let (there, two) = about_to_move(&world, ben, &email(2 * round + 1)).await;
        let first = change(world.app.clone(), here, one, chance.clone());
        let second = change(other.clone(), there, two, chance.clone());
        let won = match both(first, second).await {
            ["done", "wrong_code"] => 2 * round,
            ["wrong_code", "done"] => 2 * round + 1,
            neither => panic!("{neither:?}"),
        };
        assert_eq!(world.person(ben).await.email, email(won));
        world.advance(days(1));
    }
    world.check(team.id).await;
}
