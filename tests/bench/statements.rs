//! What the service really sends to PostgreSQL, read from the server's log with `log_statement = all`.

use std::collections::BTreeSet;

/// The server writes this prefix before each line of its log.
pub const PREFIX: &str = "-c log_line_prefix=%p~";

/// A statement as the server got it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Which connection.
    pub process: String,
    pub text: String,
    /// Its values, as text.
    pub values: Vec<Option<String>>,
}

/// The statements in a piece of the log, in order.
pub fn read(log: &str) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    let mut open = false;
    for line in log.lines() {
        if let Some(more) = line.strip_prefix('\t') {
            if open && let Some(statement) = found.last_mut() {
                statement.text.push('\n');
                statement.text.push_str(more);
            }
            continue;
        }
        open = false;
        let Some((process, line)) = line.split_once('~') else { continue };
        if let Some(values) = line.strip_prefix("DETAIL:  Parameters: ").or(line.strip_prefix("DETAIL:  parameters: "))
        {
            if let Some(statement) = found.iter_mut().rev().find(|statement| statement.process == process) {
                statement.values = read_values(values);
            }
        } else if let Some(said) = line.strip_prefix("LOG:  ")
            && let Some((how, text)) = said.split_once(": ")
            && (how == "statement" || how.starts_with("execute "))
        {
            let (process, text) = (process.to_owned(), text.to_owned());
            found.push(Statement { process, text, values: Vec::new() });
            open = true;
        }
    }
    found
}

/// `$1 = 'it''s', $2 = NULL`
fn read_values(text: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(" = ") {
        let Some(quoted) = after.strip_prefix('\'') else {
            values.push(None);
            rest = after.strip_prefix("NULL").unwrap_or_default();
            continue;
        };
        let (mut value, mut letters) = (String::new(), quoted.char_indices().peekable());
        let mut end = quoted.len();
        while let Some((place, letter)) = letters.next() {
            if letter != '\'' {
                value.push(letter);
            } else if letters.next_if(|(_, next)| *next == '\'').is_some() {
                value.push('\'');
            } else {
                end = place + 1;
                break;
            }
        }
        values.push(Some(value));
        rest = &quoted[end..];
    }
    values
}

/// Without what the sweeps sent, which every changing request sets going: `others` is what a request without a
/// statement of its own set going. A unit of work that holds one of them goes as a whole.
pub fn without(statements: &[Statement], others: &[Statement]) -> Vec<Statement> {
    let others: BTreeSet<&str> =
        others.iter().map(|statement| statement.text.as_str()).filter(|text| !is_frame(text)).collect();
    let mut kept = Vec::new();
    for (place, statement) in statements.iter().enumerate() {
        let foreign = if is_frame(&statement.text) {
            unit_around(statements, place).any(|other| others.contains(other.text.as_str()))
        } else {
            others.contains(statement.text.as_str())
        };
        // The clean-up of a connection that goes back to its pool is no part of a vote, and runs after it.
        let clean_up = statement.text.starts_with("begin; rollback") || statement.text.is_empty();
        if !foreign && !clean_up {
            kept.push(statement.clone());
        }
    }
    kept
}

fn is_frame(text: &str) -> bool {
    let text = text.to_lowercase();
    text.starts_with("begin") || text.starts_with("commit") || text.starts_with("rollback")
}

/// The statements of the same connection between the frame at that place and its counterpart.
fn unit_around(all: &[Statement], place: usize) -> Box<dyn Iterator<Item = &Statement> + '_> {
    let process = &all[place].process;
    let inside = |statement: &&Statement| statement.process == *process;
    if all[place].text.to_lowercase().starts_with("begin") {
        Box::new(all[place + 1..].iter().filter(inside).take_while(|statement| !is_frame(&statement.text)))
    } else {
        Box::new(all[..place].iter().rev().filter(inside).take_while(|statement| !is_frame(&statement.text)))
    }
}
