//! Runs → chains: which runs belong to one passage.
//!
//! Runs that follow each other in both documents, with small gaps between
//! them, are edits of one passage. Chaining finds for each run the best
//! predecessor by the score of what they cover less the cost of the gap
//! between them, as minimap2 does for DNA reads (Li 2018); chains are then
//! taken by descending score, each run once. A reordered paragraph starts a
//! chain of its own. Only the `LOOK_BACK` runs before are tried, as far as any
//! of them comes near, so time is O(n) in the number of runs and space O(n).
//!
//! [`in_order`] asks another question: which runs follow each other in both
//! documents, whatever lies between. It joins runs over gaps that are wider
//! than they are, as the blanks of a form may be, and is no sign that they make
//! up one passage. [`in_order_throughout`] does so over gaps of any width.

use std::cmp::Reverse;

use super::anchor::Run;

/// Runs tried as predecessor of each: between the parts of a passage lie
/// seldom more than a few runs of other passages.
const LOOK_BACK: usize = 64;

/// Widest gap, in tokens of either document, between two runs of a passage.
/// With 30 per cent of the words changed, the next five unchanged in a row
/// begin after 20 words on average and after 60 in one case in twenty.
pub const MAX_GAP_TOKENS: usize = 64;

/// Runs grouped into chains, each in order in both documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chains {
    runs: Vec<Run>,
    /// Where each chain ends.
    ends: Vec<usize>,
}

impl Chains {
    /// The chains, best first.
    pub fn iter(&self) -> impl Iterator<Item = &[Run]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.runs[start..end])
    }
}

/// Groups `runs`, sorted by `a`, into chains.
pub fn chains(runs: &[Run]) -> Chains {
    chains_within(runs, MAX_GAP_TOKENS)
}

/// [`chains`], with gaps of another width at most.
pub fn chains_within(runs: &[Run], max_gap: usize) -> Chains {
    chains_at_cost(runs, max_gap, 1.0)
}

/// Groups `runs`, sorted by `a`, into chains by their order alone: gaps cost
/// next to nothing.
pub fn in_order(runs: &[Run]) -> Chains {
    chains_at_cost(runs, MAX_GAP_TOKENS, NEARLY_FREE)
}

/// The best chain by order alone, however far its runs stand apart.
pub fn in_order_throughout(runs: &[Run]) -> Vec<Run> {
    let chains = chains_at_cost(runs, ANY_WIDTH, NEARLY_FREE);
    let best = chains.iter().next().map(<[Run]>::to_vec);
    best.unwrap_or_default()
}

/// More tokens than a document has, in which sums with them have room.
const ANY_WIDTH: usize = u32::MAX as usize;

/// What a token of a gap costs where order alone decides: as much as tells the
/// nearer of two runs.
const NEARLY_FREE: f64 = 1.0 / 64.0;

/// Chains where each token of a gap costs so much of one that agrees.
fn chains_at_cost(runs: &[Run], max_gap: usize, of_gap: f64) -> Chains {
    if let [run] = runs {
        return Chains { runs: vec![*run], ends: vec![1] };
    }
    let mut links = link(runs, max_gap, of_gap);
    let mut found = Chains { runs: Vec::with_capacity(runs.len()), ends: Vec::new() };
    // Scores are positive, so their bits are in the order of their values.
    let rank = |(at, link): (usize, &Link)| (Reverse(link.score.to_bits()), at);
    if let Some((_, best)) = links.iter().enumerate().map(rank).min() {
        found.take(best, runs, &mut links);
    }
    // Most runs are of one chain.
    if found.runs.len() < runs.len() {
        let rest = links.iter().enumerate().filter(|(_, link)| !link.is_used);
        let mut order: Vec<(Reverse<u64>, usize)> = rest.map(rank).collect();
        order.sort_unstable();
        order.into_iter().for_each(|(_, end)| found.take(end, runs, &mut links));
    }
    found
}

impl Chains {
    /// Takes the chain that ends with a run, as far as no other has it.
    fn take(&mut self, end: usize, runs: &[Run], links: &mut [Link]) {
        let start = self.runs.len();
        let mut at = Some(end);
        while let Some(run) = at.filter(|&run| !links[run].is_used) {
            links[run].is_used = true;
            self.runs.push(runs[run]);
            at = links[run].before;
        }
        if self.runs.len() > start {
            self.runs[start..].reverse();
            self.ends.push(self.runs.len());
        }
    }
}

/// The best chain that ends with a run.
struct Link {
    score: f64,
    /// The run before it in that chain.
    before: Option<usize>,
    /// How far this run or one before it reaches in the first document.
    reach: usize,
    /// Whether a chain has the run.
    is_used: bool,
}

