//! Recovery by paper key, from the key that is typed to the new owner who acts: what it takes, what ends it, and that nothing less
//! will do.

use jiff::SignedDuration;
use quorate::{
    app::{
        act::Asked,
        enrol_owner::{EnrolOwner, OPEN_FOR, ask_first_passkey, new_owner},
        error::Error,
        invite::NewPerson,
        owners,
        passkey_sign_in::{ask_sign_in, sign_in},
        present_key::{CODES, MINUTES, Mailed, PresentKey, TELL_EVERY},
        principal::Principal,
        redeem::Answer,
        redeem_key::{RedeemKey, Wanted},
        use_passkey::Answer as PasskeyAnswer,
        view::{paper_keys::paper_keys, recovery::recovery},
    },
    id::{CaseId, CodeId, UserId},
    ownership::recovery_user::RecoveryUser,
    paper_key::key::PaperKey,
    recovery::{
        ballot::Choice,
        case::{Case, Rejection, State},
        terms::Kind,
    },
};
use serde_json::json;

use super::{
    drills::forged,
    paper_keys::{issue, revoke, told},
    passkeys::SITE,
    policy::own,
    recovery_users::{choose, confirmed, letters, remove},
};
use crate::harness::{
    TestDb,
    authenticator::Device,
    on_both,
    race::{a_tenth_of_the_rounds, at_once, tell},
    world::{MICROSECOND, Team, World, ballot, code, days, hours, refused, signed_in},
};

on_both!(
    key_and_mailbox_make_a_new_owner,
    the_new_owner_enrols_and_acts,
    the_first_passkey_counts_where_it_was_made_for,
    the_link_to_enrol_is_for_one_person_once,
    a_code_is_for_one_key_and_one_time,
    what_works_no_more_redeems_nothing,
    whoever_has_the_key_alone_keeps_nobody_out,
    owners_hear_of_every_key,
    two_people_agree_on_the_same_terms,
    administrators_agree_too_where_the_policy_says_so,
    nobody_becomes_owner_unasked,
    a_removed_holders_key_counts_no_more,
    an_owner_who_is_there_ends_it,
    a_member_may_be_named,
    nothing_of_a_recovery_is_usable_from_the_database,
    one_key_sent_many_times_opens_one_case,
);

pub const RITA: &str = "rita@example.net";
pub const NORA: &str = "nora@example.com";

/// An account of that preset whose owner has given Rita a key.
pub async fn held(world: &World, administrators: usize, policy: &serde_json::Value) -> (Team, RecoveryUser, PaperKey) {
    let team = world.account_with("recommended", administrators, policy).await;
    let (rita, key) = holder(world, &team, RITA).await;
    (team, rita, key)
}

pub async fn holder(world: &World, team: &Team, email: &str) -> (RecoveryUser, PaperKey) {
    let user = confirmed(world, team, &[email]).await;
    let key = issue(world, team, user.id, None, None).await.unwrap().secret;
    (user, key)
}

pub async fn present(world: &World, key: &PaperKey) -> Result<Mailed, Error> {
    // Mails of one moment are in no order.
    world.advance(SignedDuration::from_millis(1));
    world.app.db.run(PresentKey { app: world.app.clone(), key: key.clone() }).await?.mailed()
}

/// The code in the newest mail to an address.
pub async fn key_code(world: &World, email: &str) -> String {
    let text = letters(world, email, "key_code").await.swap_remove(0);
    let found = text.lines().map(str::trim).find(|line| line.len() == 19 && line.split(' ').count() == 4);
    found.expect("four groups of four").to_owned()
}

/// What Rita asks for: Nora instead of the owner.
pub fn nora(kind: Kind) -> Wanted {
    let nominee = NewPerson { name: "Nora New".to_owned(), email: NORA.parse().unwrap() };
    Wanted::Open { kind, nominee, statement: "The owner has died.".to_owned() }
}

pub async fn redeem(world: &World, recovery: CodeId, code: &str, wanted: Wanted) -> Result<CaseId, Error> {
    world.app.db.run(RedeemKey { app: world.app.clone(), recovery, code: code.to_owned(), wanted }).await
}

/// Both steps in one.
pub async fn use_key(world: &World, key: &PaperKey, email: &str, wanted: Wanted) -> Result<CaseId, Error> {
    let mailed = present(world, key).await?;
    redeem(world, mailed.recovery, &key_code(world, email).await, wanted).await
}

