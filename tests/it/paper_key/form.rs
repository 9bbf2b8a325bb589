//! A key on its sheet, and that it shows itself nowhere else.

use quorate::paper_key::{
    key::{KeyHash, Number, PaperKey, Secret},
    read::read,
};
use zeroize::Zeroizing;

use super::random::{keys, lines, same};

#[test]
fn a_sheet_has_four_lines_of_three_groups_and_begins_with_the_number() {
    for key in keys(1000, 1) {
        let lines = lines(&key);
        assert_eq!(lines.len(), 4);
        for line in &lines {
            let groups: Vec<&str> = line.split('-').collect();
            assert!(groups.len() == 3 && groups.iter().all(|group| group.len() == 4), "{line}");
            assert!(line.chars().all(|letter| letter == '-' || "0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(letter)));
        }
        assert!(lines[0].starts_with(&key.number().to_string()));
        assert_eq!(key.number().to_string().parse::<Number>(), Ok(key.number()));
    }
}

#[test]
fn what_is_printed_is_read() {
    for key in keys(3000, 2) {
        let sheet = key.sheet();
        assert!(same(&key, &read(&sheet.text()).unwrap()));
        assert!(same(&key, &read(&sheet.in_one_line()).unwrap()));
    }
}

/// Sheets outlive versions of the program: what was printed once has to be read for ever.
#[test]
fn the_form_does_not_change() {
    let bytes: Vec<u8> = (1..=25).collect();
    let number = Number::new(bytes[..5].try_into().unwrap());
    let key = PaperKey::new(number, Secret::new(Zeroizing::new(bytes[5..].try_into().unwrap())));
    insta::assert_snapshot!(key.sheet().text().as_str());
    insta::assert_snapshot!(format!("{:?}", key.secret().hash()));
}

#[test]
fn all_bits_are_in_it() {
    let zeros = PaperKey::new(Number::new([0; 5]), Secret::new(Zeroizing::new([0; 20])));
    let printed = |number: [u8; 5], secret: [u8; 20]| {
        lines(&PaperKey::new(Number::new(number), Secret::new(Zeroizing::new(secret)))).concat()
    };
    let mut seen = std::collections::BTreeSet::from([lines(&zeros).concat()]);
    for bit in 0..200 {
        let mut bytes = [0_u8; 25];
        bytes[bit / 8] = 1 << (bit % 8);
        seen.insert(printed(bytes[..5].try_into().unwrap(), bytes[5..].try_into().unwrap()));
    }
    assert_eq!(seen.len(), 201);
}

#[test]
fn it_shows_itself_nowhere() {
    let key = keys(1, 3).next().unwrap();
    let number = key.number();
    assert_eq!(format!("{key:?}"), format!("PaperKey {{ number: {number}, secret: [secret] }}"));
    assert_eq!(format!("{:?}", key.sheet()), "[secret]");
}

#[test]
fn a_hash_is_of_one_secret() {
    let keys: Vec<_> = keys(20, 4).collect();
    for (at, key) in keys.iter().enumerate() {
        let kept = KeyHash::from_bytes(*key.secret().hash().as_bytes());
        for (other, of) in keys.iter().enumerate() {
            assert_eq!(kept.is_of(of.secret()), at == other);
        }
    }
}

#[test]
fn a_number_is_eight_characters() {
    assert!("7k2m-9qxt".parse::<Number>().is_ok());
    assert_eq!("oili-0110".parse::<Number>(), "0111-0110".parse());
    for wrong in ["", "7K2M", "7K2M-9QXT-0", "7K2M-9QXU", "7K2M 9QXT!"] {
        assert!(wrong.parse::<Number>().is_err(), "{wrong}");
    }
}
