//! What of a mail's text is its sender's own: without what they quote, and without what their program puts below.

/// The lines that the sender wrote themselves, without blanks around them. Empty lines stay.
pub fn own_lines(text: &str) -> Vec<String> {
    let smooth = |letter: char| if letter.is_whitespace() { ' ' } else { letter };
    let lines: Vec<String> = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(|line| line.chars().map(smooth).collect::<String>().trim().to_owned())
        .collect();
    let end = (0..lines.len()).find(|at| ends_here(&lines, *at)).unwrap_or(lines.len());
    without_quotes(lines.into_iter().take(end).collect())
}

/// Whether a program wrote everything from that line on.
fn ends_here(lines: &[String], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    let dashed = line.strip_prefix("-----").and_then(|line| line.strip_suffix("-----"));
    line == "--"
        || (line.len() >= 10 && line.bytes().all(|byte| byte == b'_'))
        || dashed.is_some_and(|words| words.contains(char::is_alphabetic))
        || (line.contains('@') && is_field(line) && lines.get(at + 1).is_some_and(|next| is_field(next)))
}

/// `From: …`, in any language.
fn is_field(line: &str) -> bool {
    let Some((name, _)) = line.split_once(':') else { return false };
    let name = name.trim_matches('*').trim();
    !name.is_empty() && name.chars().count() <= 20 && name.chars().all(|letter| letter.is_alphabetic() || letter == '-')
}

/// Takes out the lines that begin with `>`, each block with the line above that says who wrote it.
fn without_quotes(lines: Vec<String>) -> Vec<String> {
    let mut own: Vec<String> = Vec::new();
    let mut quoting = false;
    for line in lines {
        let quoted = line.starts_with('>');
        if quoted && !quoting {
            drop_attribution(&mut own);
        }
        quoting = quoted;
        if !quoted {
            own.push(line);
        }
    }
    own
}

/// `On Monday, Kim wrote:`, in any language, perhaps over three lines.
fn drop_attribution(own: &mut Vec<String>) {
    while own.last().is_some_and(String::is_empty) {
        own.pop();
    }
    if !own.last().is_some_and(|line| line.ends_with(':')) {
        return;
    }
    for _ in 0..3 {
        if own.last().is_some_and(|line| !line.is_empty()) {
            own.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::own_lines;

    #[test]
    fn what_others_wrote_is_left_out() {
        for text in [
            "I approve\n\nOn Mon, 2 Mar 2026 at 09:00, Quorate <votes@quorate.example>\nwrote:\n> Please vote\n> I reject\n",
            "I approve\n\n> Please vote\n>> once more\n",
            "I approve\n-- \nI reject\n",
            "I approve\n\n-----Original Message-----\nI reject\n",
            "I approve\n\n________________________________\nFrom: Quorate\nI reject\n",
            "I approve\n\nVon: Quorate <votes@quorate.example>\nGesendet: Montag\nI reject\n",
            "I approve\n\n*From:* Quorate <votes@quorate.example>\n*Sent:* Monday\nI reject\n",
            "\u{feff}I\u{a0}approve  \r\n",
        ] {
            let own: Vec<String> = own_lines(text).into_iter().filter(|line| !line.is_empty()).collect();
            assert_eq!(own, ["I approve"], "{text}");
        }
    }

    #[test]
    fn what_stands_below_a_quotation_is_ones_own() {
        let own = own_lines("Kim wrote:\n> Please vote\n\nI approve\n");
        assert_eq!(own, ["", "I approve"]);
        assert_eq!(own_lines("Dear all\n> Please vote\n"), ["Dear all"]);
    }
}
