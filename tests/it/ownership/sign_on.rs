//! Single sign-on: which addresses an issuer has, and whom a provider's word lets in. Every guard is alone in its row.

use jiff::SignedDuration;
use proptest::prelude::*;
use quorate::{
    moment::Moment,
    ownership::{
        member::{Member, Status},
        settings::{Domain, JoinDomain, PROVEN_FOR},
        sign_on::{
            Admitted, Checked, Issuer, Known, LONGEST, LONGEST_SECRET, Networks, Pin, Refusal, Vouched, Wrong, admit,
            client_id, client_secret,
        },
    },
};

use super::fixtures::{START, TICK, member, preset, user};

fn domain(name: &str, proven_at: Option<Moment>) -> JoinDomain {
    JoinDomain { domain: Domain::taken(name).unwrap(), role: "member".to_owned(), proven_at }
}

fn proven() -> Vec<JoinDomain> {
    vec![domain("example.org", Some(START))]
}

fn says(subject: &str, address: Option<&str>, checked: Checked) -> Vouched {
    Vouched { subject: subject.to_owned(), address: address.map(|text| text.parse().unwrap()), checked }
}

fn well() -> Vouched {
    says("one", Some("mia@example.org"), Checked::Verified)
}

fn mia() -> Member {
    let mia = member(&preset("recommended"), 1, "member");
    assert!(mia.status == Status::Active && mia.confirmed, "the fixture signs in");
    mia
}

const fn first(member: &Member) -> Known<'_> {
    Known { member: Some(member), subject_is: None, signed_on_as: None }
}

fn judged_at(says: &Vouched, domains: &[JoinDomain], known: Known<'_>, now: Moment) -> Result<Pin, Refusal> {
    admit(says, domains, known, now).map(|Admitted { user: who, pin }| {
        assert_eq!(who, user(1));
        pin
    })
}

fn judged(says: &Vouched, known: Known<'_>) -> Result<Pin, Refusal> {
    judged_at(says, &proven(), known, START)
}

#[test]
fn an_issuer_is_kept_as_it_was_typed() {
    let read = |text| Issuer::read(text, Networks::Public);
    for (text, host) in [
        ("https://id.example.org", "id.example.org"),
        ("https://id.example.org/", "id.example.org"),
        ("https://ID.example.org:8443/realms/one@two", "ID.example.org:8443"),
    ] {
        let issuer = read(text).unwrap();
        assert_eq!((issuer.as_str(), issuer.host()), (text, host));
    }
    assert_ne!(read("https://a.example/"), read("https://a.example"), "a slash is a difference");
}

#[test]
fn what_is_no_issuer() {
    let long = format!("https://id.example.org/{}", "a".repeat(LONGEST));
    let rows = [
        ("http://id.example.org", Wrong::NotHttps),
        ("HTTPS://id.example.org", Wrong::NotHttps),
        (" https://id.example.org", Wrong::NotHttps),
        ("id.example.org", Wrong::NotHttps),
        ("javascript://id.example.org/%0aalert(1)", Wrong::NotHttps),
        ("", Wrong::NotHttps),
        (long.as_str(), Wrong::TooLong),
        ("https://id.example.org/a b", Wrong::Characters),
        ("https://id.exämple.org", Wrong::Characters),
        ("https://id.example.org\\@evil.example", Wrong::Characters),
        ("https://id.example.org\r\nHost: evil", Wrong::Characters),
        ("https://id.example.org?tenant=1", Wrong::MoreThanAPath),
        ("https://id.example.org/#a", Wrong::MoreThanAPath),
        ("https://id.example.org@evil.example/", Wrong::NamesAUser),
        ("https://", Wrong::NoHost),
        ("https:///path", Wrong::NoHost),
        ("https://:443/", Wrong::NoHost),
    ];
    for (text, why) in rows {
        for networks in [Networks::Public, Networks::Private] {
            assert_eq!(Issuer::read(text, networks), Err(Refusal::NotAnIssuer { why }), "{text:?}");
        }
    }
}

#[test]
fn only_this_machine_is_reached_in_the_clear_and_only_where_the_operator_says_so() {
    for text in ["http://127.0.0.1:9000", "http://localhost/realm", "http://[::1]:9000/"] {
        assert_eq!(Issuer::read(text, Networks::Public), Err(Refusal::NotAnIssuer { why: Wrong::NotHttps }), "{text}");
        assert!(Issuer::read(text, Networks::Private).is_ok(), "{text}");
    }
    for text in ["http://127.0.0.1.evil.example/", "http://localhost.evil.example", "http://10.0.0.1/"] {
        assert!(Issuer::read(text, Networks::Private).is_err(), "{text}");
    }
}

#[test]
fn what_a_client_is_known_by_is_visible() {
    assert_eq!(client_id(" quorate ").as_deref(), Ok("quorate"));
    assert_eq!(client_secret("s3cret~!").as_deref(), Ok("s3cret~!"));
    for wrong in ["", "  ", "two words", "ä", "a\nb"] {
        assert!(client_id(wrong).is_err() && client_secret(wrong).is_err(), "{wrong:?}");
    }
    assert!(client_id(&"a".repeat(LONGEST + 1)).is_err());
    assert!(
        client_secret(&"a".repeat(LONGEST_SECRET)).is_ok() && client_secret(&"a".repeat(LONGEST_SECRET + 1)).is_err()
    );
}

#[test]
fn the_first_time_keeps_the_subject_and_later_ones_need_it() {
    let mia = mia();
    assert_eq!(judged(&well(), first(&mia)), Ok(Pin::New));
    let again = Known { member: Some(&mia), subject_is: Some(user(1)), signed_on_as: Some("one") };
    assert_eq!(judged(&well(), again), Ok(Pin::Kept));
}

