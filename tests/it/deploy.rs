//! What is delivered beside the program fits together.

/// Docker leaves out what its list of exceptions does not name, and a `COPY` of it ends the build.
#[test]
fn the_containers_build_sees_what_it_copies() {
    let ignored = include_str!("../../deploy/container/Dockerfile.dockerignore");
    let build = include_str!("../../deploy/container/Dockerfile");
    let copies = build.lines().filter_map(|line| line.strip_prefix("COPY ")).filter(|line| !line.starts_with("--from"));
    let sources = copies.flat_map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        words[..words.len() - 1].to_vec()
    });
    let sources: Vec<_> = sources.collect();
    assert!(sources.contains(&"Cargo.toml"), "{sources:?}");
    for source in sources {
        assert!(ignored.lines().any(|line| line.strip_prefix('!') == Some(source)), "{source} is left out");
    }
}
