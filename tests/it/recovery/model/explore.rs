//! Runs the checker over a scene.

use stateright::{Checker, HasDiscoveries, Model, Path};

use super::{key::Keyed, scene::Scene, steps::Step};

/// Whether the larger scenes are explored too.
pub fn full() -> bool {
    let says = |name: &str, word: &str| std::env::var(name).is_ok_and(|value| value == word);
    says("QUORATE_TEST_ROUNDS", "full") || says("QUORATE_TEST_FULL", "1")
}

/// Explores every state of the scene. No property that must always hold fails, and what is listed happens.
pub fn holds(scene: Scene, sometimes: &[&'static str]) {
    let told = format!("{scene:?}");
    let checker = scene.checker().finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let found = checker.discoveries();
    for property in checker.model().properties() {
        if property.expectation.discovery_is_failure() {
            let trace = found.get(property.name).map(story);
            assert!(trace.is_none(), "`{}` fails in {told}:\n{}", property.name, trace.unwrap_or_default());
        }
    }
    assert!(checker.is_done(), "not every state was explored: {told}");
    println!("{} states, depth {}: {told}", checker.unique_state_count(), checker.max_depth());
    for name in sometimes {
        assert!(found.contains_key(name), "`{name}` never happens in {told}");
    }
}

/// Explores until that property fails, and tells how.
pub fn falls(scene: Scene, always: &'static str) {
    let told = format!("{scene:?}");
    let wanted = HasDiscoveries::AnyOf([always].into());
    let checker = scene.checker().finish_when(wanted).spawn_bfs().join();
    let found = checker.discovery(always);
    let trace = found.as_ref().map_or_else(|| panic!("`{always}` holds in {told}"), story);
    println!("{} states: {told}\n{trace}", checker.unique_state_count());
}

/// Whether that property fails anywhere in the scene.
pub fn fails_somewhere(scene: Scene, always: &'static str) -> bool {
    let wanted = HasDiscoveries::AnyOf([always].into());
    scene.checker().finish_when(wanted).spawn_bfs().join().discovery(always).is_some()
}

fn story(path: &Path<Keyed, Step>) -> String {
    let steps = path.clone().into_actions();
    steps.iter().map(|step| format!("  {step:?}")).collect::<Vec<String>>().join("\n")
}
