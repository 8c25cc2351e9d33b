//! Changes samples at random and runs the targets on them, for so many
//! seconds each: `mutate SECONDS [TARGET…]`. A change that panics ends the run
//! with the bytes in `crash-TARGET`.

use std::time::{Duration, Instant};

use wirecopy_fuzz::mutation::Pool;
use wirecopy_fuzz::{TARGETS, Target, run};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().and_then(|seconds| seconds.parse().ok()).unwrap_or(60);
    let names: Vec<String> = arguments.collect();
    for target in
        TARGETS.iter().filter(|target| names.is_empty() || names.iter().any(|name| name == target.name))
    {
        let runs = mutate(target, Duration::from_secs(seconds));
        println!("{}: {runs} runs in {seconds} s", target.name);
    }
}

fn mutate(target: &Target, time: Duration) -> u64 {
    let mut pool = Pool::new(target.samples());
    let end = Instant::now() + time;
    let mut runs = 0;
    let mut slowest = Duration::from_secs(2);
    while Instant::now() < end {
        let data = pool.next();
        let started = Instant::now();
        if std::panic::catch_unwind(|| run(target.name, &data)).is_err() {
            std::fs::write(format!("crash-{}", target.name), &data).expect("the folder can be written to");
            std::process::exit(1);
        }
        if started.elapsed() > slowest {
            slowest = started.elapsed();
            println!("{}: {slowest:?} for the {} bytes in slow-{0}", target.name, data.len());
            std::fs::write(format!("slow-{}", target.name), &data).expect("the folder can be written to");
        }
        runs += 1;
    }
    runs
}
