//! Settings: names, colours, logos, domains and references that are taken, and those that are not.

use quorate::{
    id::AccountId,
    ownership::{
        account::Status as Account,
        address::Email,
        preset::Reference,
        refusal::Refusal,
        settings::{
            Branding, Colour, DARK_GROUNDS, Domain, JoinDomain, LARGEST_LOGO, LIGHT_GROUNDS, LONGEST_BRAND,
            LONGEST_REFERENCE, Logo, PROVEN_FOR, Scheme, Shades, TextOn, check_reference, may_join, with_domain,
        },
    },
};
use uuid::Uuid;

use super::fixtures::*;

#[test]
fn a_brand_is_a_visible_name() {
    assert_eq!(Branding::name("  Acme Ltd ").unwrap(), "Acme Ltd");
    assert_eq!(Branding::name(&"é".repeat(LONGEST_BRAND)).unwrap().chars().count(), LONGEST_BRAND);
    let long = "a".repeat(LONGEST_BRAND + 1);
    for bad in ["", "  ", "a\nb", "a\u{202e}b", "a\u{200b}b", "a\u{2066}b", "\u{feff}a", long.as_str()] {
        assert_eq!(Branding::name(bad), Err(Refusal::BrandName { most: LONGEST_BRAND }), "{bad:?}");
    }
}

#[test]
fn text_on_any_colour_can_be_read() {
    let colour = |text: &str| text.parse::<Colour>();
    for (text, on, contrast) in [
        ("#000000", TextOn::White, 2100),
        ("#ffffff", TextOn::Black, 2100),
        ("#1d4ed8", TextOn::White, 670),
        ("#FFD700", TextOn::Black, 1497),
        ("#777777", TextOn::Black, 468),
        ("#767676", TextOn::Black, 462),
        ("#ff0000", TextOn::Black, 525),
    ] {
        let colour = colour(text).unwrap();
        assert_eq!(colour.to_string(), text.to_ascii_lowercase());
        assert_eq!(colour.text_on(), on, "{text}");
        assert!(colour.contrast(on).abs_diff(contrast) <= 1, "{text}: {}", colour.contrast(on));
    }
    for (red, green, blue) in (0..=255_u32).step_by(5).flat_map(|red| {
        (0..=255_u32).step_by(5).flat_map(move |green| (0..=255_u32).step_by(15).map(move |blue| (red, green, blue)))
    }) {
        let colour: Colour = format!("#{red:02x}{green:02x}{blue:02x}").parse().unwrap();
        assert!(colour.contrast(colour.text_on()) >= 450, "{colour}");
    }
    for bad in ["", "#", "red", "#12345", "#1234567", "1d4ed8", "#1d4eg8", "#+d4ed8", "# 12345", "#ÿÿÿ"] {
        assert!(matches!(bad.parse::<Colour>(), Err(Refusal::NotAColour { .. })), "{bad}");
    }
    assert_eq!(serde_json::to_string(&colour("#1D4ED8").unwrap()).unwrap(), "\"#1d4ed8\"");
    assert!(serde_json::from_str::<Colour>("\"blue\"").is_err());
}

#[test]
fn links_and_buttons_of_any_colour_can_be_read() {
    let steps = || [0_u32, 1, 64, 100, 119, 128, 160, 200, 254, 255].into_iter();
    for (red, green, blue) in
        steps().flat_map(|red| steps().flat_map(move |green| steps().map(move |blue| (red, green, blue))))
    {
        let colour: Colour = format!("#{red:02x}{green:02x}{blue:02x}").parse().unwrap();
        for (scheme, grounds) in [(Scheme::Light, LIGHT_GROUNDS), (Scheme::Dark, DARK_GROUNDS)] {
            let Shades { accent, strong, ink } = Shades::of(colour, scheme);
            for shade in [accent, strong] {
                assert!(grounds.iter().all(|ground| shade.contrast_with(*ground) >= 450), "{colour} {scheme:?}");
                assert!(shade.contrast_with(ink) >= 450, "{colour} {scheme:?}: text on {shade}");
            }
        }
    }
    // What can be read stays as it is.
    let blue: Colour = "#1d4ed8".parse().unwrap();
    assert_eq!(Shades::of(blue, Scheme::Light).accent, blue);
    assert_ne!(Shades::of(blue, Scheme::Dark).accent, blue);
}