#[test]
fn nobody_comes_by_another_subject() {
    let mia = mia();
    let rows = [
        // A new subject has the address of somebody who is known by another.
        (None, Some("another")),
        // A known subject now has the address of somebody else, who is known by another, or by none.
        (Some(user(2)), Some("another")),
        (Some(user(2)), None),
        // What can only be when the rows contradict each other lets nobody in.
        (Some(user(2)), Some("one")),
        (Some(user(1)), Some("another")),
        (Some(user(1)), None),
    ];
    for (subject_is, signed_on_as) in rows {
        let known = Known { member: Some(&mia), subject_is, signed_on_as };
        assert_eq!(judged(&well(), known), Err(Refusal::AnotherSubject), "{known:?}");
    }
}

#[test]
fn only_a_verified_address_counts() {
    let mia = mia();
    let unverified = says("one", Some("mia@example.org"), Checked::Not);
    assert_eq!(judged(&unverified, first(&mia)), Err(Refusal::NotVerified));
    for checked in [Checked::Verified, Checked::Not] {
        assert_eq!(judged(&says("one", None, checked), first(&mia)), Err(Refusal::NoAddress));
    }
    for subject in [String::new(), "a".repeat(LONGEST + 1)] {
        let nobody = says(&subject, Some("mia@example.org"), Checked::Verified);
        assert_eq!(judged(&nobody, first(&mia)), Err(Refusal::NoSubject));
    }
}

#[test]
fn only_a_domain_that_is_proven_now_counts() {
    let mia = mia();
    let foreign = |name: &str| Err(Refusal::ForeignDomain { domain: name.to_owned() });
    for name in ["sub.example.org", "example.org.evil.example", "badexample.org"] {
        let elsewhere = says("one", Some(&format!("mia@{name}")), Checked::Verified);
        assert_eq!(judged(&elsewhere, first(&mia)), foreign(name));
    }
    for domains in [vec![], vec![domain("example.org", None)]] {
        assert_eq!(judged_at(&well(), &domains, first(&mia), START), foreign("example.org"));
    }
    // A domain in which anybody can have an address is nobody's to vouch for, although it was taken once.
    let anybody = says("one", Some("mia@gmail.com"), Checked::Verified);
    let taken = [domain("gmail.com", Some(START))];
    assert_eq!(judged_at(&anybody, &taken, first(&mia), START), foreign("gmail.com"));
    // It ends also for whoever has signed on before.
    let again = Known { member: Some(&mia), subject_is: Some(user(1)), signed_on_as: Some("one") };
    let over = START.after(PROVEN_FOR).after(TICK);
    assert_eq!(judged_at(&well(), &proven(), again, over), foreign("example.org"));
}

#[test]
fn only_an_active_confirmed_member_comes_in() {
    let none = Known { member: None, subject_is: None, signed_on_as: None };
    assert_eq!(judged(&well(), none), Err(Refusal::NotAMember));
    let mut rows = vec![Member { confirmed: false, ..mia() }];
    rows.extend([Status::Invited, Status::Suspended].map(|status| Member { status, ..mia() }));
    for member in rows {
        let again = Known { member: Some(&member), subject_is: Some(user(1)), signed_on_as: Some("one") };
        for known in [first(&member), again] {
            assert_eq!(judged(&well(), known), Err(Refusal::NotAMember), "{member:?}");
        }
    }
}

proptest! {
    /// Whatever a provider says, and whatever is known: who is let in is an active, confirmed member, has the verified address
    /// in a domain that is proven now, and no subject is ever two people's nor two subjects one person's.
    #[test]
    fn whoever_is_let_in_has_everything(
        subject in "[a-c]{0,2}",
        name in prop::sample::select(vec!["example.org", "other.example", "gmail.com", "sub.example.org"]),
        verified in any::<bool>(),
        proven_for in -1_i64..45,
        listed in prop::sample::select(vec!["example.org", "other.example", "gmail.com"]),
        status in prop::sample::select(vec![Status::Invited, Status::Active, Status::Suspended]),
        confirmed in any::<bool>(),
        is_member in any::<bool>(),
        subject_is in prop::option::of(1_u128..3),
        signed_on_as in prop::option::of("[a-c]{1,2}"),
    ) {
        let member = Member { status, confirmed, ..mia() };
        let checked = if verified { Checked::Verified } else { Checked::Not };
        let said = says(&subject, Some(&format!("mia@{name}")), checked);
        let now = START.after(SignedDuration::from_hours(24 * 40));
        let proven_at = (proven_for >= 0).then(|| now.before(SignedDuration::from_hours(24 * proven_for)));
        let known = Known {
            member: is_member.then_some(&member),
            subject_is: subject_is.map(user),
            signed_on_as: signed_on_as.as_deref(),
        };
        if let Ok(Admitted { user: who, pin }) = admit(&said, &[domain(listed, proven_at)], known, now) {
            prop_assert_eq!(who, member.user);
            prop_assert!(is_member && status == Status::Active && confirmed && verified && !subject.is_empty());
            prop_assert!(name == listed && name != "gmail.com" && (0..30).contains(&proven_for));
            match pin {
                Pin::New => prop_assert!(subject_is.is_none() && signed_on_as.is_none()),
                Pin::Kept => {
                    prop_assert_eq!(subject_is.map(user), Some(who));
                    prop_assert_eq!(signed_on_as.as_deref(), Some(subject.as_str()));
                }
            }
        }
    }
}
