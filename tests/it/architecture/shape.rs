//! The checks that look at the shape of a file rather than for a word in it.
//!
//! Each answers with the lines that break the rule.

use super::source::Source;

/// A line that breaks a rule, and what stands there.
pub type Finding = (usize, String);

pub const LONGEST: usize = 400;

pub fn too_long(source: &Source) -> Vec<Finding> {
    let lines = source.production_lines;
    if lines > LONGEST { vec![(lines, format!("{lines} lines before the tests, {LONGEST} at most"))] } else { vec![] }
}

/// `mod` and `use` statements with their attributes and documentation, and nothing else.
pub fn more_than_a_map(source: &Source) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut line = 1;
    for statement in source.code.split_inclusive(';') {
        let text = without_attributes(statement.trim().trim_end_matches(';'));
        let words = text.strip_prefix("pub").map_or(text.as_str(), |rest| {
            rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest)
        });
        let words = words.trim();
        let is_mod = words.strip_prefix("mod ").is_some_and(|name| !name.contains(char::is_whitespace));
        if !(words.is_empty() || is_mod || words.starts_with("use ")) {
            let blank_lines = statement.len() - statement.trim_start().len();
            let at = line + statement[..blank_lines].matches('\n').count();
            found.push((at, words.lines().next().unwrap_or_default().to_owned()));
        }
        line += statement.matches('\n').count();
    }
    found
}

fn without_attributes(statement: &str) -> String {
    let mut rest = statement.trim();
    while rest.starts_with("#[") || rest.starts_with("#![") {
        let (mut depth, mut end) = (0_usize, rest.len());
        for (at, letter) in rest.char_indices() {
            match letter {
                '[' => depth += 1,
                ']' if depth == 1 => {
                    end = at + 1;
                    break;
                }
                ']' => depth -= 1,
                _ => {}
            }
        }
        rest = rest[end..].trim();
    }
    rest.to_owned()
}

/// `cfg(test)` anywhere but on the module `tests` at the end of the file.
pub fn test_switch(source: &Source) -> Vec<Finding> {
    let lines: Vec<&str> = source.code.lines().collect();
    let is_switch =
        |line: &str| line.contains("cfg") && line.split(|c: char| !c.is_alphanumeric()).any(|w| w == "test");
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| is_switch(line)) {
        let next = lines.get(at + 1).map_or("", |next| next.trim());
        if line.trim() != "#[cfg(test)]" || !(next == "mod tests {" || next == "mod tests;") {
            found.push((at + 1, line.trim().to_owned()));
        }
    }
    let after_the_tests = lines.iter().skip(source.production_lines + 2).position(|line| *line == "}");
    if let Some(end) = after_the_tests {
        let end = source.production_lines + 2 + end;
        if let Some(more) = lines.iter().skip(end + 1).position(|line| !line.trim().is_empty()) {
            found.push((end + more + 2, "code after the tests".to_owned()));
        }
    }
    found
}

pub fn no_module_docs(source: &Source) -> Vec<Finding> {
    if source.text.starts_with("//!") { vec![] } else { vec![(1, "the file does not begin with `//!`".to_owned())] }
}

pub fn vague_name(source: &Source) -> Vec<Finding> {
    const VAGUE: [&str; 8] = ["utils", "util", "helpers", "helper", "common", "misc", "types", "shared"];
    let names = source.path.trim_end_matches(".rs").split('/');
    names.filter(|name| VAGUE.contains(name)).map(|name| (1, format!("the name `{name}`"))).collect()
}

/// SQL in a string literal.
pub fn sql_text(source: &Source) -> Vec<Finding> {
    let production = source.literals.iter().filter(|(line, _)| *line <= source.production_lines);
    production.filter(|(_, text)| is_sql(text)).map(|(line, text)| (*line, text.trim().to_owned())).collect()
}

fn is_sql(text: &str) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["select", rest @ ..] => rest.contains(&"from"),
        ["update", _, "set", ..] | ["insert", "into", ..] | ["delete", "from", ..] => true,
        ["create" | "alter" | "drop", "table" | "index" | "trigger" | "unique", ..] => true,
        ["begin", "immediate", ..] | ["pragma", _, ..] => true,
        ["with", _, "as", ..] => text.contains("select") || text.contains("insert into"),
        _ => false,
    }
}
