//! The mails behind ballots: certificates hold them, nobody makes one that a mail does not bear out, and they are shown to nobody else.

use quorate::{
    activity::{
        certificate::{
            check::{Wrong, check},
            told::{Proof, Told},
        },
        log::{
            note::{Note, Signer as LogSigner},
            tree,
        },
        personal::{MAIL, Whose},
    },
    app::{
        audit::verify,
        audit_log::Kept as KeptLog,
        erase_values::erase,
        error::Error,
        view::{
            activity::{EntryFilter, activity},
            activity_export::Export,
            certificate::certificate,
        },
    },
    hash::Hash,
    id::{AccountId, CaseId, UserId},
    inbound::kept::{MOST_KEPT, Says},
    recovery::{ballot::Choice, case::State},
    store::{
        activity::{Line, mail},
        tx::Backend,
    },
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::{
    certificate::{certified, key, nothing_can_be_changed, second_checker},
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
    a_service_that_lies_of_mails_is_found_out,
    a_mail_is_shown_to_whoever_checks_a_certificate_alone,
    what_is_erased_is_the_services_word_again,
    what_cannot_be_checked_later_counts_and_proves_nothing,
    a_mail_that_was_tampered_with_stops_the_case,
);

/// A case that was opened, voted on and completed by mails of every usual form.
struct Story {
    desk: Desk,
    world: World,
    team: Team,
    case: CaseId,
}

impl Story {
    async fn told(test: TestDb) -> Self {
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

    async fn certificate(&self) -> String {
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
    let certificate: Value = serde_json::from_str(&text).unwrap();
    let mails = (0..8).filter_map(|at| Forgery::of(&certificate).mail(at)).collect::<Vec<_>>();
    assert!(mails.len() == 4 && mails.iter().all(|mail| !mail.contains("Received")), "{mails:?}");
    nothing_can_be_changed("mails", &text, &key(&story.world).await);
}

/// A certificate that whoever has the key of a log makes of another: all that follows from what they say is made anew.
#[derive(Clone)]
struct Forgery {
    bodies: Vec<Value>,
    personal: Vec<Map<String, Value>>,
    rest: Value,
}

impl Forgery {
    fn of(certificate: &Value) -> Self {
        let entries = certificate["entries"].as_array().unwrap();
        let bodies = entries.iter().map(|entry| serde_json::from_str(entry["body"].as_str().unwrap()).unwrap());
        let personal = entries.iter().map(|entry| entry["personal"].as_object().unwrap().clone());
        Self { bodies: bodies.collect(), personal: personal.collect(), rest: certificate.clone() }
    }

    /// Where the last ballot of somebody was recorded.
    fn ballot_of(&self, user: UserId) -> usize {
        let is = |body: &Value| body["kind"] == "case.ballot_cast" && body["user"] == user.to_string();
        self.bodies.iter().rposition(is).unwrap()
    }

    fn mail(&self, at: usize) -> Option<String> {
        let value = self.personal.get(at)?.get(MAIL)?["value"].as_str()?;
        Some(String::from_utf8(data_encoding::BASE64.decode(value.as_bytes()).unwrap()).unwrap())
    }

    fn set_mail(&mut self, at: usize, mail: &str) {
        let value = data_encoding::BASE64.encode(mail.as_bytes());
        self.personal[at].entry(MAIL).or_insert_with(|| json!({"salt": "00".repeat(16)}))["value"] = value.into();
    }

    /// Everything that follows, and the signature of another log.
    fn signed(mut self) -> String {
        let mut before: Option<String> = None;
        let (mut leaves, mut texts) = (Vec::new(), Vec::new());
        for (body, personal) in self.bodies.iter_mut().zip(&self.personal) {
            for (name, opening) in personal {
                let salt = data_encoding::HEXLOWER.decode(opening["salt"].as_str().unwrap().as_bytes()).unwrap();
                let hash = Hash::of_parts(&[&salt, opening["value"].as_str().unwrap().as_bytes()]);
                body["personal"][name] = hash.to_string().into();
            }
            if let Some(before) = &before {
                body["prev"] = Hash::of(before).to_string().into();
            }
            let text = serde_json_canonicalizer::to_string(body).unwrap();
            leaves.push(tree::leaf(&Hash::of(&text)));
            before = Some(text.clone());
            texts.push(text);
        }
        let entries = texts.iter().zip(&self.personal).enumerate().map(|(leaf, (body, personal))| {
            json!({"body": body, "leaf": leaf, "path": path(&leaves, leaf), "personal": personal})
        });
        let signer = LogSigner::new("log.example".parse().unwrap(), &Zeroizing::new([9; 32])).unwrap();
        let root = data_encoding::BASE64.encode(root(&leaves).as_bytes());
        let note = Note::signed(format!("log.example\n{}\n{root}\n", leaves.len()), &[&signer]);
        self.rest["entries"] = entries.collect();
        self.rest["log"] = json!({"key": signer.verifier().to_string(), "checkpoint": note.to_string()});
        self.rest.to_string()
    }
}

/// The greatest power of two below a number of leaves.
fn half(leaves: usize) -> usize {
    leaves.next_power_of_two() / 2
}

fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [one] => *one,
        more => {
            let (left, right) = more.split_at(half(more.len()));
            tree::node(&root(left), &root(right))
        }
    }
}

fn path(leaves: &[Hash], at: usize) -> Vec<String> {
    let [_, _, ..] = leaves else { return Vec::new() };
    let (left, right) = leaves.split_at(half(leaves.len()));
    let (mut below, beside) =
        if at < left.len() { (path(left, at), root(right)) } else { (path(right, at - left.len()), root(left)) };
    below.push(beside.to_string());
    below
}

/// A mail as it was before it was signed.
fn unsigned(mail: &str) -> String {
    let end = mail.find("\r\nFrom:").unwrap();
    mail.get(end + 2..).unwrap().to_owned()
}

type Change<'c> = Box<dyn Fn(&mut Forgery) + 'c>;

async fn a_service_that_lies_of_mails_is_found_out(test: TestDb) {
    let story = Story::told(test).await;
    let forgery = Forgery::of(&serde_json::from_str(&story.certificate().await).unwrap());
    let cases = lies(&story, &forgery).await;
    let directory = TempDir::new().unwrap();
    let mut expected = Vec::new();
    for (number, (what, verdict, change)) in cases.iter().enumerate() {
        let mut forged = forgery.clone();
        change(&mut forged);
        let text = forged.signed();
        std::fs::write(directory.path().join(format!("{number:05}.json")), &text).unwrap();
        let found = check(&text, None);
        assert_eq!(found.as_ref().err().map_or("valid", Wrong::code), *verdict, "{what}: {found:?}");
        expected.push(((*what).to_owned(), (*verdict).to_owned()));
    }
    let Some(theirs) = second_checker(directory.path(), None) else { return };
    let expected_words: Vec<&String> = expected.iter().map(|(_, verdict)| verdict).collect();
    let differing: Vec<_> = expected.iter().zip(&theirs).filter(|((_, ours), theirs)| ours != *theirs).collect();
    assert!(differing.is_empty(), "{differing:?}");
    assert_eq!(expected_words.len(), theirs.len());
}

/// What a service could say, and what is found.
async fn lies<'c>(story: &'c Story, forgery: &Forgery) -> Vec<(&'static str, &'static str, Change<'c>)> {
    let (world, team, signer) = (&story.world, &story.team, &story.desk.signer);
    let [ben, cleo, dora, eli, fay] = team.admins[..] else { panic!() };
    let at = |user| forgery.ballot_of(user);
    let (bens, doras, elis, fays) = (at(ben), at(dora), at(eli), at(fay));
    let mut address = Vec::new();
    for user in [team.owner, ben, cleo, dora, eli, fay] {
        address.push(world.person(user).await.email.to_string());
    }
    let [owners, _, cleos, _, elis_address, fays_address] = &address[..] else { panic!() };
    let (owners, cleos, elis_address, fays_address) =
        (owners.clone(), cleos.clone(), elis_address.clone(), fays_address.clone());
    let old = data_encoding::BASE64.encode(b"x");
    // A mail that was changed, with the signature that it has; and one that its domain has signed like that.
    let changed = |at: usize, from: &str, to: &str| -> Change<'c> {
        let (from, to) = (from.to_owned(), to.to_owned());
        Box::new(move |it| {
            let mail = it.mail(at).unwrap();
            assert!(mail.contains(&from), "{from} is not in {mail}");
            it.set_mail(at, &mail.replacen(&from, &to, 1));
        })
    };
    let written = move |at: usize, from: &str, to: &str, terms: fn() -> Terms| -> Change<'c> {
        let (from, to) = (from.to_owned(), to.to_owned());
        Box::new(move |it| {
            let mail = unsigned(&it.mail(at).unwrap());
            assert!(mail.contains(&from), "{from} is not in {mail}");
            it.set_mail(at, &signer.sign(&mail.replacen(&from, &to, 1), &terms()));
        })
    };
    let checked = |at: usize, what: &'static str, to: Value| -> Change<'c> {
        Box::new(move |it| it.bodies[at]["data"]["mail"][what] = to.clone())
    };
    let plain = Terms::default;
    let date = |mail: &str| mail.lines().find(|line| line.starts_with("Date:")).unwrap().trim_end().to_owned();
    let (bens_date, fays_date) = (date(&forgery.mail(bens).unwrap()), date(&forgery.mail(fays).unwrap()));
    let other_key = Signer::ed25519("example.org", 7).record();
    let strangers = Signer::ed25519("evil.example", 1);
    vec![
        ("nothing", "valid", Box::new(|_| ())),
        ("the domain signs the same once more", "valid", written(bens, "Owner", "Owner", plain)),
        ("a mail left out", "valid", Box::new(move |it| drop(it.personal[bens].remove(MAIL)))),
        (
            "a ballot as it was recorded before mails were kept",
            "valid",
            Box::new(move |it| {
                it.personal[bens].remove(MAIL);
                it.bodies[bens].as_object_mut().unwrap().remove("personal");
                it.bodies[bens]["data"].as_object_mut().unwrap().remove("mail");
            }),
        ),
        ("a letter of the text", "mail", changed(bens, "contactable", "contactible")),
        ("a letter of the header", "mail", changed(bens, "Subject: Owner", "Subject: owner")),
        ("the sender", "mail", changed(bens, "From: P", "From: Q")),
        ("the signature", "mail", changed(bens, "; b", ";  b")),
        ("the hash of the text", "mail", changed(bens, "bh=", "bh=A")),
        ("another key", "mail", checked(bens, "key", other_key.into())),
        ("a key that is tried out", "mail", checked(bens, "key", format!("{}; t=y", signer.record()).into())),
        ("a key that was revoked", "mail", checked(bens, "key", "v=DKIM1; k=ed25519; p=".into())),
        ("a key for something else", "mail", checked(bens, "key", format!("{}; s=x", signer.record()).into())),
        ("a key of another kind", "mail", checked(bens, "key", signer.record().replace("k=ed25519; ", "").into())),
        ("a key of another version", "mail", checked(bens, "key", signer.record().replace("DKIM1", "DKIM2").into())),
        ("a record with a line end", "mail", checked(bens, "key", format!("{}\n", signer.record()).into())),
        ("a record that says more", "valid", checked(bens, "key", format!(" {} ; n=new", signer.record()).into())),
        ("a record that is no text", "mail", checked(bens, "key", json!(1))),
        (
            "a longer record",
            "mail",
            checked(bens, "key", format!("{}; n={}", signer.record(), "n".repeat(4096)).into()),
        ),
        ("another address of ours", "mail", checked(bens, "to", "others@quorate.example".into())),
        ("one more member", "mail", checked(bens, "more", "more".into())),
        (
            "a mail that says nothing of its key",
            "mail",
            Box::new(move |it| {
                it.bodies[bens]["data"].as_object_mut().unwrap().remove("mail");
            }),
        ),
        (
            "a mail that was not committed to",
            "mail",
            Box::new(move |it| {
                it.personal[bens].remove(MAIL);
                it.bodies[bens].as_object_mut().unwrap().remove("personal");
            }),
        ),
        ("what is no mail", "mail", Box::new(move |it| it.personal[bens][MAIL]["value"] = old.clone().into())),
        (
            "what is no base64",
            "mail",
            Box::new(move |it| {
                let value = it.personal[bens][MAIL]["value"].as_str().unwrap().trim_end_matches('=').to_owned();
                it.personal[bens][MAIL]["value"] = format!("{value}\n").into();
            }),
        ),
        ("another nominee", "mail", written(bens, &cleos, &elis_address, plain)),
        ("another name", "mail", written(bens, "therefore Person", "therefore Somebody", plain)),
        ("the opposite", "mail", written(bens, "The current", "I do not say that: The current", plain)),
        ("a greeting in front", "valid", written(bens, "The current", "Hello all,\r\nThe current", plain)),
        ("a quotation", "mail", written(bens, "The current", "> The current", plain)),
        ("no sentence", "mail", written(bens, "contactable", "here", plain)),
        ("a rejection", "mail", written(fays, "I approve", "I reject", plain)),
        ("something else", "mail", written(fays, "I approve", "Perhaps", plain)),
        (
            "an answer that was written to the plain address",
            "mail",
            Box::new(move |it| {
                let mail = unsigned(&it.mail(fays).unwrap());
                let (start, rest) = mail.split_once("To: votes+").unwrap();
                let (_, rest) = rest.split_once('@').unwrap();
                it.set_mail(fays, &signer.sign(&format!("{start}To: votes@{rest}"), &Terms::default()));
            }),
        ),
        ("written to somebody else", "mail", written(bens, "To: votes@", "To: \"votes@quorate.example\" <ben@", plain)),
        ("written to several", "valid", written(bens, "To: votes@", "To: \"Ben, (B\" <b@example.org>, votes@", plain)),
        (
            "from the owner",
            "mail",
            Box::new(move |it| {
                let mail = it.mail(fays).unwrap().replace(&fays_address, &owners);
                it.set_mail(fays, &signer.sign(&unsigned(&mail), &Terms::default()));
            }),
        ),
        (
            "from the nominee",
            "mail",
            written(fays, "From: Person", &format!("From: <{cleos}> (Person"), || Terms::default()),
        ),
        ("from two", "mail", written(bens, "From: ", "From: x@example.org, ", plain)),
        ("two from one", "mail", {
            let mail = unsigned(&forgery.mail(bens).unwrap());
            Box::new(move |it| {
                let date = date(&it.mail(elis).unwrap());
                it.set_mail(elis, &signer.sign(&mail.replacen(&bens_date, &date, 1), &Terms::default()));
            })
        }),
        (
            "signed by another domain",
            "mail",
            Box::new(move |it| {
                it.bodies[bens]["data"]["mail"]["key"] = strangers.record().into();
                let mail = unsigned(&it.mail(bens).unwrap());
                it.set_mail(bens, &strangers.sign(&mail, &Terms::default()));
            }),
        ),
        ("a mail of the day before", "mail", written(fays, &fays_date, "Date: Mon, 1 Jan 2024 00:00:00 +0000", plain)),
        ("a day of the week that was not", "mail", {
            let other = if fays_date.contains("Mon,") {
                fays_date.replace("Mon,", "Tue,")
            } else {
                format!("Date: Mon,{}", fays_date.split_once(',').unwrap().1)
            };
            written(fays, &fays_date, &other, plain)
        }),
        ("a date with a word behind it", "valid", written(fays, &fays_date, &format!("{fays_date} (UTC)"), plain)),
        (
            "what is not signed: the text from its middle on",
            "mail",
            written(bens, "Owner", "Owner", || Terms { length: Some(3), ..Terms::default() }),
        ),
        (
            "what is not signed: to whom",
            "mail",
            written(bens, "Owner", "Owner", || Terms::covering(&["From", "Subject", "Date"])),
        ),
        (
            "what is not signed: about what",
            "mail",
            written(bens, "Owner", "Owner", || Terms::covering(&["From", "To", "Date"])),
        ),
        (
            "what is not signed: when",
            "mail",
            written(bens, "Owner", "Owner", || Terms::covering(&["From", "To", "Subject"])),
        ),
        ("what is not signed: how it is encoded", "mail", written(doras, "Owner", "Owner", plain)),
        ("a signature that had expired", "mail", written(bens, "Owner", "Owner", || Terms::tags("x=1; "))),
        ("a signature from later on", "mail", written(bens, "Owner", "Owner", || Terms::tags("t=99999999999; "))),
        (
            "a signature of one more kind",
            "mail",
            written(bens, "Owner", "Owner", || Terms { algorithm: Some("rsa-md5"), ..Terms::default() }),
        ),
        (
            "a signature for a part of the domain",
            "valid",
            written(bens, "Owner", "Owner", || Terms::tags("i=@a.example.org; ")),
        ),
        ("a signature for another domain", "mail", written(bens, "Owner", "Owner", || Terms::tags("i=@example.com; "))),
        (
            "the same in the simple form",
            "valid",
            written(bens, "Owner", " Owner  x", || Terms { form: "simple/relaxed", ..Terms::default() }),
        ),
        ("a second date", "mail", written(bens, "Subject:", "Date: Mon, 1 Jan 2024 00:00:00 +0000\r\nSubject:", plain)),
        ("a second signature", "mail", written(bens, "Subject:", "DKIM-Signature: v=1\r\nSubject:", plain)),
        ("a line that ends otherwise", "mail", changed(bens, "\r\nSubject", "\nSubject")),
        ("a larger mail", "mail", {
            let more = format!("Subject: {}\r\nX", "y".repeat(MOST_KEPT));
            written(bens, "Subject", &more, || Terms::covering(&["From", "To", "Subject", "Date"]))
        }),
        (
            "a rejection that was counted as an approval",
            "mail",
            Box::new(move |it| {
                it.bodies[doras]["data"]["choice"] = "approve".into();
                for body in &mut it.bodies {
                    if let Some(count) = body["data"]["approvals"].as_u64() {
                        body["data"]["approvals"] = (count + 1).into();
                    }
                }
            }),
        ),
        (
            "a mail that was said to be of another",
            "mail",
            Box::new(move |it| {
                let (mail, checked) = (it.mail(fays).unwrap(), it.bodies[fays]["data"]["mail"].clone());
                it.set_mail(elis, &mail);
                it.bodies[elis]["data"]["mail"] = checked;
            }),
        ),
        (
            "a mail beside something else",
            "mail",
            Box::new(move |it| {
                let mail = it.mail(bens).unwrap();
                it.set_mail(0, &mail);
            }),
        ),
    ]
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

async fn broken(world: &World) -> usize {
    verify(&world.app.db, None, &KeptLog::default(), &mut |_| ()).await.unwrap().problems.len()
}

async fn what_is_erased_is_the_services_word_again(test: TestDb) {
    let story = Story::told(test).await;
    let world = &story.world;
    let [ben, _, dora, ..] = story.team.admins[..] else { panic!() };
    let before = erase(&world.app, &OPERATOR, Whose::User(ben), Some(story.team.id)).await.unwrap();
    assert!(before.values > 0);
    let told = story.found().await;
    assert_eq!(told.ballots[&ben].proof, Proof::MailGone);
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
    assert_eq!(broken(&world).await, 0);
}

/// Whoever writes into the database makes no mails.
async fn a_mail_that_was_tampered_with_stops_the_case(test: TestDb) {
    let (world, desk) = (World::new(test), Desk::open().await);
    world.disarm().await;
    let alone = match world.app.db.backend() {
        Backend::Sqlite => "",
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
