//! Reading a key that somebody typed: case, spaces, dashes and what looks alike do not matter, and what is wrong is said line by
//! line.
//!
//! Typed in one, as the QR code has it, it is cut into lines. The number that stands before each line on the sheet may be typed,
//! too.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::{
    check::{Binding, Sums},
    fault::{Fault, Wrong},
    form::{ACROSS, LINES, OF_THE_KEY},
    key::PaperKey,
    symbol::Symbol,
};

type Line = Zeroizing<Vec<Symbol>>;

/// Reads a key, with its lines below each other or in one.
///
/// # Errors
/// What is wrong, line by line.
pub fn read(text: &str) -> Result<PaperKey, Wrong> {
    let lines: Vec<&str> = text.lines().filter(|line| !is_blank(line)).collect();
    match lines.as_slice() {
        [] => Err(Wrong(vec![Fault::Nothing])),
        [all] => run(all),
        _ => whole(&lines.iter().map(|line| symbols(line)).collect::<Vec<_>>()),
    }
}

/// Reads a key whose lines were typed into a field each. Who puts all of it into the first one is understood, too.
///
/// # Errors
/// What is wrong, line by line.
pub fn read_fields(fields: [&str; LINES]) -> Result<PaperKey, Wrong> {
    let [first, rest @ ..] = fields;
    if rest.iter().all(|field| is_blank(field)) && symbols(first).is_ok_and(|all| all.len() > ACROSS) {
        return read(first);
    }
    if fields.iter().all(|field| is_blank(field)) {
        return Err(Wrong(vec![Fault::Nothing]));
    }
    whole(&fields.map(symbols))
}

/// What is between the characters, and does not count.
fn is_between(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}')
}

fn is_blank(text: &str) -> bool {
    text.chars().all(is_between)
}

/// The characters of a line, or the one that no key has.
fn symbols(line: &str) -> Result<Line, char> {
    let read = |text: &str| {
        // Room for all of it, so that no outgrown piece stays behind in memory.
        let mut symbols = Zeroizing::new(Vec::with_capacity(text.len()));
        for letter in text.chars().filter(|letter| !is_between(*letter)) {
            symbols.push(Symbol::typed(letter).ok_or(letter)?);
        }
        Ok(symbols)
    };
    // The number before the line, if without it the line has the right length.
    if let Some((number, rest)) = line.trim_start().split_once(char::is_whitespace)
        && matches!(number.trim_end_matches(['.', ':', ')']), "1" | "2" | "3" | "4")
        && let Ok(rest) = read(rest)
        && rest.len() == ACROSS
    {
        return Ok(rest);
    }
    read(line)
}

/// Which line it says that it is.
fn says(line: &Result<Line, char>) -> Option<u8> {
    let line = line.as_ref().ok().filter(|line| line.len() == ACROSS)?;
    Some(Sums::of(line).line()).filter(|number| (1..=4).contains(number))
}

fn whole(lines: &[Result<Line, char>]) -> Result<PaperKey, Wrong> {
    if lines.len() != LINES {
        return Err(Wrong(miscounted(lines)));
    }
    let faults = faults(lines);
    if !faults.is_empty() {
        return Err(Wrong(misplaced(lines).unwrap_or(faults)));
    }
    let own = lines.iter().flatten().flat_map(|line| line.iter().take(OF_THE_KEY).copied());
    Ok(PaperKey::from_symbols(own))
}

