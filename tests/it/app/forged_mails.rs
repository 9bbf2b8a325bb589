//! What a service that lies could make of a certificate with mails, and what is found of it.

use quorate::{
    activity::{
        certificate::check::{Wrong, check},
        log::{
            note::{Note, Signer as LogSigner},
            tree,
        },
        personal::MAIL,
    },
    hash::Hash,
    id::UserId,
    inbound::kept::MOST_KEPT,
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::{certificate::second_checker, mail_proofs::Story};
use crate::harness::{
    TestDb,
    dkim::{Signer, Terms},
    on_both,
};

on_both!(a_service_that_lies_of_mails_is_found_out);

/// A certificate that whoever has the key of a log makes of another: all that follows from what they say is made anew.
#[derive(Clone)]
pub struct Forgery {
    bodies: Vec<Value>,
    personal: Vec<Map<String, Value>>,
    rest: Value,
}

impl Forgery {
    pub fn of(certificate: &Value) -> Self {
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

    pub fn mail(&self, at: usize) -> Option<String> {
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
    let (mut ours, mut expected) = (Vec::new(), Vec::new());
    for (number, (what, verdict, change)) in cases.iter().enumerate() {
        let mut forged = forgery.clone();
        change(&mut forged);
        let text = forged.signed();
        std::fs::write(directory.path().join(format!("{number:05}.json")), &text).unwrap();
        ours.push(((*what).to_owned(), check(&text, None).as_ref().err().map_or("valid", Wrong::code).to_owned()));
        expected.push(((*what).to_owned(), (*verdict).to_owned()));
    }
    let differing = |found: &[(String, String)]| -> Vec<(String, String)> {
        found
            .iter()
            .zip(&expected)
            .filter(|(found, expected)| found != expected)
            .map(|(found, _)| found.clone())
            .collect()
    };
    let theirs = second_checker(directory.path(), None);
    let theirs: Option<Vec<_>> = theirs.map(|all| expected.iter().map(|(what, _)| what.clone()).zip(all).collect());
    let both = (differing(&ours), theirs.map(|theirs| differing(&theirs)).unwrap_or_default());
    assert_eq!(both, (Vec::new(), Vec::new()), "what our checker and the other one found instead");
}

/// What a service could say, and what is found.
#[expect(clippy::too_many_lines, reason = "a list, one after the other")]
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
    let (fays_own, cleos_address) = (fays_address.clone(), cleos.clone());
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
    let opening = bens_date.clone();
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
        ("a letter below the sentence", "mail", changed(elis, "Gr=FC", "Gr=FD")),
        (
            "a line of the text that ends otherwise",
            "mail",
            changed(bens, "new account owner.\r\n", "new account owner.\n"),
        ),
        ("an answer below a quotation", "valid", written(fays, "I approve", "> Please vote\r\nI approve", plain)),
        ("from the future", "mail", written(fays, &fays_date, "Date: Mon, 2 Mar 2026 11:10:01 +0000", plain)),
        ("nearly from the future", "valid", written(fays, &fays_date, "Date: Mon, 2 Mar 2026 11:10:00 +0000", plain)),
        ("older than the case", "mail", written(fays, &fays_date, "Date: Mon, 2 Mar 2026 08:59:59 +0000", plain)),
        ("as old as the case", "valid", written(fays, &fays_date, "Date: Mon, 2 Mar 2026 09:00:00 GMT", plain)),
        (
            "a day older than the case that it opens",
            "mail",
            written(bens, &opening, "Date: Sun, 1 Mar 2026 09:00:00 +0000", plain),
        ),
        (
            "nearly a day older than that",
            "valid",
            written(bens, &opening, "Date: Sun, 1 Mar 2026 10:00:01 +0100", plain),
        ),
        ("a letter of the header", "mail", changed(bens, "Subject: Owner", "Subject: owner")),
        ("the sender", "mail", changed(bens, "From: P", "From: Q")),
        ("blanks that may change on the way", "valid", changed(bens, "; b", ";  b")),
        (
            "the signature",
            "mail",
            Box::new(move |it| {
                let mail = it.mail(bens).unwrap();
                let (before, after) = mail.split_once("\r\n b=").unwrap();
                let other = if after.starts_with('A') { 'B' } else { 'A' };
                it.set_mail(bens, &format!("{before}\r\n b={other}{}", after.get(1..).unwrap()));
            }),
        ),
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
        ("another nominee", "mail", written(bens, &cleos_address, &elis_address, plain)),
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
            Box::new(move |it| {
                let mail = it.mail(fays).unwrap().replace(&fays_own, &cleos);
                it.set_mail(fays, &signer.sign(&unsigned(&mail), &Terms::default()));
            }),
        ),
        ("from two", "mail", written(bens, "From: ", "From: x@example.org, ", plain)),
        ("two from one", "mail", {
            let mail = unsigned(&forgery.mail(bens).unwrap());
            Box::new(move |it| {
                let date = date(&it.mail(elis).unwrap());
                it.set_mail(elis, &signer.sign(&mail.replacen(&bens_date, &date, 1), &Terms::default()));
                it.bodies[elis]["data"]["mail"] = it.bodies[bens]["data"]["mail"].clone();
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
            "what is not signed: whatever is written behind the text",
            "mail",
            written(bens, "Owner", "Owner", || Terms::tags("l=9999; ")),
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
