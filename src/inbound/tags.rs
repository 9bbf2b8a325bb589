//! Lists of tags, as DKIM writes them in signatures and in the records of keys: `a=b; c=d`.

use std::collections::BTreeMap;

/// The tags of a list, each once; `None` where it is no such list.
pub fn tags(text: &str) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut tags: Vec<&str> = text.split(';').collect();
    if tags.last().is_some_and(|last| last.trim().is_empty()) {
        tags.pop();
    }
    for tag in tags {
        let (name, value) = tag.split_once('=')?;
        let name = name.trim();
        let named = name.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !named || found.insert(name.to_owned(), value.trim().to_owned()).is_some() {
            return None;
        }
    }
    Some(found)
}

/// Without the blanks at which long values are broken.
pub fn joined(value: &str) -> String {
    value.chars().filter(|letter| !letter.is_ascii_whitespace()).collect()
}

/// The bytes that a value stands for.
pub fn bytes(value: &str) -> Option<Vec<u8>> {
    let bytes = data_encoding::BASE64.decode(joined(value).as_bytes()).ok()?;
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tag_stands_once() {
        let found = tags(" v=1; a = rsa-sha256;\th=From:\r\n To ; ").unwrap();
        assert_eq!(found["a"], "rsa-sha256");
        assert_eq!(joined(&found["h"]), "From:To");
        for bad in ["v=1; v=1", "v", "=1", "1=v", "v=1;;a=b", "a-b=c"] {
            assert_eq!(tags(bad), None, "{bad}");
        }
    }
}