/// What is wrong with each of four lines.
fn faults(lines: &[Result<Line, char>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    // What the first line binds the others to, once it is right.
    let mut binding = Some(Binding::FIRST);
    let mut strangers = 0;
    for (number, line) in (1_u8..).zip(lines) {
        let line = match line {
            Ok(line) if line.is_empty() => Err(Fault::Missing { line: number }),
            Ok(line) if line.len() != ACROSS => Err(Fault::Length { line: number, has: line.len() }),
            Ok(line) => Ok(line),
            Err(letter) => Err(Fault::Letter { line: number, letter: *letter }),
        };
        let judged = line.and_then(|line| {
            let sums = Sums::of(line);
            let in_its_place = sums.line() == number;
            let bound = binding.is_none_or(|binding| sums.fits(binding));
            strangers += usize::from(number > 1 && in_its_place && !bound);
            if in_its_place && bound { Ok(line.last().copied()) } else { Err(Fault::Mistyped { line: number }) }
        });
        if number == 1 {
            binding = judged.ok().flatten().map(Binding::to);
        }
        faults.extend(judged.err());
    }
    if strangers == LINES - 1 { vec![Fault::TwoSheets] } else { faults }
}

/// Whether they are the lines of one key, in another order.
fn misplaced(lines: &[Result<Line, char>]) -> Option<Vec<Fault>> {
    let says: Vec<u8> = lines.iter().map(says).collect::<Option<_>>()?;
    let mut ordered: Vec<_> = says.iter().zip(lines).collect();
    ordered.sort_by_key(|(number, _)| **number);
    let ordered: Vec<_> = ordered.into_iter().map(|(_, line)| line.clone()).collect();
    if !faults(&ordered).is_empty() {
        return None;
    }
    let places = (1_u8..).zip(says);
    Some(places.filter(|(line, is)| line != is).map(|(line, is)| Fault::Misplaced { line, is }).collect())
}

/// What can be said of fewer or more than four lines.
fn miscounted(lines: &[Result<Line, char>]) -> Vec<Fault> {
    let unclear = vec![Fault::Count { lines: lines.len() }];
    let Some(says) = lines.iter().map(says).collect::<Option<Vec<u8>>>() else {
        return unclear;
    };
    let (mut once, mut more) = (BTreeSet::new(), BTreeSet::new());
    for number in says {
        if !once.insert(number) {
            more.insert(number);
        }
    }
    let missing = (1_u8..=4).filter(|number| !once.contains(number)).map(|line| Fault::Missing { line });
    let faults: Vec<_> = missing.chain(more.into_iter().map(|line| Fault::Repeated { line })).collect();
    if faults.is_empty() { unclear } else { faults }
}

/// A key whose lines stand in one.
fn run(text: &str) -> Result<PaperKey, Wrong> {
    let fault = |fault| Wrong(vec![fault]);
    let line_at = |at: usize| u8::try_from(at / ACROSS + 1).unwrap_or(4).min(4);
    let all = symbols(text).map_err(|letter| {
        let before = text.chars().take_while(|other| *other != letter).filter(|letter| !is_between(*letter));
        fault(Fault::Letter { line: line_at(before.count()), letter })
    })?;
    let lines: Vec<_> = all.chunks(ACROSS).map(|line| Ok(Zeroizing::new(line.to_vec()))).collect();
    if all.len() == LINES * ACROSS {
        return whole(&lines);
    }
    // What is missing or too much moves everything behind it: the first line that is not right is where it happened.
    let mut binding = Binding::FIRST;
    let right = (1_u8..=4).zip(&lines).take_while(|(number, line)| {
        let Ok(line) = line else { return false };
        let sums = Sums::of(line);
        let right = line.len() == ACROSS && sums.line() == *number && sums.fits(binding);
        if *number == 1 {
            binding = line.last().copied().map_or(Binding::FIRST, Binding::to);
        }
        right
    });
    let right = right.count() * ACROSS;
    let (before, behind) = all.split_at_checked(right).unwrap_or_default();
    // The last group of a line, typed twice, leaves that line as it was.
    let doubled = all.len() > LINES * ACROSS && before.last_chunk::<4>().is_some_and(|group| behind.starts_with(group));
    let wrong = if doubled { right.saturating_sub(1) } else { right };
    Err(fault(Fault::Run { line: line_at(wrong), has: all.len() }))
}
