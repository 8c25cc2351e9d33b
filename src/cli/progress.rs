//! How far the work is: bars on standard error, and the time of each stage.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use super::log;
use super::shared_args::{LogArgs, LogFormat};
use crate::pipeline::Observer;
use crate::read::Progress;
use crate::report::{StageStats, Stats};

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
    /// A watch that shows bars to people who did not ask for quiet.
    pub(super) fn new(args: &LogArgs) -> Self {
        let is_for_people = !args.quiet && args.log_format == LogFormat::Text;
        let is_shown = is_for_people && std::io::stderr().is_terminal();
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
            let ended = StageStats { name: name.into(), seconds: since.elapsed().as_secs_f64(), items };
            log::stage(&ended);
            match state.stages.iter_mut().find(|stage| stage.name == name) {
                Some(stage) => {
                    stage.seconds += ended.seconds;
                    stage.items += ended.items;
                }
                None => state.stages.push(ended),
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
pub(super) fn peak_rss_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