fn link(runs: &[Run], max_gap: usize, of_gap: f64) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::with_capacity(runs.len());
    for (at, run) in runs.iter().enumerate() {
        let alone = run.len as f64;
        let reach = links.last().map_or(0, |last| last.reach).max(run.a + run.len);
        let mut best = Link { score: alone, before: None, reach, is_used: false };
        for earlier in (at.saturating_sub(LOOK_BACK)..at).rev() {
            if links[earlier].reach + max_gap < run.a {
                break;
            }
            let Some(cost) = gap_cost(&runs[earlier], run, max_gap, of_gap) else { continue };
            let score = links[earlier].score + alone - cost;
            if score > best.score {
                (best.score, best.before) = (score, Some(earlier));
            }
        }
        links.push(best);
    }
    links
}

/// What joining two runs costs, in tokens: `of_gap` of those inserted or
/// dropped, half of it of those merely changed, and in full those that both runs
/// claim. Nothing if `next` does not follow `run` closely in both documents.
fn gap_cost(run: &Run, next: &Run, max_gap: usize, of_gap: f64) -> Option<f64> {
    if next.a <= run.a || next.b <= run.b || next.a + next.len <= run.a + run.len {
        return None;
    }
    if next.b + next.len <= run.b + run.len {
        return None;
    }
    let gap_a = next.a as i64 - (run.a + run.len) as i64;
    let gap_b = next.b as i64 - (run.b + run.len) as i64;
    let claimed_twice = (-gap_a).max(-gap_b).max(0);
    if claimed_twice >= next.len.min(run.len) as i64 || gap_a.max(gap_b) > max_gap as i64 {
        return None;
    }
    let changed = gap_a.min(gap_b).max(0);
    Some(of_gap * ((gap_a - gap_b).abs() as f64 + changed as f64 / 2.0) + claimed_twice as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(a: usize, b: usize, len: usize) -> Run {
        Run { a, b, len }
    }

    #[test]
    fn runs_are_chained_or_kept_apart() {
        let cases: [(&str, &[Run], &[usize]); 7] = [
            ("a word changed", &[run(0, 100, 10), run(11, 111, 10)], &[2]),
            ("words inserted", &[run(0, 100, 20), run(20, 126, 20)], &[2]),
            ("a repeated word makes runs overlap", &[run(0, 0, 10), run(8, 10, 10)], &[2]),
            ("paragraphs in another order", &[run(0, 500, 40), run(40, 100, 40)], &[1, 1]),
            ("too far apart", &[run(0, 0, 30), run(95, 95, 30)], &[1, 1]),
            ("a phrase off the line", &[run(0, 0, 30), run(10, 300, 5), run(31, 31, 30)], &[2, 1]),
            ("one copy against two", &[run(0, 0, 50), run(0, 50, 50)], &[1, 1]),
        ];
        for (name, runs, lengths) in cases {
            let found: Vec<usize> = chains(runs).iter().map(<[Run]>::len).collect();
            assert_eq!(found, lengths, "{name}");
        }
    }

    #[test]
    fn by_order_alone_gaps_wider_than_runs_are_bridged_and_nothing_else() {
        let cases: [(&str, &[Run], &[usize]); 5] = [
            ("blanks wider than the wording", &[run(0, 0, 6), run(26, 30, 5), run(55, 52, 7)], &[3]),
            ("paragraphs in another order", &[run(0, 50, 10), run(10, 20, 10)], &[1, 1]),
            ("too far apart", &[run(0, 0, 30), run(95, 95, 30)], &[1, 1]),
            ("the nearer of two places", &[run(0, 0, 9), run(0, 20, 9), run(12, 32, 9)], &[2, 1]),
            ("a phrase off the line", &[run(0, 0, 30), run(10, 300, 5), run(31, 31, 30)], &[2, 1]),
        ];
        for (name, runs, lengths) in cases {
            let found: Vec<usize> = in_order(runs).iter().map(<[Run]>::len).collect();
            assert_eq!(found, lengths, "{name}");
        }
    }

    #[test]
    fn every_run_is_in_exactly_one_chain() {
        let mut runs: Vec<Run> = (0..300).map(|n| run(n * 7 % 900, n * 31 % 1200, 5 + n % 9)).collect();
        runs.sort_unstable();
        for chains in [chains(&runs), in_order(&runs)] {
            let mut chained: Vec<Run> = chains.iter().flatten().copied().collect();
            chained.sort_unstable();
            assert_eq!(chained, runs);
        }
    }
}
