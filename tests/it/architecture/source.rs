//! One source file, as the rules read it.
//!
//! Comments and literals are blanked, so that a rule never trips over a sentence about what it forbids; line numbers
//! stay. Imports are spelled out one by one, because `use std::{fs, net}` mentions `std::fs` nowhere.

use std::{fs, iter, path::Path};

/// A file of the package.
pub struct Source {
    /// Relative to the package, with forward slashes.
    pub path: String,
    /// As written.
    pub text: String,
    /// The text with comments and literals blanked; as many lines as `text`.
    pub code: String,
    /// The string literals, each with its line.
    pub literals: Vec<(usize, String)>,
    /// Every imported path, each with its line.
    pub imports: Vec<(usize, String)>,
    /// How many lines come before the tests.
    pub production_lines: usize,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let (code, literals) = blank(text);
        let tests_only = path.ends_with("/tests.rs") || path.contains("/tests/");
        let lines = text.lines().count();
        let production_lines = if tests_only && path.starts_with("src/") {
            0
        } else {
            code.lines().position(|line| line.trim() == "#[cfg(test)]").unwrap_or(lines)
        };
        let imports = imports(&code);
        Self { path: path.to_owned(), text: text.to_owned(), code, literals, imports, production_lines }
    }

    /// The lines on which `word` stands in the code or in an import. Letters at its ends must end a name.
    pub fn lines_with(&self, word: &str) -> Vec<usize> {
        let in_code = self.code.lines().enumerate().filter(|(_, line)| contains_word(line, word));
        let in_imports = self.imports.iter().filter(|(_, path)| contains_word(path, word));
        let mut lines: Vec<usize> = in_code.map(|(at, _)| at + 1).chain(in_imports.map(|(at, _)| *at)).collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }
}

/// Reads every `.rs` file under `src` and `tests/it`.
pub fn read_package() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    for folder in ["src", "tests/it"] {
        collect(root, &root.join(folder), &mut sources);
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            sources.push(Source::new(&name, &fs::read_to_string(&path).unwrap()));
        }
    }
}

fn contains_word(line: &str, word: &str) -> bool {
    let part_of_name = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let runs_on = part_of_name(word.chars().next()) && part_of_name(before);
        let goes_on = part_of_name(word.chars().next_back()) && part_of_name(after);
        !runs_on && !goes_on
    })
}

/// Replaces comments and literals by blanks, and keeps the string literals beside.
fn blank(text: &str) -> (String, Vec<(usize, String)>) {
    let letters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut literals = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let rest = &letters[at..];
        let after_name = at > 0 && (letters[at - 1].is_alphanumeric() || letters[at - 1] == '_');
        // How long it is, and for a string literal the length of its opening and closing marks.
        let (length, marks) = match rest {
            ['/', '/', ..] => (rest.iter().position(|letter| *letter == '\n').unwrap_or(rest.len()), None),
            ['/', '*', ..] => (block_comment(rest), None),
            ['"', ..] => (quoted(rest, '"'), Some((1, 1))),
            ['r', '#' | '"', ..] if !after_name => raw_string(rest, 1),
            ['b' | 'c', 'r', '#' | '"', ..] if !after_name => raw_string(rest, 2),
            ['\'', '\\', ..] | ['\'', _, '\'', ..] => (quoted(rest, '\''), None),
            _ => (0, None),
        };
        if let Some((opening, closing)) = marks {
            literals.push((code.matches('\n').count() + 1, rest[opening..length - closing].iter().collect()));
        }
        if length == 0 {
            code.push(rest[0]);
            at += 1;
        } else {
            code.extend(rest[..length].iter().map(|letter| if *letter == '\n' { '\n' } else { ' ' }));
            at += length;
        }
    }
    (code, literals)
}

fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// A raw string whose hashes begin at `prefix`. Of `r#name`, which is none, the length is 0.
fn raw_string(rest: &[char], prefix: usize) -> (usize, Option<(usize, usize)>) {
    let hashes = rest[prefix..].iter().take_while(|letter| **letter == '#').count();
    let opening = prefix + hashes + 1;
    if rest.get(opening - 1) != Some(&'"') {
        return (0, None);
    }
    let closing: Vec<char> = iter::once('"').chain(iter::repeat_n('#', hashes)).collect();
    let found = rest[opening..].windows(closing.len()).position(|window| window == closing);
    found.map_or((rest.len(), None), |inner| (opening + inner + closing.len(), Some((opening, closing.len()))))
}

fn imports(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("use ") {
        let starts_a_line = code[..at].rsplit('\n').next().is_some_and(|before| {
            let before = before.trim();
            before.is_empty() || before.starts_with("pub")
        });
        if let (true, Some(length)) = (starts_a_line, code[at..].find(';')) {
            let line = code[..at].matches('\n').count() + 1;
            let tree: String = code[at + 4..at + length].split_whitespace().collect::<Vec<_>>().join(" ");
            spell_out("", &tree, line, &mut found);
        }
    }
    found
}

fn spell_out(prefix: &str, tree: &str, line: usize, found: &mut Vec<(usize, String)>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        if !tree.is_empty() {
            found.push((line, format!("{prefix}{tree}")));
        }
        return;
    };
    let prefix = format!("{prefix}{}", &tree[..open]);
    let inner = tree[open + 1..].strip_suffix('}').unwrap_or(&tree[open + 1..]);
    let (mut depth, mut from) = (0_usize, 0);
    for (at, letter) in inner.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                spell_out(&prefix, &inner[from..at], line, found);
                from = at + 1;
            }
            _ => {}
        }
    }
    spell_out(&prefix, &inner[from..], line, found);
}

#[test]
fn blanks_what_is_not_code_and_keeps_the_lines() {
    let text = "a /* x /* y */\n z */ b // c\n\"d \\\" e\nf\" g r#\"h \" i\"# j 'k' '\\'' &'l m br\"n\" r#type";
    let source = Source::new("src/a.rs", text);
    assert_eq!(source.code.split_whitespace().collect::<Vec<_>>(), ["a", "b", "g", "j", "&'l", "m", "r#type"]);
    assert_eq!(source.code.lines().count(), text.lines().count());
    let literals: Vec<&str> = source.literals.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(literals, ["d \\\" e\nf", "h \" i", "n"]);
    assert_eq!(source.literals[0].0, 3);
}

#[test]
fn spells_imports_out() {
    let source =
        Source::new("src/a.rs", "use std::{fs, io::{self, Read as _},\n    net};\npub(crate) use crate::id;\n");
    let paths: Vec<&str> = source.imports.iter().map(|(_, path)| path.as_str()).collect();
    assert_eq!(paths, ["std::fs", "std::io::self", "std::io::Read as _", "std::net", "crate::id"]);
    assert_eq!(source.lines_with("std::net"), [1]);
    assert_eq!(source.lines_with("std::ne"), Vec::<usize>::new());
}

#[test]
fn counts_the_lines_before_the_tests() {
    assert_eq!(Source::new("src/a.rs", "fn a() {}\n\n#[cfg(test)]\nmod tests {}\n").production_lines, 2);
    assert_eq!(Source::new("src/a/tests.rs", "fn a() {}\n").production_lines, 0);
    assert_eq!(Source::new("tests/it/a.rs", "fn a() {}\n").production_lines, 1);
}