pub async fn joins(world: &World, case: &Case, key: &PaperKey, email: &str) -> Result<CaseId, Error> {
    use_key(world, key, email, Wanted::Join { case: case.id(), terms_hash: case.terms_hash }).await
}

/// Whom the keys name says so.
pub async fn answers(world: &World, case: &Case, answer: Answer) -> Result<(), Error> {
    let link = world.link(case.terms.account, case.terms.nominee.id, "nomination").await;
    world.redeem(link, answer).await.map(drop)
}

/// A case in which Nora has accepted, and whose waiting period is over.
pub async fn completed(world: &World, team: &Team, key: &PaperKey, kind: Kind) -> Case {
    let id = use_key(world, key, RITA, nora(kind)).await.unwrap();
    let case = world.case(id).await;
    answers(world, &case, Answer::Confirm).await.unwrap();
    world.deliver().await;
    world.advance(hours(72));
    world.sweep().await;
    let case = world.case(id).await;
    assert_eq!(case.state.word(), "completed");
    world.check(team.id).await;
    case
}

/// The token in the newest mail that welcomes a new owner.
pub async fn enrol_token(world: &World, team: &Team, user: UserId) -> String {
    let link = world.link(team.id, user, "new_owner_welcome").await;
    world.app.secret.link_token(link)
}

pub async fn enrol(world: &World, token: &str, device: &mut Device) -> Result<(), Error> {
    let (ceremony, options) = ask_first_passkey(&world.app, token).await?;
    let answer = device.create(&options);
    let (app, token, name) = (world.app.clone(), token.to_owned(), "Telephone".to_owned());
    world.app.db.run(EnrolOwner { app, token, ceremony, answer, name }).await.map(drop)
}

pub async fn enter(world: &World, device: &mut Device) -> Principal {
    let (ceremony, options) = ask_sign_in(&world.app).unwrap();
    let answer = device.get(&options);
    let signed_in = sign_in(&world.app, PasskeyAnswer { ceremony, answer }, None).await.unwrap();
    world.who(signed_in.token.reveal()).await.unwrap()
}

async fn key_and_mailbox_make_a_new_owner(test: TestDb) {
    let world = World::new(test);
    let (team, rita, key) = held(&world, 1, &json!({})).await;
    let spare = issue(&world, &team, rita.id, None, None).await.unwrap();
    let mailed = present(&world, &key).await.unwrap();
    assert_eq!(mailed.sent_to, ["r\u{2022}\u{2022}\u{2022}@example.net"]);
    let code = key_code(&world, RITA).await;
    let door = recovery(&world.app, mailed.recovery, &code).await.unwrap();
    assert_eq!((door.account.as_str(), door.kinds.len(), door.keys_required, door.cases.len()), ("Acme", 2, 1, 0));
    // However it is typed.
    let typed = code.replace(' ', "-");
    let id = redeem(&world, mailed.recovery, &typed, nora(Kind::Replace)).await.unwrap();
    let case = world.case(id).await;
    assert_eq!((case.state.word(), case.count().keys), ("collecting", 1));
    let nominee = case.terms.nominee.id;
    assert_eq!(world.members(team.id).await.len(), 2, "named, and nothing else yet");
    let opened = world.letters(team.id, team.owner, "owner_alert").await;
    assert!(opened[0].text.contains("Rita Rossi (recovery user) used"), "{}", opened[0].text);

    answers(&world, &case, Answer::Confirm).await.unwrap();
    let State::Waiting { due_at, .. } = world.case(id).await.state else { panic!("it does not wait") };
    assert_eq!(due_at, world.app.now().after(hours(72)));
    world.deliver().await;
    world.advance(hours(72) - MICROSECOND);
    world.sweep().await;
    assert_eq!(world.case(id).await.state.word(), "waiting");
    world.advance(MICROSECOND);
    world.sweep().await;
    assert_eq!(world.case(id).await.state.word(), "completed");
    assert_eq!(world.owners(&team).await, [nominee].into());
    let owner = world.member(&team, nominee).await.unwrap().member;
    assert!(owner.is_effective_owner() && owner.administrator);
    refused(present(&world, &key).await, "paper_key_refused");
    refused(present(&world, &spare.secret).await, "paper_key_refused");
    assert_eq!(letters(&world, NORA, "new_owner_welcome").await.len(), 1);
    world.check(team.id).await;
}

