//! Everything that goes wrong in typing: each single one is found, and the line with it named.

use proptest::prelude::*;
use quorate::paper_key::{
    fault::{Fault, Wrong},
    key::PaperKey,
    read::{read, read_fields},
};

use super::random::{keys, lines, same};

const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What is said of these lines; every way of typing them has to agree.
fn faults(lines: &[String]) -> Vec<Fault> {
    let Wrong(faults) = read(&lines.join("\n")).unwrap_err();
    if let [first, second, third, fourth] = lines {
        let fields = read_fields([first, second, third, fourth]).unwrap_err();
        assert_eq!(fields.0, faults);
    }
    faults
}

fn with_line(lines: &[String], at: usize, line: String) -> Vec<String> {
    let mut lines = lines.to_vec();
    lines[at] = line;
    lines
}

/// Where the characters of a line stand, between its dashes.
fn places(line: &str) -> Vec<usize> {
    line.char_indices().filter(|(_, letter)| *letter != '-').map(|(at, _)| at).collect()
}

#[test]
fn every_single_wrong_character_is_found_in_its_line() {
    let mut tried = 0;
    for key in keys(1000, 10) {
        let printed = lines(&key);
        for (at, line) in printed.iter().enumerate() {
            for place in places(line) {
                for letter in ALPHABET.chars().filter(|letter| !line[place..].starts_with(*letter)) {
                    let mut wrong = line.clone();
                    wrong.replace_range(place..=place, &letter.to_string());
                    let Wrong(faults) = read(&with_line(&printed, at, wrong).join("\n")).unwrap_err();
                    assert_eq!(faults, [Fault::Mistyped { line: u8::try_from(at + 1).unwrap() }], "{printed:?}");
                    tried += 1;
                }
            }
        }
    }
    assert_eq!(tried, 1000 * 48 * 31);
}

