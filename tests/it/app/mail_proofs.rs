//! The mails behind ballots: certificates hold them, nobody makes one that a mail does not bear out, and they are shown to nobody else.

use std::process::Command;

use quorate::{
    activity::{
        certificate::{
            check::check,
            told::{Proof, Told},
        },
        personal::{MAIL, Whose},
    },
    app::{
        audit::verify,
        audit_log::Kept,
        erase_values::erase,
        error::Error,
        view::{
            activity::{EntryFilter, activity},
            activity_export::Export,
            certificate::certificate,
        },
    },
    id::{AccountId, CaseId, UserId},
    inbound::kept::{MOST_KEPT, Says},
    recovery::{ballot::Choice, case::State},
    store::{
        activity::{Line, mail},
        tx::Backend,
    },
};
use serde_json::Value;
use tempfile::NamedTempFile;

use super::{
    certificate::{certified, key, nothing_can_be_changed},
    forged_mails::Forgery,
    mailed::{ADDRESS, Desk, answer_address, sentence, written},
};
use crate::harness::{
    TestDb,
    dkim::{Signer, Terms},
    on_both,
    world::{OPERATOR, Team, World, hours},
};

on_both!(
    mails_are_certified,
    a_mail_is_shown_to_whoever_checks_a_certificate_alone,
    what_is_erased_is_the_services_word_again,
    what_cannot_be_checked_later_counts_and_proves_nothing,
    a_mail_that_was_tampered_with_stops_the_case,
);

/// A case that was opened, voted on and completed by mails of every usual form.
pub struct Story {
    pub desk: Desk,
    pub world: World,
    pub team: Team,
    case: CaseId,
}

impl Story {
    pub async fn told(test: TestDb) -> Self {
        let (mut world, desk) = (World::new(test), Desk::open().await);
        world.app = desk.app_on(world.app.clone());
        let team = world.account("single-owner", 5).await;
        let [ben, cleo, dora, eli, fay] = team.admins[..] else { panic!() };
        let words = sentence(&world, team.owner, cleo).await;
        let view = desk.counts(&world, &desk.mail_of(&world, ben, &words).await).await;
        world.advance(hours(1));

        let to = answer_address(&world, &team, dora).await;
        let coded = data_encoding::BASE64.encode(b"Hello,\r\nI reject.\r\nDora\r\n");
        let mail = draft(&world, dora, &to, "Content-Transfer-Encoding: base64", &coded).await;
        let covering = Terms::covering(&["From", "To", "Subject", "Date", "Content-Transfer-Encoding"]);
        desk.counts(&world, &desk.signer.sign(&mail, &covering)).await;

        let rsa = Signer::rsa("example.org");
        desk.records.put(&rsa.name(), &["v=spf1 -all", &rsa.record()]);
        let body = format!(
            "--b\nContent-Type: text/plain; charset=\"iso-8859-1\"\nContent-Transfer-Encoding: quoted-printable\n\nDear all,\n{}\n\n\
             Gr=FC=DFe\nEli\n--b\nContent-Type: text/html\n\n<p>&nbsp;</p>\n--b--",
            words.replace(" and therefore", "=\n and therefore")
        );
        let mail = draft(&world, eli, ADDRESS, "Content-Type: multipart/alternative; boundary=b", &body).await;
        desk.counts(&world, &rsa.sign(&mail, &Terms { form: "simple/simple", ..Terms::default() })).await;

        let to = answer_address(&world, &team, fay).await;
        desk.counts(&world, &desk.mail_to(&world, fay, &to, "no").await).await;
        world.advance(hours(1));
        desk.counts(&world, &desk.mail_to(&world, fay, &to, "I approve\n\n> Please vote").await).await;
        world.deliver().await;
        world.advance(hours(72));
        world.sweep().await;
        let case = view.case.unwrap();
        assert_eq!(world.case(case).await.state.word(), "completed");
        Self { desk, world, team, case }
    }

    pub async fn certificate(&self) -> String {
        certified(&self.world, self.case).await
    }

    async fn found(&self) -> Told {
        check(&self.certificate().await, Some(&key(&self.world).await)).unwrap()
    }
}