async fn the_new_owner_enrols_and_acts(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    let case = completed(&world, &team, &key, Kind::Replace).await;
    let nominee = case.terms.nominee.id;
    refused(choose(&world, &team, world.proven_by_code(nominee), &["new@example.net"]).await, "needs_credential");
    let token = enrol_token(&world, &team, nominee).await;
    assert_eq!(new_owner(&world.app, &token).await.unwrap().email, NORA);
    let mut device = Device::at(SITE);
    enrol(&world, &token, &mut device).await.unwrap();
    refused(enrol(&world, &token, &mut Device::at(SITE)).await, "dead_link");
    let by = enter(&world, &mut device).await;
    assert_eq!(by.person_everywhere().unwrap(), nominee);
    let paul = choose(&world, &team, by.clone(), &["paul@example.net"]).await.unwrap();
    assert_eq!(letters(&world, "paul@example.net", "recovery_request").await.len(), 1);
    remove(&world, &team, by, paul.id).await.unwrap();
    world.check(team.id).await;
}

/// INVARIANT 32 and the rule on credentials: what a stolen mailbox enrols is no proof where nobody waited for it.
async fn the_first_passkey_counts_where_it_was_made_for(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    let case = completed(&world, &team, &key, Kind::Add).await;
    let nominee = case.terms.nominee.id;
    // They own another account, and did so before.
    let other = world.account("recommended", 0).await;
    let email = world.person(nominee).await.email;
    let invited = NewPerson { name: "Nora New".to_owned(), email };
    let invite = quorate::app::invite::Invite {
        app: world.app.clone(),
        account: other.id,
        person: invited,
        role: "administrator".to_owned(),
        principal: world.proven(other.owner),
    };
    world.app.db.run(invite).await.unwrap();
    world.accept(&other, nominee).await.unwrap();
    world.change_owners(&other, world.proven(other.owner), nominee, owners::Asked::Grant).await.unwrap();
    let mut device = Device::at(SITE);
    enrol(&world, &enrol_token(&world, &team, nominee).await, &mut device).await.unwrap();
    let by = enter(&world, &mut device).await;
    choose(&world, &team, by.clone(), &["paul@example.net"]).await.unwrap();
    refused(choose(&world, &other, by, &["paul@example.net"]).await, "credential_too_new");
}

async fn the_link_to_enrol_is_for_one_person_once(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    let case = completed(&world, &team, &key, Kind::Add).await;
    let nominee = case.terms.nominee.id;
    let token = enrol_token(&world, &team, nominee).await;
    let link = world.app.secret.link_of(&token).unwrap();
    refused(world.redeem(link, Answer::Confirm).await, "wrong_link");
    refused(new_owner(&world.app, &format!("{link}.guessed")).await, "dead_link");
    // An answer to another question, or to the same one twice, is none.
    let (ceremony, options) = ask_first_passkey(&world.app, &token).await.unwrap();
    let mut device = Device::at(SITE);
    let answer = device.create(&options);
    let enrolling = |ceremony| EnrolOwner {
        app: world.app.clone(),
        token: token.clone(),
        ceremony,
        answer: answer.clone(),
        name: "Telephone".to_owned(),
    };
    let (other, _) = ask_first_passkey(&world.app, &token).await.unwrap();
    assert!(world.app.db.run(enrolling(other)).await.is_err());
    world.advance(SignedDuration::from_mins(6));
    refused(world.app.db.run(enrolling(ceremony)).await, "ceremony_over");
    // Whoever owns the account no more has no use for it.
    world.change_owners(&team, world.proven(team.owner), nominee, owners::Asked::Revoke).await.unwrap();
    refused(new_owner(&world.app, &token).await, "dead_link");
    world.change_owners(&team, world.proven(team.owner), nominee, owners::Asked::Grant).await.unwrap();
    new_owner(&world.app, &token).await.unwrap();
    world.advance(OPEN_FOR);
    refused(new_owner(&world.app, &token).await, "dead_link");
}

