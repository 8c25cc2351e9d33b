//! What the fuzz targets run, on samples changed at random: some here, more
//! by `fuzz/`. `WIRECOPY_FUZZ_SECONDS` runs each target for that long.

use std::time::{Duration, Instant};

#[path = "../../fuzz/src/lib.rs"]
#[allow(dead_code, unreachable_pub, reason = "the rest serves the targets")]
mod fuzz;

use fuzz::mutation::Pool;

/// Inputs for each target where no time is given.
const RUNS: u64 = 300;

#[test]
fn nothing_makes_a_reader_fail() {
    let seconds = std::env::var("WIRECOPY_FUZZ_SECONDS").ok().map(|seconds| seconds.parse().unwrap());
    for target in fuzz::TARGETS {
        let mut pool = Pool::new(target.samples());
        let started = Instant::now();
        let mut runs = 0;
        let mut slowest = Duration::ZERO;
        while seconds.map_or(runs < RUNS, |seconds| started.elapsed() < Duration::from_secs(seconds)) {
            let data = pool.next();
            let begun = Instant::now();
            if std::panic::catch_unwind(|| fuzz::run(target.name, &data)).is_err() {
                let place = std::env::temp_dir().join(format!("wirecopy-crash-{}", target.name));
                std::fs::write(&place, &data).unwrap();
                panic!("{} fails on the bytes in {}", target.name, place.display());
            }
            slowest = slowest.max(begun.elapsed());
            runs += 1;
        }
        println!("{}: {runs} runs, the slowest took {slowest:?}", target.name);
        assert!(slowest < Duration::from_secs(60), "{} takes {slowest:?}", target.name);
    }
}
