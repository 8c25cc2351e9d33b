//! Changes samples at random and runs the targets on them, for so many
//! seconds each: `mutate SECONDS [TARGET…]`. A change that panics ends the run
//! with the bytes in `crash-TARGET`.

use std::time::{Duration, Instant};

use wirecopy_fuzz::{TARGETS, Target, run};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().and_then(|seconds| seconds.parse().ok()).unwrap_or(60);
    let names: Vec<String> = arguments.collect();
    for target in TARGETS.iter().filter(|target| names.is_empty() || names.iter().any(|name| name == target.name)) {
        let runs = mutate(target, Duration::from_secs(seconds));
        println!("{}: {runs} runs in {seconds} s", target.name);
    }
}

fn mutate(target: &Target, time: Duration) -> u64 {
    let mut random = Random(0x5eed);
    let mut pool: Vec<Vec<u8>> = target.samples().iter().map(|sample| sample.to_vec()).collect();
    let end = Instant::now() + time;
    let mut runs = 0;
    let mut slowest = Duration::from_secs(2);
    while Instant::now() < end {
        let mut data = pool[random.below(pool.len())].clone();
        for _ in 0..=random.below(8) {
            let other = &pool[random.below(pool.len())];
            change(&mut data, other, &mut random);
        }
        let started = Instant::now();
        if std::panic::catch_unwind(|| run(target.name, &data)).is_err() {
            std::fs::write(format!("crash-{}", target.name), &data).expect("the folder can be written to");
            std::process::exit(1);
        }
        if started.elapsed() > slowest {
            slowest = started.elapsed();
            println!("{}: {slowest:?} for {} bytes in slow-{0}", target.name, data.len());
            std::fs::write(format!("slow-{}", target.name), &data).expect("the folder can be written to");
        }
        if runs % 50 == 0 && data.len() < 20_000 {
            if pool.len() > 200 {
                let index = random.below(pool.len());
                pool[index] = data;
            } else {
                pool.push(data);
            }
        }
        runs += 1;
    }
    runs
}

/// One change of `data`, perhaps with a piece of `other`.
fn change(data: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    const PIECES: [&[u8]; 12] = [
        b"<", b">", b"\"", b"{", b"}", b"[", b"\n", b"\0", b"<![CDATA[", b"\xff\xff\xff\xff", b"\r\n\r\n", b"&#x;",
    ];
    let at = random.below(data.len() + 1);
    let end = (at + random.below(64)).min(data.len());
    match random.below(7) {
        0 if at < data.len() => data[at] ^= 1 << random.below(8),
        1 if at < data.len() => data[at] = random.below(256) as u8,
        2 => drop(data.drain(at..end)),
        3 => data.truncate(at),
        4 => {
            let piece = data[at..end].repeat(1 + random.below(100));
            data.splice(at..at, piece);
        }
        5 => drop(data.splice(at..at, PIECES[random.below(PIECES.len())].iter().copied())),
        _ => {
            let start = random.below(other.len() + 1);
            let piece = &other[start..(start + random.below(256)).min(other.len())];
            data.splice(at..at, piece.iter().copied());
        }
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}
