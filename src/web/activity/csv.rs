//! Entries as a table for people: CSV after RFC 4180, in UTF-8, that no spreadsheet takes for formulas.

use super::told::Told;

/// The first line. The mark before it tells spreadsheets that this is UTF-8.
pub const HEADER: &str = "\u{feff}number,time,kind,sentence,who,who_id,whom,whom_id,case,hash\r\n";

/// One entry as a line.
#[must_use]
pub fn line(told: &Told, hash: &str) -> String {
    let number = told.number.to_string();
    let (at, case) = (told.at.to_string(), told.case.map(|case| case.to_string()).unwrap_or_default());
    let id = |user: Option<crate::id::UserId>| user.map(|user| user.to_string()).unwrap_or_default();
    let (who_id, whom_id) = (id(told.who_id), id(told.whom_id));
    let whom = told.whom.as_deref().unwrap_or_default();
    let fields = [&number, &at, &told.kind, &told.sentence, &told.who, &who_id, whom, &whom_id, &case, hash];
    let mut line = String::new();
    for (place, value) in fields.into_iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        push(&mut line, value);
    }
    line.push_str("\r\n");
    line
}

/// Writes one field. What a spreadsheet would take for a formula begins with an apostrophe, which makes it text.
fn push(line: &mut String, value: &str) {
    let mark = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if value.contains([',', '"', '\r', '\n']) {
        line.push('"');
        line.push_str(mark);
        line.push_str(&value.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(mark);
        line.push_str(value);
    }
}

#[cfg(test)]
mod tests {
    use super::push;

    #[test]
    fn a_field_is_quoted_where_it_must_be_and_never_a_formula() {
        for (value, written) in [
            ("plain", "plain"),
            ("", ""),
            ("one, two", "\"one, two\""),
            ("says \"no\"", "\"says \"\"no\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            ("a=1", "a=1"),
            (" =1", " =1"),
        ] {
            let mut line = String::new();
            push(&mut line, value);
            assert_eq!(line, written, "{value:?}");
        }
    }
}