/// A mail with another kind of body.
async fn draft(world: &World, user: UserId, to: &str, kind: &str, body: &str) -> String {
    let person = world.person(user).await;
    let plain = written(world, &format!("\"{}\" <{}>", person.name, person.email), to, body);
    plain.replacen("\n\n", &format!("\nReceived: from a machine of theirs\n{kind}\n\n"), 1)
}

async fn mails_are_certified(test: TestDb) {
    let story = Story::told(test).await;
    let [ben, _, dora, eli, fay] = story.team.admins[..] else { panic!() };
    let told = story.found().await;
    for (user, choice, says, key) in [
        (ben, Choice::Approve, Says::People, "mail"),
        (dora, Choice::Reject, Says::Answer, "mail"),
        (eli, Choice::Approve, Says::People, "rsa"),
        (fay, Choice::Approve, Says::Answer, "mail"),
    ] {
        let ballot = &told.ballots[&user];
        let Proof::Mail(mail) = &ballot.proof else { panic!("{ballot:?}") };
        assert_eq!((ballot.choice, mail.says), (choice, says));
        assert_eq!(mail.from, story.world.person(user).await.email.as_str());
        assert_eq!(mail.key_name, format!("{key}._domainkey.example.org"));
    }
    let Proof::Mail(mail) = &told.ballots[&eli].proof else { panic!() };
    assert_eq!((mail.lines.first().unwrap().as_str(), mail.lines[2].as_str()), ("Dear all,", "Gr\u{fc}\u{df}e"));
    let text = story.certificate().await;
    assert_eq!(text.matches("\"mail\":{\"salt\"").count(), 4, "not the one that was changed");
    let said = verified(&text);
    for (user, sentence) in [
        (ben, "names the owner and the nominee"),
        (dora, "it answers a question; that this was the case is the service's word"),
    ] {
        let email = story.world.person(user).await.email;
        let proof =
            format!("proof: a mail of {email}, and its signature is right; it {}", sentence.trim_start_matches("it "));
        assert!(said.contains(&proof), "{said}");
    }
    assert!(
        said.contains("signed with the key at mail._domainkey.example.org, SHA-256 ") && said.contains("| I approve")
    );
    let certificate: Value = serde_json::from_str(&text).unwrap();
    let mails = (0..8).filter_map(|at| Forgery::of(&certificate).mail(at)).collect::<Vec<_>>();
    assert!(mails.len() == 4 && mails.iter().all(|mail| !mail.contains("Received")), "{mails:?}");
    nothing_can_be_changed("mails", &text, &key(&story.world).await);
}

async fn a_mail_is_shown_to_whoever_checks_a_certificate_alone(test: TestDb) {
    let Story { world, team, case, .. } = Story::told(test).await;
    let listed = activity(&world.app, &OPERATOR, team.id, EntryFilter::default(), 500).await.unwrap();
    let mailed: Vec<_> = listed.iter().filter(|view| view.entry.personal.contains_key(MAIL)).collect();
    assert_eq!(mailed.len(), 5, "every ballot by mail");
    assert!(mailed.iter().all(|view| view.values.is_empty() && view.erased.is_empty()), "{mailed:?}");
    let mut export = Export::begin(&world.app, &OPERATOR, team.id, EntryFilter::default()).await.unwrap();
    let piece = export.next().await.unwrap();
    assert!(piece.lines.iter().all(|line| !line.view.values.contains_key(MAIL) && line.view.erased.is_empty()));
    let stranger = world.stranger().await;
    assert!(certificate(&world.app, &world.proven(stranger), case).await.is_err());
    world.check(team.id).await;
}

/// What the program says of a certificate that is right.
fn verified(text: &str) -> String {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let program = env!("CARGO_BIN_EXE_quorate");
    let output = Command::new(program).args(["certificate", "verify"]).arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stdout).unwrap()
}

async fn broken(world: &World) -> usize {
    verify(&world.app.db, None, &Kept::default(), std::sync::Arc::new(|_| ())).await.unwrap().problems.len()
}