async fn a_code_is_for_one_key_and_one_time(test: TestDb) {
    let world = World::new(test);
    let (team, rita, key) = held(&world, 0, &json!({})).await;
    let spare = issue(&world, &team, rita.id, None, None).await.unwrap().secret;
    let first = present(&world, &key).await.unwrap();
    let right = key_code(&world, RITA).await;
    let second = present(&world, &spare).await.unwrap();
    refused(redeem(&world, second.recovery, &right, nora(Kind::Add)).await, "wrong_code");
    refused(redeem(&world, world.app.id(), &right, nora(Kind::Add)).await, "wrong_code");
    for _ in 0..30 {
        refused(redeem(&world, first.recovery, "0000 0000 0000 0000", nora(Kind::Add)).await, "wrong_code");
    }
    let before = world.dump().await;
    // What is refused spends nothing.
    let wanted = Wanted::Open {
        kind: Kind::Add,
        nominee: NewPerson { name: "Nora New".to_owned(), email: NORA.parse().unwrap() },
        statement: " ".to_owned(),
    };
    refused(redeem(&world, first.recovery, &right, wanted).await, "statement_length");
    assert_eq!(world.dump().await, before);
    world.advance(SignedDuration::from_mins(MINUTES.into()) - SignedDuration::from_millis(1) - MICROSECOND);
    assert!(recovery(&world.app, first.recovery, &right).await.is_ok());
    world.advance(MICROSECOND);
    refused(redeem(&world, first.recovery, &right, nora(Kind::Add)).await, "wrong_code");
    let again = present(&world, &key).await.unwrap();
    let newest = key_code(&world, RITA).await;
    redeem(&world, again.recovery, &newest, nora(Kind::Add)).await.unwrap();
    refused(redeem(&world, again.recovery, &newest, nora(Kind::Add)).await, "wrong_code");
    // The same person has said what they want, whatever other keys they hold.
    refused(use_key(&world, &spare, RITA, nora(Kind::Replace)).await, "redeemed_elsewhere");
}

async fn what_works_no_more_redeems_nothing(test: TestDb) {
    let world = World::new(test);
    let (team, rita, key) = held(&world, 0, &json!({})).await;
    let pending = present(&world, &key).await.unwrap();
    let right = key_code(&world, RITA).await;
    let keys = paper_keys(&world.app, &signed_in(team.owner), team.id, rita.id).await.unwrap();
    let stored = keys.into_iter().find(|view| view.number == key.number().to_string()).unwrap();
    revoke(&world, world.proven(team.owner), stored.id).await.unwrap();
    refused(recovery(&world.app, pending.recovery, &right).await, "wrong_code");
    refused(redeem(&world, pending.recovery, &right, nora(Kind::Add)).await, "wrong_code");
    let expiring = issue(&world, &team, rita.id, Some(days(1)), None).await.unwrap().secret;
    world.advance(days(1));
    for dead in [&key, &expiring, &world.app.chance.paper_key(), &forged(&key)] {
        refused(present(&world, dead).await, "paper_key_refused");
    }
}

async fn whoever_has_the_key_alone_keeps_nobody_out(test: TestDb) {
    let world = World::new(test);
    let (_, _, key) = held(&world, 0, &json!({})).await;
    let mut last = None;
    for _ in 0..CODES {
        last = Some(present(&world, &key).await.unwrap().recovery);
    }
    for _ in 0..20 {
        let again = present(&world, &key).await.unwrap();
        assert_eq!(Some(again.recovery), last, "the newest stands for all further ones");
        refused(redeem(&world, again.recovery, "1234 5678 9012 3456", nora(Kind::Add)).await, "wrong_code");
    }
    assert_eq!(letters(&world, RITA, "key_code").await.len(), CODES);
    redeem(&world, last.unwrap(), &key_code(&world, RITA).await, nora(Kind::Add)).await.unwrap();
}

async fn owners_hear_of_every_key(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 1, &json!({})).await;
    let alarms = || async {
        let texts = told(&world, &team).await;
        texts.into_iter().filter(|text| text.contains("to give this account a new owner")).count()
    };
    present(&world, &key).await.unwrap();
    present(&world, &key).await.unwrap();
    assert_eq!(alarms().await, 1, "at once, and once an hour");
    world.advance(TELL_EVERY - SignedDuration::from_millis(2));
    present(&world, &key).await.unwrap();
    assert_eq!(alarms().await, 2, "and the second, of which they were not told, puts nothing off");
    let entries = world.activity(team.id).await.into_iter().filter(|line| line.kind == "paper_key.presented");
    assert_eq!(entries.count(), 3, "each is in the log");
    assert!(world.letters(team.id, team.admins[0], "paper_key_changed").await.is_empty());
    refused(present(&world, &forged(&key)).await, "paper_key_refused");
    assert!(told(&world, &team).await.iter().any(|text| text.contains("is not right, or works no more")));
}

