//! The meter: holds the numbers, and writes them as Prometheus reads them.
//!
//! Each open database has one, and with it each service. It is handed around and never global, so that services that run
//! in one process, as in tests, do not count each other's events.

use std::{fmt, sync::Arc};

use jiff::SignedDuration;
use metrics::{Key, Label, Level, Metadata, Recorder, SharedString, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusRecorder};

use super::names::{ALL, Kind, Metric};
use crate::moment::Moment;

/// The numbers of one service. Clones share them.
#[derive(Clone)]
pub struct Meter(Arc<PrometheusRecorder>);

/// A label's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value(SharedString);

impl Value {
    /// The pattern of a route. Nothing else that is not a text of the program becomes a value.
    #[must_use]
    pub fn pattern(route: &str) -> Self {
        Self(route.to_owned().into())
    }
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Self(SharedString::const_str(text))
    }
}

const ABOUT: Metadata<'static> = Metadata::new("quorate", Level::INFO, None);

impl Default for Meter {
    fn default() -> Self {
        let mut builder = PrometheusBuilder::new();
        for metric in ALL {
            builder = match metric.kind {
                // It fails for an empty list of bounds only.
                Kind::Histogram(bounds) => {
                    builder.set_buckets_for_metric(Matcher::Full(metric.name.to_owned()), bounds).unwrap_or_default()
                }
                Kind::Counter | Kind::Gauge => builder,
            };
        }
        let recorder = builder.build_recorder();
        for metric in ALL {
            let (name, help) = (metric.name.into(), metric.help.into());
            match metric.kind {
                Kind::Counter => recorder.describe_counter(name, None, help),
                Kind::Gauge => recorder.describe_gauge(name, None, help),
                Kind::Histogram(_) => recorder.describe_histogram(name, Some(Unit::Seconds), help),
            }
        }
        Self(Arc::new(recorder))
    }
}

impl Meter {
    /// Adds to a counter. Adding nought makes it appear, so that the first event is seen as a change.
    pub fn count<const N: usize>(&self, metric: &Metric, labels: [Value; N], more: u64) {
        self.0.register_counter(&key(metric, labels), &ABOUT).increment(more);
    }

    /// Sets a gauge.
    pub fn set<const N: usize>(&self, metric: &Metric, labels: [Value; N], value: f64) {
        self.0.register_gauge(&key(metric, labels), &ABOUT).set(value);
    }

    /// Sets a gauge to a moment.
    pub fn set_moment<const N: usize>(&self, metric: &Metric, labels: [Value; N], at: Moment) {
        self.set(metric, labels, SignedDuration::from_micros(at.micros()).as_secs_f64());
    }

    /// Records how long something took.
    pub fn took<const N: usize>(&self, metric: &Metric, labels: [Value; N], seconds: f64) {
        self.0.register_histogram(&key(metric, labels), &ABOUT).record(seconds);
    }

    /// All numbers, in Prometheus' text format.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.handle().render()
    }

    /// Sorts what was recorded into the histograms. Until then each record takes memory, so this is called now and then
    /// also where nobody reads.
    pub fn tidy(&self) {
        self.0.handle().run_upkeep();
    }
}

fn key<const N: usize>(metric: &Metric, values: [Value; N]) -> Key {
    let labels = metric.labels.iter().zip(values).map(|(name, Value(value))| Label::new(*name, value));
    Key::from_parts(metric.name, labels.collect::<Vec<_>>())
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meter")
    }
}