async fn what_is_erased_is_the_services_word_again(test: TestDb) {
    let story = Story::told(test).await;
    let world = &story.world;
    let [ben, _, dora, ..] = story.team.admins[..] else { panic!() };
    let before = erase(&world.app, &OPERATOR, Whose::User(ben), Some(story.team.id)).await.unwrap();
    assert!(before.values > 0);
    let told = story.found().await;
    assert_eq!(told.ballots[&ben].proof, Proof::MailGone);
    let said = verified(&story.certificate().await);
    assert!(said.contains("proof: the service's word; the mail was erased, or left out of the certificate"), "{said}");
    assert!(matches!(told.ballots[&dora].proof, Proof::Mail(_)));
    assert_eq!(broken(world).await, 0);
    world.check(story.team.id).await;
}

/// Where the ballots of somebody are recorded, with what is kept of their mails.
async fn kept(world: &World, account: AccountId, lines: &[Line]) -> Vec<bool> {
    let mut tx = world.app.db.read().await.unwrap();
    let mut found = Vec::new();
    for line in lines {
        let there = mail(&mut tx, account, line.seq).await.unwrap().is_some();
        assert_eq!(there, line.entry().unwrap().data.contains_key("mail"));
        found.push(there);
    }
    found
}

async fn what_cannot_be_checked_later_counts_and_proves_nothing(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let team = world.account("single-owner", 5).await;
    let [ben, cleo, dora, eli, fay] = team.admins[..] else { panic!() };
    let words = sentence(&world, team.owner, cleo).await;
    let view = desk.counts(&world, &desk.mail_of(&world, ben, &words).await).await;
    let letterhead = format!("{words}\n\n-- \n{}", "x\n".repeat(MOST_KEPT / 2));
    desk.counts(&world, &desk.mail_of(&world, dora, &letterhead).await).await;
    // Letters that few programs write.
    let mail = draft(&world, eli, ADDRESS, "Content-Type: text/plain; charset=gbk", &words).await;
    desk.counts(&world, &desk.signer.sign(&mail, &Terms::default())).await;
    let case = world.case(view.case.unwrap()).await;
    let lines = world.lines(&case, "case.ballot_cast").await;
    assert_eq!(kept(&world, team.id, &lines).await, [true, false, false]);
    // Signed in, the same person leaves no mail behind.
    world.advance(hours(1));
    world.vote(&case, fay, Choice::Reject).await.unwrap();
    world.deliver().await;
    world.advance(hours(72));
    world.sweep().await;
    let told = check(&certified(&world, case.id()).await, None).unwrap();
    assert!(matches!(told.ballots[&ben].proof, Proof::Mail(_)));
    for user in [dora, eli, fay] {
        assert_eq!(told.ballots[&user].proof, Proof::Service);
    }
    assert!(verified(&certified(&world, case.id()).await).contains("proof: the service's word\n"));
    assert_eq!(broken(&world).await, 0);
}

/// Whoever writes into the database makes no mails.
async fn a_mail_that_was_tampered_with_stops_the_case(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    let alone = match world.app.db.backend() {
        Backend::Sqlite => {
            world.script("drop trigger activity_personal_update; drop trigger activity_personal_delete").await;
            ""
        }
        Backend::Postgres => "set session_replication_role = replica; ",
    };
    for tampered in [
        "delete from activity_personal where name = 'mail'",
        "update activity_personal set value = 'AAAA' where name = 'mail'",
        "update activity_personal set value = (select max(value) from activity_personal where name = 'mail') where name = 'mail'",
    ] {
        let team = world.account("single-owner", 5).await;
        let [ben, cleo, dora, eli, _] = team.admins[..] else { panic!() };
        let words = sentence(&world, team.owner, cleo).await;
        let view = desk.counts(&world, &desk.mail_of(&world, ben, &words).await).await;
        desk.counts(&world, &desk.mail_of(&world, dora, &words).await).await;
        let case = world.case(view.case.unwrap()).await;
        let before = broken(&world).await;
        world.script(&format!("{alone}{tampered}")).await;
        assert_eq!(broken(&world).await, before + 1, "{tampered}");
        let mail = desk.mail_of(&world, eli, &words).await;
        let stopped = desk.take(&world, &mail).await;
        assert!(matches!(stopped, Err(Error::Internal(_))), "{tampered}: {stopped:?}");
        // The owners' veto counts nobody.
        assert!(matches!(world.veto(&case, team.owner).await.unwrap().state, State::Vetoed { .. }));
    }
}
