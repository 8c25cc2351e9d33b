//! What a person sees on standard error: progress, remarks, errors.

use std::fmt::Display;
use std::io::{IsTerminal, Write as _};
use std::sync::Mutex;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use crate::document::Skipped;
use crate::pipeline::Observer;
use crate::read::{Note, Progress};
use crate::render::visible;
use crate::report::{StageStats, Stats};

/// Remarks of one kind that are printed; the rest is counted.
const MAX_REMARKS: usize = 10;

/// Progress bars where standard error is a terminal, and the time that each
/// stage takes.
pub(super) struct Watch {
    is_shown: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    running: Option<Running>,
    stages: Vec<StageStats>,
}

struct Running {
    name: &'static str,
    items: usize,
    since: Instant,
    bar: ProgressBar,
}

impl Watch {
    /// A watch that says nothing if `quiet`.
    pub(super) fn new(quiet: bool) -> Self {
        let is_shown = !quiet && std::io::stderr().is_terminal();
        Self { is_shown, state: Mutex::default() }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // A panic elsewhere does not make counts and bars unsafe to use.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn start(&self, name: &'static str, items: usize, template: &str) {
        let bar = if self.is_shown { ProgressBar::new(items as u64) } else { ProgressBar::hidden() };
        let style = ProgressStyle::with_template(template).expect("the templates are ours");
        bar.set_style(style);
        bar.set_message(name);
        self.state().running = Some(Running { name, items, since: Instant::now(), bar });
    }

    /// Begins a stage whose progress is in bytes of files.
    pub(super) fn begin_reading(&self) {
        self.start("read", 0, "{msg:>10} [{bar:30}] {bytes}/{total_bytes} {eta}");
    }

    /// Puts what only a process knows into the figures of a run.
    pub(super) fn fill(&self, stats: &mut Stats) {
        stats.threads = rayon::current_num_threads();
        stats.stages = self.state().stages.clone();
        stats.peak_rss_bytes = peak_rss_bytes();
    }
}

impl Observer for Watch {
    fn begin(&self, stage: &'static str, items: usize) {
        self.start(stage, items, "{msg:>10} [{bar:30}] {human_pos}/{human_len} {eta}");
    }

    fn advance(&self, items: usize) {
        if let Some(running) = &self.state().running {
            running.bar.inc(items as u64);
        }
    }

    fn end(&self) {
        let mut state = self.state();
        if let Some(Running { name, items, since, bar }) = state.running.take() {
            bar.finish_and_clear();
            let seconds = since.elapsed().as_secs_f64();
            match state.stages.iter_mut().find(|stage| stage.name == name) {
                Some(stage) => {
                    stage.seconds += seconds;
                    stage.items += items;
                }
                None => state.stages.push(StageStats { name: name.into(), seconds, items }),
            }
        }
    }
}

impl Progress for Watch {
    fn expect(&self, bytes: u64) {
        if let Some(running) = &mut self.state().running {
            running.bar.set_length(bytes);
        }
    }

    fn advance(&self, bytes: u64) {
        if let Some(running) = &mut self.state().running {
            running.items += bytes as usize;
            running.bar.inc(bytes);
        }
    }
}

/// The process's largest resident memory, where the system tells it.
fn peak_rss_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Says what went wrong.
pub(super) fn complain(error: &dyn Display) {
    say("error", error);
}

/// Says what a user should know, but what does not stop the work.
pub(super) fn remark(text: &dyn Display) {
    say("note", text);
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

fn say(kind: &str, text: &dyn Display) {
    // Paths and ids may hold anything; a terminal gets nothing that steers it.
    let text = text.to_string();
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(std::io::stderr(), "wirecopy: {kind}: {}", visible::label(&text));
}
