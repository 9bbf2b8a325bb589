//! Runs the rules over the package, and each rule over its control.

use super::{
    rules::{Check, RULES, Rule},
    shape::Finding,
    source::{Source, read_package},
};

/// What breaks the rule in this file, exceptions aside.
fn findings(rule: &Rule, source: &Source) -> Vec<Finding> {
    let applies = rule.inside.iter().any(|place| lies_in(&source.path, place));
    if !applies {
        return Vec::new();
    }
    let words = |words: &[&str], last: usize| {
        let found =
            words.iter().flat_map(|word| source.lines_with(word).into_iter().map(|line| (line, (*word).into())));
        found.filter(|(line, _)| *line <= last).collect()
    };
    match rule.check {
        Check::Words(list) => words(list, source.production_lines),
        Check::WordsAndInTests(list) => words(list, usize::MAX),
        Check::Shape(find) => find(source),
    }
}

/// A folder ends in `/`, a bare file name stands for every file of that name.
fn lies_in(path: &str, place: &str) -> bool {
    path == place || (place.ends_with('/') && path.starts_with(place)) || path.ends_with(&format!("/{place}"))
}

fn excepted(rule: &Rule, source: &Source) -> bool {
    rule.except.iter().any(|(place, _)| lies_in(&source.path, place))
}

#[test]
fn the_package_keeps_the_rules() {
    let package = read_package();
    assert!(package.iter().any(|source| source.path == "src/id.rs"), "the sources are not where they are looked for");
    let mut broken = String::new();
    for rule in RULES {
        for source in package.iter().filter(|source| !excepted(rule, source)) {
            for (line, what) in findings(rule, source) {
                broken += &format!("{}:{line}: {what}\n    {}: {}\n", source.path, rule.name, rule.why);
            }
        }
    }
    assert!(broken.is_empty(), "\n{broken}");
}

#[test]
fn every_rule_finds_its_control() {
    for rule in RULES {
        let (path, text) = rule.control;
        let control = Source::new(path, text);
        assert!(!findings(rule, &control).is_empty(), "`{}` does not find its control", rule.name);
        assert!(!excepted(rule, &control), "`{}` excepts its control", rule.name);
    }
}

#[test]
fn every_word_of_a_rule_is_found() {
    for rule in RULES {
        if let Check::Words(words) | Check::WordsAndInTests(words) = rule.check {
            for word in words {
                let source = Source::new(rule.control.0, &format!("let x = {word};\n"));
                assert!(!findings(rule, &source).is_empty(), "`{}` does not find `{word}`", rule.name);
            }
        }
    }
}

#[test]
fn no_exception_outlives_its_cause() {
    let package = read_package();
    for rule in RULES {
        for (place, reason) in rule.except {
            assert!(!reason.is_empty(), "`{}` excepts `{place}` without a reason", rule.name);
            let mut there = package.iter().filter(|source| lies_in(&source.path, place)).peekable();
            let unused = there.peek().is_some() && there.all(|source| findings(rule, source).is_empty());
            assert!(!unused, "`{}` need not except `{place}` any more", rule.name);
        }
    }
}

#[test]
fn sentences_and_tests_break_no_rule() {
    let text = "//! Never calls Timestamp::now or sqlx.\nconst HELP: &str = \"select one from the list, async\";\n\n\
                #[cfg(test)]\nmod tests {\n    use std::collections::HashMap;\n    use std::time::Duration;\n}\n";
    let source = Source::new("src/recovery/decide.rs", text);
    for rule in RULES.iter().filter(|rule| rule.name != "one place has SQL") {
        assert_eq!(findings(rule, &source), Vec::<Finding>::new(), "{}", rule.name);
    }
}