async fn two_people_agree_on_the_same_terms(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let (rita, first) = holder(&world, &team, RITA).await;
    let (_, second) = holder(&world, &team, "paul@example.org").await;
    // The bounds of a policy count who holds a key, so they come first.
    own(&world, &team, |policy| policy.keys_required = 2).await;
    let spare = issue(&world, &team, rita.id, None, None).await.unwrap().secret;
    let id = use_key(&world, &first, RITA, nora(Kind::Replace)).await.unwrap();
    let case = world.case(id).await;
    answers(&world, &case, Answer::Confirm).await.unwrap();
    assert_eq!(world.case(id).await.state.word(), "collecting", "one of two");
    refused(joins(&world, &case, &spare, RITA).await, "already_redeemed");
    let other = Wanted::Join { case: id, terms_hash: quorate::recovery::terms::TermsHash::of("other") };
    refused(use_key(&world, &second, "paul@example.org", other).await, "terms_differ");
    let mailed = present(&world, &second).await.unwrap();
    let code = key_code(&world, "paul@example.org").await;
    let door = recovery(&world.app, mailed.recovery, &code).await.unwrap();
    assert_eq!(door.cases.iter().map(|case| case.id).collect::<Vec<_>>(), [id]);
    let join = Wanted::Join { case: id, terms_hash: case.terms_hash };
    redeem(&world, mailed.recovery, &code, join).await.unwrap();
    assert_eq!(world.case(id).await.state.word(), "waiting");
    assert_eq!(world.entries(&case, "case.key_redeemed").await, 2);
    world.check(team.id).await;
}

async fn administrators_agree_too_where_the_policy_says_so(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 3, &json!({"keys_need_approvals": 1})).await;
    let id = use_key(&world, &key, RITA, nora(Kind::Replace)).await.unwrap();
    let case = world.case(id).await;
    answers(&world, &case, Answer::Confirm).await.unwrap();
    assert_eq!(world.case(id).await.state.word(), "collecting");
    assert_eq!(world.letters(team.id, team.admins[0], "ballot_request").await.len(), 1);
    refused(world.act(id, world.proven(team.owner), ballot(&case, Choice::Approve)).await, "not_an_elector");
    world.vote(&case, team.admins[0], Choice::Approve).await.unwrap();
    assert_eq!(world.case(id).await.state.word(), "waiting");
    // Taken back, it falls short again.
    world.vote(&case, team.admins[0], Choice::Reject).await.unwrap();
    assert_eq!(world.case(id).await.state.word(), "collecting");
    world.check(team.id).await;
}

async fn nobody_becomes_owner_unasked(test: TestDb) {
    let world = World::new(test);
    let (team, rita, key) = held(&world, 0, &json!({})).await;
    let id = use_key(&world, &key, RITA, nora(Kind::Replace)).await.unwrap();
    let case = world.case(id).await;
    let link = world.link(team.id, case.terms.nominee.id, "nomination").await;
    refused(
        world.redeem(link, Answer::Vote { choice: Choice::Approve, terms_hash: case.terms_hash }).await,
        "wrong_link",
    );
    answers(&world, &case, Answer::Decline).await.unwrap();
    let State::Rejected { reason, .. } = world.case(id).await.state else { panic!("it goes on") };
    assert_eq!(reason, Rejection::Declined);
    refused(world.redeem(link, Answer::Confirm).await, "dead_link");
    assert!(world.person(case.terms.nominee.id).await.confirmed_at.is_none());
    // Without a word of theirs, it ends by itself, and the next key is good.
    let spare = issue(&world, &team, rita.id, None, None).await.unwrap().secret;
    let id = use_key(&world, &spare, RITA, nora(Kind::Replace)).await.unwrap();
    world.advance(days(14));
    world.sweep().await;
    assert_eq!(world.case(id).await.state.word(), "expired");
    assert_eq!(world.owners(&team).await, [team.owner].into());
    world.check(team.id).await;
}

async fn a_removed_holders_key_counts_no_more(test: TestDb) {
    let world = World::new(test);
    let (team, rita, key) = held(&world, 0, &json!({})).await;
    let id = use_key(&world, &key, RITA, nora(Kind::Replace)).await.unwrap();
    let case = world.case(id).await;
    answers(&world, &case, Answer::Confirm).await.unwrap();
    assert_eq!(world.case(id).await.state.word(), "waiting");
    remove(&world, &team, world.proven(team.owner), rita.id).await.unwrap();
    assert_ne!(world.case(id).await.state.word(), "waiting");
    world.advance(days(15));
    world.sweep().await;
    assert_eq!(world.owners(&team).await, [team.owner].into());
    world.check(team.id).await;
}