/// The grounds are those of the stylesheet.
#[test]
fn the_grounds_are_those_of_the_pages() {
    let style = include_str!("../../../src/web/assets/style/tokens.css");
    let (light, dark) = style.split_once("prefers-color-scheme: dark").unwrap();
    for (part, grounds) in [(light, LIGHT_GROUNDS), (dark, DARK_GROUNDS)] {
        for (name, ground) in ["page", "sheet", "sunk", "info"].into_iter().zip(grounds) {
            assert!(part.contains(&format!("--{name}: {ground};")), "{name} is not {ground}");
        }
    }
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &kind, data, &[0; 4]].concat()
}

fn end() -> Vec<u8> {
    b"\0\0\0\0IEND\xaeB`\x82".to_vec()
}

fn header(width: u32, height: u32) -> Vec<u8> {
    chunk(*b"IHDR", &[&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat())
}

fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
}

#[test]
fn a_logo_is_one_whole_still_png() {
    let pixels = || chunk(*b"IDAT", &[1, 2, 3]);
    let good = png(&[header(64, 32), pixels(), pixels(), end()]);
    let logo = Logo::read(good.clone()).unwrap();
    assert_eq!((logo.width(), logo.height(), logo.png()), (64, 32, good.as_slice()));
    let large = chunk(*b"IDAT", &vec![0; LARGEST_LOGO]);
    let bad: [(Vec<u8>, &str); 14] = [
        (Vec::new(), "no PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "no PNG"),
        (b"GIF89a".to_vec(), "no PNG"),
        (png(&[header(64, 64), large, end()]), "larger"),
        (png(&[header(15, 64), pixels(), end()]), "16 to 1024"),
        (png(&[header(64, 1025), pixels(), end()]), "16 to 1024"),
        (png(&[header(0, 64), pixels(), end()]), "16 to 1024"),
        (png(&[pixels(), header(64, 64), end()]), "damaged"),
        (png(&[header(64, 64), end()]), "damaged"),
        (png(&[header(64, 64), pixels()]), "damaged"),
        (png(&[header(64, 64), chunk(*b"acTL", &[0; 8]), pixels(), end()]), "moves"),
        // Something follows the picture, or the picture is cut off.
        (png(&[header(64, 64), pixels(), end(), b"<script>".to_vec()]), "damaged"),
        (png(&[header(64, 64), pixels(), end(), b"PK".to_vec(), end()]), "damaged"),
        (good[..good.len() - 1].to_vec(), "damaged"),
    ];
    for (file, why) in bad {
        let refusal = Logo::read(file).unwrap_err();
        assert!(refusal.to_string().contains(why), "{refusal} / {why}");
    }
    // However it is cut, nothing but a refusal comes of it.
    for length in 0..good.len() {
        assert!(Logo::read(good[..length].to_vec()).is_err());
    }
}

fn account_id(number: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(number))
}

#[test]
fn a_domain_has_one_spelling_and_is_nobody_elses() {
    for spelling in ["example.org", " Example.ORG ", "@example.org", "example.org."] {
        assert_eq!(spelling.parse::<Domain>().unwrap().as_str(), "example.org", "{spelling}");
    }
    for bad in
        ["", "org", "localhost", "exa mple.org", "a@example.org", "-a.org", "..", "1.2.3.4", "exämple.org", "_a.org"]
    {
        assert!(matches!(bad.parse::<Domain>(), Err(Refusal::NotADomain { .. })), "{bad}");
    }
    for public in ["gmail.com", "GMAIL.com", "outlook.com", "gmx.de", "mail.gmail.com", "yahoo.co.uk", "qq.com"] {
        assert!(matches!(public.parse::<Domain>(), Err(Refusal::PublicDomain { .. })), "{public}");
    }
    assert!("notgmail.com".parse::<Domain>().is_ok());
    let list = include_str!("../../../src/ownership/settings/public_mail_domains.txt");
    assert!(list.lines().is_sorted() && list.lines().count() > 300);
    for line in list.lines() {
        assert!(format!("a@{line}").parse::<Email>().is_ok(), "{line}");
    }
}

