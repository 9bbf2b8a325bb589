//! Makes what people typed safe to print in a mail, and lays out plain text.
//!
//! A name or a statement is written by somebody who may be lying to the reader. In a mail it must not break a line, turn
//! the writing direction, hide characters, pose as an address, or become a link by itself. HTML is escaped later, by the
//! templates.

/// The longest name that is printed; the rest is cut.
const NAME: usize = 80;
/// The longest statement that is printed, in characters and in lines.
const STATEMENT: usize = 2_000;
const STATEMENT_LINES: usize = 30;
/// Mail clients break their own lines badly; ours end here where they can.
const WIDTH: usize = 76;
/// It is not seen, and keeps mail clients from making a link of what is around it.
pub(super) const JOINER: char = '\u{2060}';

/// One line of somebody's name, or of an account's.
#[must_use]
pub fn name(typed: &str) -> String {
    let line = cut(&one_line(typed), NAME);
    // An address stands in angle brackets behind the name: the name must not bring its own.
    let plain = line.replace('<', "‹").replace('>', "›").replace('@', " at ");
    if plain.is_empty() { "(no name)".to_owned() } else { unlinked(&plain) }
}

/// An address as it was confirmed. It is checked at the edge; here it only keeps to its line.
#[must_use]
pub fn address(stored: &str) -> String {
    cut(&stored.chars().filter(|c| !c.is_whitespace() && !is_unprintable(*c)).collect::<String>(), 254)
}

/// A text in one line, for a terminal.
#[must_use]
pub fn line(text: &str) -> String {
    one_line(text)
}

/// A statement, line by line, each to be printed behind a mark that says it is a quotation.
#[must_use]
pub fn quotation(typed: &str) -> Vec<String> {
    let whole = cut(typed, STATEMENT);
    let lines: Vec<String> = whole.lines().map(|line| unlinked(&one_line(line))).collect();
    let mut kept: Vec<String> = lines.iter().take(STATEMENT_LINES).cloned().collect();
    if kept.len() < lines.len() {
        kept.push("…".to_owned());
    }
    kept
}

/// Trims, squeezes empty lines and breaks long ones. A quotation keeps its mark on every line; a link is never broken.
pub(super) fn laid_out(text: &str) -> String {
    let mut page = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            if !empty {
                page.push('\n');
            }
            empty = true;
            continue;
        }
        empty = false;
        let (mark, words) = line.strip_prefix("> ").map_or(("", line), |rest| ("> ", rest));
        wrap(mark, words, &mut page);
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn wrap(mark: &str, words: &str, page: &mut String) {
    let indent: String = words.chars().take_while(|c| *c == ' ').collect();
    let mut used = 0;
    for word in words.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > WIDTH {
            page.push('\n');
            used = 0;
        }
        if used == 0 {
            page.push_str(mark);
            page.push_str(&indent);
            used = mark.len() + indent.len();
        } else {
            page.push(' ');
            used += 1;
        }
        page.push_str(word);
        used += length;
    }
    page.push('\n');
}

fn one_line(typed: &str) -> String {
    let visible: String = typed.chars().map(|c| if c.is_whitespace() || is_unprintable(c) { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Control characters, and those that turn the direction of writing or are not seen at all.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Mail clients make a link of anything that looks like one. An invisible joiner behind its dots and colons stops them.
fn unlinked(line: &str) -> String {
    let mut safe = String::with_capacity(line.len());
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        safe.push(c);
        let next = rest.peek().copied().unwrap_or(' ');
        if (c == '.' && next.is_alphanumeric()) || (matches!(c, ':' | '@') && !next.is_whitespace()) {
            safe.push(JOINER);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_short_line() {
        assert_eq!(name(" Ada\r\nBcc: x\t Lovelace "), "Ada Bcc: x Lovelace");
        assert_eq!(name("Ada\u{202e}dlo\u{200b} x\u{0}"), "Ada dlo x");
        assert_eq!(name("Ada <ada@example.org>"), "Ada ‹ada at example.\u{2060}org›");
        assert_eq!(name(&"x".repeat(300)).chars().count(), NAME);
        assert_eq!(name("\u{200b}\n"), "(no name)");
    }

    #[test]
    fn nothing_typed_becomes_a_link() {
        let line = unlinked("http://evil.example/x mailto:a@b.example www.evil.example. End");
        for linkable in ["://", "evil.example", "mailto:a", "a@b", "www.evil"] {
            assert!(!line.contains(linkable), "{linkable} in {line}");
        }
        assert!(line.ends_with(". End"));
    }

    #[test]
    fn a_quotation_has_an_end() {
        assert_eq!(quotation("one\r\ntwo\n\nthree"), ["one", "two", "", "three"]);
        assert_eq!(quotation(&"x\n".repeat(500)).len(), STATEMENT_LINES + 1);
        assert_eq!(quotation(&"x".repeat(5_000)).concat().chars().count(), STATEMENT);
    }

    #[test]
    fn wraps_and_keeps_the_mark() {
        let text = format!("a\n\n\n\nb\n> {}\nhttps://example.org/{}\n\n", "word ".repeat(30), "y".repeat(90));
        let page = laid_out(&text);
        assert!(page.starts_with("a\n\nb\n> word"));
        assert!(
            page.lines().filter(|line| line.contains("word")).all(|line| line.starts_with("> ") && line.len() <= 78)
        );
        assert!(page.ends_with(&format!("https://example.org/{}\n", "y".repeat(90))));
    }
}