#[test]
fn every_swapped_pair_of_a_line_is_found_in_it() {
    let mut tried = 0;
    for key in keys(1000, 11) {
        let printed = lines(&key);
        for (at, line) in printed.iter().enumerate() {
            let places = places(line);
            // Neighbours, and also all others.
            for (one, other) in places.iter().flat_map(|one| places.iter().map(move |other| (*one, *other))) {
                let mut letters: Vec<char> = line.chars().collect();
                if one >= other || letters[one] == letters[other] {
                    continue;
                }
                letters.swap(one, other);
                let wrong = with_line(&printed, at, letters.into_iter().collect());
                let Wrong(faults) = read(&wrong.join("\n")).unwrap_err();
                assert_eq!(faults, [Fault::Mistyped { line: u8::try_from(at + 1).unwrap() }], "{printed:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 1000 * 4 * 55, "{tried}");
}

#[test]
fn a_pair_that_is_swapped_across_two_lines_is_found_in_both() {
    for key in keys(2000, 12) {
        let printed = lines(&key);
        for at in 0..3 {
            let (mut upper, mut lower) = (printed[at].clone(), printed[at + 1].clone());
            let (last, first) = (upper.pop().unwrap(), lower.remove(0));
            if last == first {
                continue;
            }
            upper.push(first);
            lower.insert(0, last);
            let named: Vec<_> = faults(&with_line(&with_line(&printed, at, upper), at + 1, lower))
                .into_iter()
                .map(|fault| usize::from(fault.line().unwrap()))
                .collect();
            assert_eq!(named, [at + 1, at + 2]);
        }
    }
}

#[test]
fn a_lost_or_doubled_group_is_found_in_its_line() {
    for key in keys(2000, 13) {
        let printed = lines(&key);
        for (at, line) in printed.iter().enumerate() {
            let number = u8::try_from(at + 1).unwrap();
            let groups: Vec<&str> = line.split('-').collect();
            for group in 0..3 {
                let mut fewer = groups.clone();
                fewer.remove(group);
                let found = faults(&with_line(&printed, at, fewer.join("-")));
                assert_eq!(found, [Fault::Length { line: number, has: 8 }]);
                let mut more = groups.clone();
                more.insert(group, groups[group]);
                let found = faults(&with_line(&printed, at, more.join("-")));
                assert_eq!(found, [Fault::Length { line: number, has: 16 }]);
            }
        }
    }
}

/// In one line there is nothing but the checks to tell where it went wrong, which is right in all but one of a thousand.
#[test]
fn typed_in_one_a_lost_or_doubled_group_is_found_in_its_line() {
    let (mut right, mut tried) = (0, 0);
    for key in keys(2000, 14) {
        let sheet = key.sheet().in_one_line();
        let groups: Vec<&str> = sheet.split('-').collect();
        for at in 0..12 {
            let line = u8::try_from(at / 3 + 1).unwrap();
            let (mut fewer, mut more) = (groups.clone(), groups.clone());
            fewer.remove(at);
            more.insert(at, groups[at]);
            for (wrong, has) in [(fewer, 44), (more, 52)] {
                let Wrong(faults) = read(&wrong.join("-")).unwrap_err();
                tried += 1;
                right += usize::from(faults == [Fault::Run { line, has }]);
            }
        }
    }
    assert!(tried - right < tried / 250, "{right} of {tried}");
}

#[test]
fn lines_that_are_missing_repeated_or_misplaced_are_named() {
    for key in keys(500, 15) {
        let printed = lines(&key);
        for at in 0..4 {
            let line = u8::try_from(at + 1).unwrap();
            let mut fewer = printed.clone();
            fewer.remove(at);
            assert_eq!(faults(&fewer), [Fault::Missing { line }]);
            assert_eq!(faults_of_fields(&with_line(&printed, at, " ".to_owned())), [Fault::Missing { line }]);
            let mut more = printed.clone();
            more.insert(at, printed[at].clone());
            assert_eq!(faults(&more), [Fault::Repeated { line }]);
            for other in at + 1..4 {
                let is = u8::try_from(other + 1).unwrap();
                let mut swapped = printed.clone();
                swapped.swap(at, other);
                assert_eq!(
                    faults(&swapped),
                    [Fault::Misplaced { line, is }, Fault::Misplaced { line: is, is: line }],
                    "{printed:?}"
                );
            }
        }
    }
}

fn faults_of_fields(lines: &[String]) -> Vec<Fault> {
    let [first, second, third, fourth] = lines else { panic!("{lines:?}") };
    read_fields([first, second, third, fourth]).unwrap_err().0
}

#[test]
fn lines_of_another_sheet_are_mostly_found() {
    let (mut found, mut tried) = (0, 0);
    let keys: Vec<_> = keys(2000, 16).collect();
    for pair in keys.windows(2) {
        let (one, other) = (lines(&pair[0]), lines(&pair[1]));
        for (at, line) in other.iter().enumerate() {
            tried += 1;
            found += usize::from(read(&with_line(&one, at, line.clone()).join("\n")).is_err());
        }
        if let Err(Wrong(faults)) = read(&with_line(&other, 0, one[0].clone()).join("\n")) {
            assert_eq!(faults, [Fault::TwoSheets]);
        }
    }
    assert!(found * 100 > tried * 95 && found < tried, "{found} of {tried}");
}

#[test]
fn fewer_and_more_lines_with_errors_are_counted() {
    let key = keys(1, 17).next().unwrap();
    let printed = lines(&key);
    let broken = |lines: &[String]| [&["AAAA-AAAA-AAAA".to_owned()], lines].concat();
    assert_eq!(faults(&broken(&printed)), [Fault::Count { lines: 5 }]);
    assert_eq!(faults(&broken(&printed[..2])), [Fault::Count { lines: 3 }]);
    for nothing in ["", " \n- -\n"] {
        assert_eq!(read(nothing).unwrap_err().0, [Fault::Nothing]);
    }
    assert_eq!(read_fields(["", " ", "", "-"]).unwrap_err().0, [Fault::Nothing]);
}

#[test]
fn characters_that_no_key_has_are_named() {
    let key = keys(1, 18).next().unwrap();
    let printed = lines(&key);
    for (letter, words) in [('U', "it may be a `V`"), ('!', "line 3 has `!`"), ('\u{7}', "line 3 has `\\u{7}`")] {
        let wrong = format!("{letter}{}", &printed[2][1..]);
        let found = faults(&with_line(&printed, 2, wrong.clone()));
        assert_eq!(found, [Fault::Letter { line: 3, letter }]);
        assert!(found[0].to_string().contains(words), "{}", found[0]);
        let in_one = with_line(&printed, 2, wrong).join("-");
        assert_eq!(read(&in_one).unwrap_err().0, [Fault::Letter { line: 3, letter }]);
    }
}

#[test]
fn numbers_before_the_lines_may_be_typed() {
    for key in keys(200, 19) {
        for mark in ["", ".", ":", ")"] {
            let numbered: Vec<_> =
                (1..).zip(lines(&key)).map(|(number, line)| format!("  {number}{mark}  {line}")).collect();
            assert!(same(&key, &read(&numbered.join("\n")).unwrap()));
        }
    }
}

#[test]
fn all_of_it_may_go_into_the_first_field() {
    for key in keys(200, 20) {
        let sheet = key.sheet();
        assert!(same(&key, &read_fields([&sheet.in_one_line(), "", " ", ""]).unwrap()));
        assert!(same(&key, &read_fields([&sheet.text(), "", "", ""]).unwrap()));
    }
}

#[test]
fn what_is_wrong_reads_well() {
    let faults = [
        Fault::Nothing,
        Fault::Letter { line: 2, letter: 'u' },
        Fault::Letter { line: 2, letter: '?' },
        Fault::Length { line: 1, has: 1 },
        Fault::Length { line: 1, has: 8 },
        Fault::Length { line: 1, has: 16 },
        Fault::Mistyped { line: 4 },
        Fault::Missing { line: 3 },
        Fault::Repeated { line: 3 },
        Fault::Misplaced { line: 1, is: 3 },
        Fault::Count { lines: 1 },
        Fault::Count { lines: 6 },
        Fault::Run { line: 2, has: 44 },
        Fault::Run { line: 2, has: 52 },
        Fault::TwoSheets,
    ];
    insta::assert_snapshot!(Wrong(faults.to_vec()).to_string().replace("; ", "\n"));
}

/// The same key, as somebody may type it: any case, look-alikes, spaces and dashes anywhere.
fn typed(key: &PaperKey, chances: &[(u8, u8)]) -> String {
    let between = ["", "", "", " ", "-", "  ", "\u{2013}", "\u{a0}", "- "];
    let mut chances = chances.iter().cycle();
    let text: String = key.sheet().text().chars().filter(|letter| *letter != '-').collect();
    text.chars()
        .flat_map(|letter| {
            let (look, space) = chances.next().copied().unwrap_or_default();
            let looks: &[char] = match letter {
                '0' => &['0', 'O', 'o'],
                '1' => &['1', 'I', 'i', 'L', 'l'],
                other => &[other, other.to_ascii_lowercase()],
            };
            let letter = looks[usize::from(look) % looks.len()];
            let space = if letter == '\n' { "" } else { between[usize::from(space) % between.len()] };
            std::iter::once(letter).chain(space.chars())
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn however_it_is_typed_it_is_the_same_key(seed in any::<u64>(), chances in prop::collection::vec(any::<(u8, u8)>(), 1..60)) {
        let key = keys(1, seed).next().unwrap();
        let typed = typed(&key, &chances);
        prop_assert!(same(&key, &read(&typed).unwrap()), "{typed}");
        let in_one: String = typed.lines().collect();
        prop_assert!(same(&key, &read(&in_one).unwrap()), "{in_one}");
    }

    #[test]
    fn nothing_that_is_typed_stops_it(text in any::<String>(), fields in any::<[String; 4]>()) {
        prop_assert!(read(&text).is_err());
        let [first, second, third, fourth] = &fields;
        prop_assert!(read_fields([first, second, third, fourth]).is_err());
    }
}