#[test]
fn the_record_names_the_account() {
    let domain: Domain = "example.org".parse().unwrap();
    let record = domain.record(account_id(1));
    assert_eq!(record.name, "_quorate.example.org");
    assert!(record.value.starts_with("quorate-join=") && record.value.len() == 13 + 64, "{}", record.value);
    assert!(domain.is_proven_by(account_id(1), ["v=spf1 -all", record.value.as_str()]));
    assert!(!domain.is_proven_by(account_id(2), [record.value.as_str()]));
    assert!(!domain.is_proven_by(account_id(1), []));
    let other: Domain = "example.com".parse().unwrap();
    assert!(!other.is_proven_by(account_id(1), [record.value.as_str()]));
}

#[test]
fn who_joins_by_domain() {
    let preset = preset("account-and-customers");
    let domain: Domain = "example.org".parse().unwrap();
    let refused = |name: &str| with_domain(domain.clone(), &role(&preset, name)).unwrap_err();
    assert_eq!(refused("administrator"), Refusal::JoinRole);
    assert_eq!(refused("no_console"), Refusal::JoinRole);
    let join = with_domain(domain, &role(&preset, "user")).unwrap();
    assert_eq!(join.proven_at, None);
    let proven = JoinDomain { proven_at: Some(START), ..join.clone() };
    let ask = |join: &JoinDomain, email: &str, account, now| {
        let answer =
            may_join(std::slice::from_ref(join), &email.parse().unwrap(), |name| preset.role(name), account, now);
        answer.map(|(_, role)| role.name.clone())
    };
    assert_eq!(ask(&proven, "Ada@Example.org", Account::Active, START), Ok("user".to_owned()));
    let last = START.after(PROVEN_FOR).before(TICK);
    assert!(ask(&proven, "ada@example.org", Account::Active, last).is_ok());
    for (join, email, now) in [
        (&join, "ada@example.org", START),
        (&proven, "ada@mail.example.org", START),
        (&proven, "ada@example.com", START),
        (&proven, "ada@notexample.org", START),
        (&proven, "ada@example.org", START.after(PROVEN_FOR)),
        (&proven, "ada@example.org", START.before(TICK)),
        (&JoinDomain { role: "gone".to_owned(), ..proven.clone() }, "ada@example.org", START),
    ] {
        assert_eq!(ask(join, email, Account::Active, now), Err(Refusal::DomainNotOpen), "{email}");
    }
    // A row from elsewhere, or a catalogue that has changed, makes no administrators either.
    let forged = JoinDomain { role: "administrator".to_owned(), ..proven.clone() };
    assert_eq!(ask(&forged, "ada@example.org", Account::Active, START), Err(Refusal::JoinRole));
    for status in ALL_STATUSES {
        assert_eq!(ask(&proven, "ada@example.org", status, START).is_ok(), status == Account::Active, "{status:?}");
        // Who has no such address does not even learn how the account stands.
        assert_eq!(ask(&proven, "ada@example.com", status, START), Err(Refusal::DomainNotOpen));
    }
    // A domain that has become a public one since it was taken.
    let public = JoinDomain { domain: Domain::taken("gmail.com").unwrap(), ..proven };
    assert_eq!(ask(&public, "ada@gmail.com", Account::Active, START), Err(Refusal::DomainNotOpen));
}

#[test]
fn a_reference_is_there_where_it_must_be() {
    let long = "a".repeat(LONGEST_REFERENCE + 1);
    assert_eq!(check_reference(Reference::Optional, None), Ok(None));
    assert_eq!(check_reference(Reference::Optional, Some("  ")), Ok(None));
    assert_eq!(check_reference(Reference::Mandatory, Some(" P-17 ")), Ok(Some("P-17".to_owned())));
    for missing in [None, Some(""), Some(" ")] {
        assert_eq!(check_reference(Reference::Mandatory, missing), Err(Refusal::ReferenceMissing));
    }
    for bad in ["a\nb", long.as_str()] {
        let refused = Err(Refusal::ReferenceLength { most: LONGEST_REFERENCE });
        assert_eq!(check_reference(Reference::Optional, Some(bad)), refused);
    }
}
