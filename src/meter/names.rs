//! Every metric: its name, its labels, and what it tells. Operators rely on these names; alerts name them.

/// One metric.
#[derive(Debug, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// Its form.
    pub kind: Kind,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// What it tells.
    pub help: &'static str,
}

/// The form of a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Only grows, from nought when the process starts.
    Counter,
    /// Goes up and down.
    Gauge,
    /// How long things took, in seconds, counted up to each of these bounds.
    Histogram(&'static [f64]),
}

/// Answers and units of work: from less than a millisecond to the ten seconds after which a request is given up.
const SHORT: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Sweeps: a batch of a hundred, whose mail server may be slow.
const LONG: &[f64] = &[0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0];

macro_rules! metrics {
    ($($name:ident = $kind:expr, $text:literal, [$($label:literal),*], $help:literal;)*) => {
        $(#[doc = $help] pub const $name: Metric = Metric { name: $text, kind: $kind, labels: &[$($label),*], help: $help };)*
        /// All of them.
        pub const ALL: &[Metric] = &[$($name),*];
    };
}

metrics! {
    BUILD = Kind::Gauge, "quorate_build_info", ["version", "database"], "Always 1; the version and the kind of database.";
    READY = Kind::Gauge, "quorate_ready", [], "Whether this process can do its work, as /readyz says.";
    DATABASE_UP = Kind::Gauge, "quorate_database_up", [], "Whether the database answered when it was last asked for the numbers here.";

    REQUESTS = Kind::Counter, "quorate_http_requests_total", ["route", "method", "status"], "Requests that were answered, by the pattern of their route and the class of the status.";
    REQUEST_SECONDS = Kind::Histogram(SHORT), "quorate_http_request_duration_seconds", ["route", "method"], "Time from a request's header to its answer.";
    REFUSALS = Kind::Counter, "quorate_refusals_total", ["code"], "Requests that were refused or failed, by the code of the problem.";

    UNIT_SECONDS = Kind::Histogram(SHORT), "quorate_database_unit_duration_seconds", ["unit", "outcome"], "Time of a unit of work from its first attempt to its commit or refusal.";
    UNIT_RETRIES = Kind::Counter, "quorate_database_unit_retries_total", [], "Attempts at a unit of work that another transaction made fail, and that were made again.";
    WAIT_SECONDS = Kind::Histogram(SHORT), "quorate_database_wait_seconds", ["pool"], "Time until a connection was there: for `write`, with its transaction begun.";
    CONNECTIONS = Kind::Gauge, "quorate_database_connections", ["pool", "state"], "Open connections of this process.";
    CONNECTIONS_MAX = Kind::Gauge, "quorate_database_connections_max", ["pool"], "The most connections that this process opens.";

    MAILS_QUEUED = Kind::Gauge, "quorate_mails_queued", [], "Mails that wait to be sent, of all processes; counted up to 10000.";
    MAILS_OLDEST = Kind::Gauge, "quorate_mails_oldest_age_seconds", [], "How long ago the oldest of the queued mails was written; 0 when there is none.";
    MAILS_OVERDUE = Kind::Gauge, "quorate_mails_overdue_seconds", [], "For how long the next attempt at a queued mail has been due; 0 when none is.";
    MAILS = Kind::Counter, "quorate_mails_total", ["outcome"], "Attempts of this process at mails, by how they ended.";
    MAILS_REFUSED = Kind::Gauge, "quorate_mails_refused", [], "Mails that came in to vote within the last 24 hours and were refused, of all processes; counted up to 10000.";

    WEBHOOKS = Kind::Counter, "quorate_webhooks_total", ["outcome"], "Attempts of this process at webhooks, by how they ended.";

    SWEEP_SECONDS = Kind::Histogram(LONG), "quorate_sweep_duration_seconds", ["sweep", "outcome"], "Time of a run of a sweep.";
    SWEEP_ROWS = Kind::Counter, "quorate_sweep_rows_total", ["sweep"], "Rows that a sweep handled.";
    SWEEP_LAST = Kind::Gauge, "quorate_sweep_last_success_timestamp_seconds", ["sweep"], "When a sweep of this process last ended well, or was started.";
    SWEEP_PATIENCE = Kind::Gauge, "quorate_sweep_patience_seconds", ["sweep"], "How long after its last success a sweep counts as stale.";
    SWEEP_FAILURES = Kind::Counter, "quorate_sweep_row_failures_total", ["sweep"], "Rows that a sweep could not handle, and tries again.";

    CASE_EVENTS = Kind::Counter, "quorate_case_events_total", ["event"], "What happened to recovery cases through this process, by the names of the activity log.";
    CASES_OPEN = Kind::Gauge, "quorate_cases_open", ["state"], "Open recovery cases of all processes; counted up to 10000 together.";
    CASES_OVERDUE = Kind::Gauge, "quorate_cases_overdue", [], "Recovery cases whose next moment has come; counted up to 1000.";

    HALTED = Kind::Gauge, "quorate_accounts_halted", [], "Accounts whose log and tables do not tell the same, or of whose owners none can act, so that nothing comes of a count there; counted up to 100.";
    LOG_UNSEALED = Kind::Gauge, "quorate_log_unsealed_entries", [], "Entries of the activity log that wait to be sealed; counted up to 1000.";
    LOG_UNSEALED_AGE = Kind::Gauge, "quorate_log_unsealed_oldest_age_seconds", [], "How long ago the oldest of them was written; 0 when there is none.";

    SIGN_INS = Kind::Counter, "quorate_sign_ins_total", ["step"], "Codes asked for, people signed in, and codes refused.";

    PROCESS_START = Kind::Gauge, "process_start_time_seconds", [], "When the process opened its database.";
    PROCESS_MEMORY = Kind::Gauge, "process_resident_memory_bytes", [], "Memory of the process.";
    PROCESS_FILES = Kind::Gauge, "process_open_fds", [], "Open files and sockets of the process.";
}