async fn an_owner_who_is_there_ends_it(test: TestDb) {
    let world = World::new(test);
    let (team, rita, key) = held(&world, 0, &json!({})).await;
    let spare = issue(&world, &team, rita.id, None, None).await.unwrap().secret;
    let id = use_key(&world, &key, RITA, nora(Kind::Replace)).await.unwrap();
    let case = world.case(id).await;
    refused(issue(&world, &team, rita.id, None, None).await, "recovery_users_held");
    answers(&world, &case, Answer::Confirm).await.unwrap();
    let paused = world.act(id, signed_in(team.owner), Asked::Pause).await.unwrap();
    assert_eq!(paused.state.word(), "paused");
    world.veto(&case, team.owner).await.unwrap();
    refused(use_key(&world, &spare, RITA, nora(Kind::Replace)).await, "nominee_vetoed");
    assert!(letters(&world, NORA, "new_owner_welcome").await.is_empty());
    world.check(team.id).await;
}

async fn a_member_may_be_named(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 2, &json!({})).await;
    let ada = team.admins[0];
    let email = world.person(ada).await.email;
    let nominee = NewPerson { name: "Somebody else".to_owned(), email };
    let wanted = Wanted::Open { kind: Kind::Add, nominee, statement: "She knows the company.".to_owned() };
    let id = use_key(&world, &key, RITA, wanted).await.unwrap();
    let case = world.case(id).await;
    assert_eq!(
        (case.terms.nominee.id, case.terms.nominee.name.as_str()),
        (ada, "Person 01"),
        "as the service knows her"
    );
    answers(&world, &case, Answer::Confirm).await.unwrap();
    world.deliver().await;
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!(world.owners(&team).await, [team.owner, ada].into());
    world.check(team.id).await;
}

async fn nothing_of_a_recovery_is_usable_from_the_database(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    let mailed = present(&world, &key).await.unwrap();
    let code = key_code(&world, RITA).await;
    let unusable = |secrets: Vec<String>| {
        let world = &world;
        async move {
            let everything = json!(world.dump().await).to_string().to_lowercase();
            for secret in secrets {
                let secret = secret.to_lowercase();
                assert!(
                    !everything.contains(&secret) && !everything.contains(&secret.replace([' ', '-'], "")),
                    "{secret}"
                );
            }
        }
    };
    let lines = || key.sheet().lines().map(str::to_owned).chain([code.clone()]).collect::<Vec<_>>();
    unusable(lines()).await;
    let id = redeem(&world, mailed.recovery, &code, nora(Kind::Replace)).await.unwrap();
    let case = world.case(id).await;
    answers(&world, &case, Answer::Confirm).await.unwrap();
    world.deliver().await;
    world.advance(hours(72));
    world.sweep().await;
    let token = enrol_token(&world, &team, case.terms.nominee.id).await;
    let proof = token.split_once('.').unwrap().1.to_owned();
    unusable(lines().into_iter().chain([proof]).collect()).await;
}

/// INVARIANT 14, and that a race leaves everything whole.
async fn one_key_sent_many_times_opens_one_case(test: TestDb) {
    let world = World::new(test);
    let (team, rita, _) = held(&world, 0, &json!({})).await;
    let rounds = a_tenth_of_the_rounds();
    for _ in 0..rounds {
        let key = issue(&world, &team, rita.id, None, None).await.unwrap().secret;
        let mailed = present(&world, &key).await.unwrap();
        let code = key_code(&world, RITA).await;
        let runners = (0..64).map(|_| {
            let (app, code) = (world.app.clone(), code.clone());
            let unit = RedeemKey { app: app.clone(), recovery: mailed.recovery, code, wanted: nora(Kind::Add) };
            async move { app.db.run(unit).await.map_err(|error| code_of(&error)) }
        });
        let outcomes = at_once(runners.collect()).await;
        let (opened, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!((opened.len(), refused.len()), (1, 63));
        assert!(refused.iter().all(|outcome| *outcome == Err("wrong_code")), "{refused:?}");
        let case = world.case(opened[0].unwrap()).await;
        answers(&world, &case, Answer::Decline).await.unwrap();
    }
    world.check(team.id).await;
    tell(&format!("one paper key redeemed 64 times opened one case, in {rounds} rounds"));
}

fn code_of(error: &Error) -> &'static str {
    code(error)
}
