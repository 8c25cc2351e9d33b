//! What is said on standard error besides progress bars: for people in plain
//! lines, for programs (`--log-format json`) as events, one JSON object a line.
//!
//! Programs get more: each stage with its time, what was found, and how the
//! run ended. Nothing but this file knows the form.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::sync::OnceLock;
use std::time::Instant;

use tracing::Level;

use super::shared_args::{LogArgs, LogFormat};
use crate::document::Skipped;
use crate::read::Note;
use crate::render::visible;
use crate::report::{Report, StageStats};
use crate::spill::entries::Lists;

/// Remarks of one kind that are printed; the rest is counted.
const MAX_REMARKS: usize = 10;

/// Whether events are written in place of lines.
static IS_FOR_PROGRAMS: OnceLock<()> = OnceLock::new();

/// Settles the form, before anything else is said.
pub(super) fn begin(args: &LogArgs) {
    if args.log_format == LogFormat::Text {
        return;
    }
    let level = if args.quiet { Level::ERROR } else { Level::INFO };
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(false)
        .with_max_level(level)
        .with_writer(io::stderr)
        .finish();
    // Set once a process; a second command in one would keep the first form.
    if tracing::subscriber::set_global_default(subscriber).is_ok() {
        let _ = IS_FOR_PROGRAMS.set(());
    }
}

fn is_for_programs() -> bool {
    IS_FOR_PROGRAMS.get().is_some()
}

/// Says what went wrong.
pub(super) fn complain(error: &dyn Display) {
    match is_for_programs() {
        true => tracing::error!("{error}"),
        false => say("error", error),
    }
}

/// Says what a user should know, but what does not stop the work.
pub(super) fn remark(text: &dyn Display) {
    match is_for_programs() {
        true => tracing::warn!("{text}"),
        false => say("note", text),
    }
}

/// Prints the first remarks and counts the rest.
pub(super) fn remark_all(notes: &[Note]) {
    for note in notes.iter().take(MAX_REMARKS) {
        let place = note.line.map_or(note.path.clone(), |line| format!("{}:{line}", note.path));
        remark(&format!("{place}: {}", note.text));
    }
    if notes.len() > MAX_REMARKS {
        remark(&format!("{} more remarks on the input", notes.len() - MAX_REMARKS));
    }
}

/// Says how much of the input did not become a document.
pub(super) fn remark_skipped(skipped: &[Skipped]) {
    if let Some(first) = skipped.first() {
        let place = first.line.map_or(first.path.clone(), |line| format!("{}:{line}", first.path));
        let reason = &first.reason;
        remark(&match skipped.len() {
            1 => format!("1 record or document was skipped, {place}: {reason}"),
            count => format!("{count} records or documents were skipped, the first is {place}: {reason}"),
        });
    }
}

/// Tells programs that a stage is over.
pub(super) fn stage(stage: &StageStats) {
    let StageStats { name, seconds, items } = stage;
    tracing::info!(stage = name, seconds, items, "stage");
}

/// Tells programs how much a report holds.
pub(super) fn found(report: &Report, lists: Option<&Lists>) {
    tracing::info!(
        documents = report.stats.documents,
        skipped = report.skipped.len(),
        repeats = lists.map_or(report.repeats.len(), |lists| lists.repeats.len()),
        exact_groups = lists.map_or(report.exact_groups.len(), |lists| lists.exact_groups.len()),
        pairs = lists.map_or(report.pairs.len(), |lists| lists.pairs.len()),
        clusters = lists.map_or(report.clusters.len(), |lists| lists.clusters.len()),
        "found"
    );
}

/// Tells programs how many documents stay, and how many go.
pub(super) fn kept(kept: usize, removed: usize) {
    tracing::info!(kept, removed, "removal");
}

/// Tells programs how the run ended.
pub(super) fn end(status: u8, since: Instant) {
    let seconds = since.elapsed().as_secs_f64();
    tracing::info!(status, seconds, peak_rss_bytes = super::progress::peak_rss_bytes(), "end");
}

fn say(kind: &str, text: &dyn Display) {
    // Paths and ids may hold anything; a terminal gets nothing that steers it.
    let text = text.to_string();
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr(), "wirecopy: {kind}: {}", visible::label(&text));
}
