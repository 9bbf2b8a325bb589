//! Ballots that are signed with a passkey: where they are asked for nothing else counts, a signature is for one ballot, and
//! what is kept of it shows later what was signed, and nothing else.

use jiff::SignedDuration;
use quorate::{
    app::{
        act::{Acted, Asked},
        error::Error,
        principal::Principal,
        prove_passkey::ask_proof,
        remove_passkey::RemovePasskey,
        sign_ballot::{CastSigned, SignBallot, Signing, Wanted, ask_signature, cast_signed},
        use_passkey::Answer,
    },
    hash::Hash,
    id::UserId,
    jobs::deadlines,
    passkey::ballot::Signature,
    recovery::{
        ballot::Choice,
        case::{Case, State},
        policy::BallotWay,
        terms::TermsHash,
    },
    store::signatures,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{
    passkeys::{SITE, add},
    passwords::{ONE, by_mail, by_password, set},
};
use crate::harness::{
    TestDb,
    authenticator::Device,
    on_both,
    world::{Team, World, days, refused},
};

on_both!(
    only_signed_ballots_count_where_they_are_asked_for,
    a_signature_is_for_one_ballot,
    what_is_kept_shows_what_was_signed,
    a_ballot_that_was_not_signed_so_stops_the_case,
    whoever_need_not_sign_may,
    a_passkey_that_is_gone_signs_nothing,
);

/// Somebody who votes, with their passkey.
pub struct Voter {
    pub user: UserId,
    pub device: Device,
    pub by: Principal,
}

/// Three administrators with passkeys, in an account with these ways to vote, and a case for somebody else.
pub async fn opened(world: &World, ballots: &[&str]) -> (Team, [Voter; 3], Case) {
    let team = world.account_with("recommended", 3, &json!({"ballots": ballots})).await;
    for admin in &team.admins {
        set(world, &by_mail(world, *admin).await, ONE).await.unwrap();
    }
    world.advance(days(30));
    let mut voters = Vec::new();
    for user in team.admins.clone() {
        let mut device = Device::at(SITE);
        let by = by_password(world, user, ONE).await;
        add(world, &mut device, &by, "Telephone").await.unwrap();
        voters.push(Voter { user, device, by });
    }
    let nominee = world.join(&team, world.proven(team.owner), "member").await;
    let case = world.open(&team, team.admins[0], nominee).await.unwrap();
    (team, voters.try_into().ok().unwrap(), case)
}

pub const fn wanted(case: &Case, choice: Choice) -> Wanted {
    Wanted { case: case.id(), choice, terms_hash: case.terms_hash }
}

/// Has a passkey answer what is asked for that ballot.
pub async fn answer(world: &World, voter: &mut Voter, wanted: Wanted) -> Answer {
    let (ceremony, options) = ask_signature(&world.app, &voter.by, wanted).await.unwrap();
    Answer { ceremony, answer: voter.device.get(&options) }
}

async fn sign(world: &World, voter: &mut Voter, case: &Case, choice: Choice) -> Result<Acted, Error> {
    let wanted = wanted(case, choice);
    let answer = answer(world, voter, wanted).await;
    cast_signed(&world.app, voter.by.clone(), wanted, answer).await
}

async fn kept(world: &World, case: &Case, user: UserId) -> Option<Signature> {
    let mut tx = world.app.db.read().await.unwrap();
    signatures::of_case(&mut tx, case.id()).await.unwrap().remove(&user)
}

async fn only_signed_ballots_count_where_they_are_asked_for(test: TestDb) {
    let world = World::new(test);
    let (team, [mut ada, mut ben, mut cleo], case) = opened(&world, &["passkey"]).await;
    let (choice, terms_hash) = (Choice::Approve, case.terms_hash);
    for way in [BallotWay::SignedIn, BallotWay::MailLink] {
        let asked = Asked::Cast { choice, terms_hash, way };
        refused(world.act(case.id(), by_password(&world, ada.user, ONE).await, asked).await, "way_not_allowed");
    }
    let asked = Asked::Cast { choice, terms_hash, way: BallotWay::Passkey };
    refused(world.act(case.id(), by_password(&world, ada.user, ONE).await, asked).await, "signed_something_else");

    // No other proof than the signature is asked for.
    world.advance(SignedDuration::from_mins(20));
    let acted = sign(&world, &mut ada, &case, Choice::Approve).await.unwrap();
    let ballot = acted.case.electors[&ada.user].ballot.clone().unwrap();
    assert_eq!((ballot.choice, ballot.way), (Choice::Approve, BallotWay::Passkey));
    sign(&world, &mut ben, &case, Choice::Reject).await.unwrap();
    let acted = sign(&world, &mut cleo, &case, Choice::Approve).await.unwrap();
    assert!(matches!(acted.case.state, State::Waiting { .. }), "{:?}", acted.case.state);

    // The log covers each signature.
    let logged = world.lines(&case, "case.ballot_cast").await;
    assert_eq!(logged.len(), 3);
    for (line, voter) in logged.iter().zip([&ada, &ben, &cleo]) {
        let signature = kept(&world, &case, voter.user).await.unwrap();
        let hash = Hash::of(&signature.to_text().unwrap());
        let data = serde_json::to_value(&line.entry().unwrap().data).unwrap();
        assert_eq!((&data["signature"], &data["way"]), (&json!(hash.to_string()), &json!("passkey")));
    }

    // They change their minds, and take it back: the signature is of the ballot that stands.
    let before = kept(&world, &case, ben.user).await.unwrap();
    sign(&world, &mut ben, &case, Choice::Reject).await.unwrap();
    assert_eq!(kept(&world, &case, ben.user).await.unwrap(), before, "the same again changes nothing");
    sign(&world, &mut ben, &case, Choice::Approve).await.unwrap();
    kept(&world, &case, ben.user).await.unwrap().verify(terms_hash, Choice::Approve).unwrap();
    world.act(case.id(), ben.by.clone(), Asked::TakeBack).await.unwrap();
    sweep(&world, 40).await;
    assert_eq!(world.owners(&team).await, [case.terms.nominee.id].into(), "and the case completes");
    world.check(team.id).await;
}

/// Lets so many days pass, and the deadlines with them.
async fn sweep(world: &World, count: i64) {
    for _ in 0..count {
        world.advance(days(1));
        world.deliver().await;
        world.tick().await;
    }
}

async fn a_signature_is_for_one_ballot(test: TestDb) {
    let world = World::new(test);
    let (_, [mut ada, mut ben, _], case) = opened(&world, &["passkey"]).await;
    let (yes, no) = (wanted(&case, Choice::Approve), wanted(&case, Choice::Reject));
    let cast = |by: &Principal, wanted, answer: &Answer| cast_signed(&world.app, by.clone(), wanted, answer.clone());

    // For that choice, by its holder, in that session, once.
    let signed = answer(&world, &mut ada, no).await;
    refused(cast(&ada.by, yes, &signed).await, "passkey_refused");
    let signed = answer(&world, &mut ada, no).await;
    refused(cast(&ben.by, no, &signed).await, "passkey_refused");
    let elsewhere = by_password(&world, ada.user, ONE).await;
    let signed = answer(&world, &mut ada, no).await;
    refused(cast(&elsewhere, no, &signed).await, "passkey_refused");
    let signed = answer(&world, &mut ada, no).await;
    cast(&ada.by, no, &signed).await.unwrap();
    refused(cast(&ada.by, no, &signed).await, "ceremony_over");
    refused(cast(&ada.by, yes, &signed).await, "ceremony_over");

    // For those terms.
    let other = Wanted { terms_hash: TermsHash::of("other terms"), ..yes };
    refused(ask_signature(&world.app, &ada.by, other).await, "terms_differ");
    let signed = answer(&world, &mut ben, yes).await;
    refused(cast(&ben.by, other, &signed).await, "passkey_refused");

    // What was shown for something else is no ballot.
    let (ceremony, options) = ask_proof(&world.app, &ben.by).await.unwrap();
    let shown = Answer { ceremony, answer: ben.device.get(&options) };
    refused(cast(&ben.by, yes, &shown).await, "passkey_refused");

    // On a page of ours, by whoever its device has made sure of, within five minutes.
    ben.device.origin = "https://quorate.example.evil".to_owned();
    let signed = answer(&world, &mut ben, yes).await;
    refused(cast(&ben.by, yes, &signed).await, "passkey_refused");
    SITE.clone_into(&mut ben.device.origin);
    ben.device.verifies = false;
    let signed = answer(&world, &mut ben, yes).await;
    refused(cast(&ben.by, yes, &signed).await, "passkey_refused");
    ben.device.verifies = true;
    let signed = answer(&world, &mut ben, yes).await;
    world.advance(SignedDuration::from_mins(5) + SignedDuration::from_secs(1));
    refused(cast(&ben.by, yes, &signed).await, "ceremony_over");
    assert_eq!(kept(&world, &case, ben.user).await, None);
}

async fn what_is_kept_shows_what_was_signed(test: TestDb) {
    let world = World::new(test);
    let (_, [mut ada, mut ben, _], case) = opened(&world, &["passkey"]).await;
    sign(&world, &mut ada, &case, Choice::Approve).await.unwrap();
    sign(&world, &mut ben, &case, Choice::Approve).await.unwrap();
    let (mine, theirs) = (kept(&world, &case, ada.user).await.unwrap(), kept(&world, &case, ben.user).await.unwrap());
    let signed = mine.verify(case.terms_hash, Choice::Approve).unwrap();
    assert!(signed.is_for(case.terms_hash, Choice::Approve) && !signed.is_for(case.terms_hash, Choice::Reject));
    mine.verify(case.terms_hash, Choice::Reject).unwrap_err();
    mine.verify(TermsHash::of("other terms"), Choice::Approve).unwrap_err();

    // Each part of it, taken from another signature or changed in one place, shows nothing any more.
    let (mine, theirs) = (serde_json::to_value(&mine).unwrap(), serde_json::to_value(&theirs).unwrap());
    let shows = |value: Value| {
        serde_json::from_value::<Signature>(value).is_ok_and(|it| it.verify(case.terms_hash, Choice::Approve).is_ok())
    };
    assert!(shows(mine.clone()));
    let parts = ["public_key", "relying_party", "origin", "nonce", "authenticator_data", "client_data", "signature"];
    for part in parts {
        let mut changed = mine.clone();
        for place in 0..mine[part].as_str().map_or(0, str::len) {
            let mut letters: Vec<char> = mine[part].as_str().unwrap().chars().collect();
            letters[place] = if letters[place] == 'A' { 'B' } else { 'A' };
            changed[part] = letters.into_iter().collect::<String>().into();
            assert!(!shows(changed.clone()), "{part}, at {place}");
        }
        // Both are of one service, and their devices have signed as often.
        if theirs[part] != mine[part] {
            changed[part] = theirs[part].clone();
            assert!(!shows(changed), "{part} of another signature");
        }
    }
}

/// Whoever writes into the database makes no ballots.
async fn a_ballot_that_was_not_signed_so_stops_the_case(test: TestDb) {
    let world = World::new(test);
    for tampered in [
        "update ballots set choice = 'approve' where choice = 'reject'",
        "delete from ballot_signatures",
        "update ballot_signatures set signature = (select max(signature) from ballot_signatures)",
    ] {
        let (team, [mut ada, mut ben, mut cleo], case) = opened(&world, &["passkey"]).await;
        sign(&world, &mut ada, &case, Choice::Approve).await.unwrap();
        sign(&world, &mut ben, &case, Choice::Reject).await.unwrap();
        world.script(tampered).await;
        let stopped = sign(&world, &mut cleo, &case, Choice::Approve).await;
        assert!(matches!(stopped, Err(Error::Internal(_))), "{tampered}: {stopped:?}");
        // The owners' veto counts nobody.
        assert!(matches!(world.veto(&case, team.owner).await.unwrap().state, State::Vetoed { .. }));
    }
    // Nor does it complete, if that was done while the waiting period runs.
    let (team, [mut ada, mut ben, _], case) = opened(&world, &["passkey"]).await;
    sign(&world, &mut ada, &case, Choice::Approve).await.unwrap();
    sign(&world, &mut ben, &case, Choice::Approve).await.unwrap();
    world.script("update ballot_signatures set signature = (select max(signature) from ballot_signatures)").await;
    let mut failed = 0;
    for _ in 0..40 {
        world.advance(days(1));
        world.deliver().await;
        failed += deadlines::sweep(&world.app, &CancellationToken::new()).await.unwrap().failed;
    }
    assert!(failed > 0);
    assert_eq!(world.owners(&team).await, [team.owner].into());
}

async fn whoever_need_not_sign_may(test: TestDb) {
    let world = World::new(test);
    let (team, [mut ada, ben, _], case) = opened(&world, &["signed_in"]).await;
    let acted = sign(&world, &mut ada, &case, Choice::Approve).await.unwrap();
    assert_eq!(acted.case.electors[&ada.user].ballot.as_ref().unwrap().way, BallotWay::Passkey);
    let asked = Asked::Cast { choice: Choice::Approve, terms_hash: case.terms_hash, way: BallotWay::SignedIn };
    let case = world.act(case.id(), by_password(&world, ben.user, ONE).await, asked).await.unwrap();
    assert!(matches!(case.state, State::Waiting { .. }), "{:?}", case.state);
    world.check(team.id).await;
}

async fn a_passkey_that_is_gone_signs_nothing(test: TestDb) {
    let world = World::new(test);
    let (_, [mut ada, mut ben, _], case) = opened(&world, &["passkey"]).await;
    let yes = wanted(&case, Choice::Approve);
    // Removed between its use and the ballot.
    let signed = answer(&world, &mut ada, yes).await;
    let (app, principal) = (world.app.clone(), ada.by.clone());
    let sign = SignBallot { app: app.clone(), principal: principal.clone(), wanted: yes, answer: signed };
    let Signing::By(signature, proof) = world.app.db.run(sign).await.unwrap() else { panic!("copied") };
    let remove = RemovePasskey { app: app.clone(), passkey: signature.passkey, principal: principal.clone() };
    world.app.db.run(remove).await.unwrap();
    let cast = CastSigned { app, principal, wanted: yes, signature: *signature, proof };
    refused(world.app.db.run(cast).await, "passkey_refused");
    refused(ask_signature(&world.app, &ada.by, yes).await, "passkey_refused");

    // A copy of it ends it, instead of voting.
    let mut copy = ben.device.copy();
    let (ceremony, options) = ask_signature(&world.app, &ben.by, yes).await.unwrap();
    let first = Answer { ceremony, answer: ben.device.get(&options) };
    let (ceremony, options) = ask_signature(&world.app, &ben.by, yes).await.unwrap();
    let second = Answer { ceremony, answer: copy.get(&options) };
    let acted = cast_signed(&world.app, ben.by.clone(), yes, first).await.unwrap();
    assert!(acted.case.electors[&ben.user].ballot.is_some());
    refused(cast_signed(&world.app, ben.by.clone(), wanted(&case, Choice::Approve), second).await, "passkey_refused");
    refused(ask_signature(&world.app, &ben.by, yes).await, "passkey_refused");
}
