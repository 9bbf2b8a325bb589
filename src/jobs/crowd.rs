//! Work on many things at once, but not on all of them: one that takes long, or panics, stops no other.

use std::{
    collections::{BTreeMap, VecDeque},
    future::Future,
};

use tokio::task::{JoinError, JoinSet};
use tokio_util::task::AbortOnDropHandle;

/// So many are worked on at once.
const WIDTH: usize = 8;

/// Does all of it and says what came of each, in the order in which they ended. Dropped, it stops all of them.
pub(super) async fn crowd<K, T, F>(work: impl IntoIterator<Item = (K, F)>) -> Vec<(K, Result<T, JoinError>)>
where
    K: Send + 'static,
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    in_lanes(work.into_iter().map(|(key, one)| (String::new(), key, one)), usize::MAX).await
}

/// The same, with no more than `narrow` at once in each lane. What waits for its lane keeps nothing waiting in another.
pub(super) async fn in_lanes<K, T, F>(
    work: impl IntoIterator<Item = (String, K, F)>,
    narrow: usize,
) -> Vec<(K, Result<T, JoinError>)>
where
    K: Send + 'static,
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut waiting: VecDeque<(String, K, F)> = work.into_iter().collect();
    let mut lanes: BTreeMap<String, usize> = BTreeMap::new();
    let mut running = JoinSet::new();
    let mut ended = Vec::new();
    loop {
        let free = |lane: &String| lanes.get(lane).copied().unwrap_or_default() < narrow.max(1);
        let next = if running.len() < WIDTH { waiting.iter().position(|(lane, _, _)| free(lane)) } else { None };
        if let Some((lane, key, one)) = next.and_then(|place| waiting.remove(place)) {
            *lanes.entry(lane.clone()).or_default() += 1;
            // In a task of its own inside, so that a panic comes out together with its key.
            let started = tokio::spawn(one);
            running.spawn(async move { (lane, key, AbortOnDropHandle::new(started).await) });
        } else {
            let Some(one) = running.join_next().await else { return ended };
            if let Ok((lane, key, outcome)) = one {
                if let Some(count) = lanes.get_mut(&lane) {
                    *count = count.saturating_sub(1);
                }
                ended.push((key, outcome));
            }
        }
    }
}
