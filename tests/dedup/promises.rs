//! What a plan promises, held against a slow exact look at the texts.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;
use wirecopy::dedup::{self, Keep, Options, Plan, Remove, Removed, StripKind};
use wirecopy::document::{Corpus, Document};
use wirecopy::params::{Noise, Params};
use wirecopy::pipeline;
use wirecopy::report::{Report, Verdict};

use crate::support::with_threads;
use crate::support::words::{Rng, range};

/// Shingles and thresholds of the defaults.
const SHINGLE_LEN: usize = 5;

/// Half a millionth: ratios in reports are rounded.
const ROUNDING: f64 = 1e-6;

/// Share of a passage's tokens that agree, at least.
const LEAST_IDENTITY: f64 = 0.6;

pub(crate) fn tokens(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn shingles(tokens: &[String]) -> HashSet<&[String]> {
    tokens.windows(SHINGLE_LEN).collect()
}

/// The most that a can be covered by b: by shingles, or by passages, of whose
/// tokens at least [`LEAST_IDENTITY`] agree; these may stand in another order,
/// and what b says once may be aligned to two places of a.
fn most_covered(a: &str, b: &str) -> f64 {
    let (a, b) = (tokens(a), tokens(b));
    let (of_a, of_b) = (shingles(&a), shingles(&b));
    let contained = of_a.intersection(&of_b).count() as f64 / of_a.len() as f64;
    let words: HashSet<&String> = b.iter().collect();
    let agree = a.iter().filter(|word| words.contains(word)).count();
    contained.max(agree as f64 / LEAST_IDENTITY / a.len() as f64)
}

fn jaccard(a: &str, b: &str) -> f64 {
    let (a, b) = (tokens(a), tokens(b));
    let (a, b) = (shingles(&a), shingles(&b));
    a.intersection(&b).count() as f64 / a.union(&b).count() as f64
}

/// Fails unless `plan` keeps its promises on `corpus`.
fn check(corpus: &Corpus, plan: &Plan, options: &Options) {
    let kept = plan.kept();
    assert_eq!(kept.iter().filter(|kept| !**kept).count(), plan.removed.len(), "each goes once");
    for removed in &plan.removed {
        assert!(kept[removed.survivor.index()], "{removed:?} has no survivor");
        let texts = [corpus.text(removed.document), corpus.text(removed.survivor)];
        check_removal(removed, texts, options.remove);
    }
}

/// Fails unless what is said of a removal holds for the text that goes and the
/// one that stays.
pub(crate) fn check_removal(removed: &Removed, [text, survivor]: [&str; 2], remove: Remove) {
    let [of, other] = [most_covered(text, survivor), most_covered(survivor, text)];
    assert!(
        removed.coverage <= of + ROUNDING && removed.coverage_of_survivor <= other + ROUNDING,
        "{removed:?}"
    );
    let (own, others) = (tokens(text), tokens(survivor).into_iter().collect::<HashSet<_>>());
    let agree = own.iter().filter(|word| others.contains(*word)).count() as f64 / own.len() as f64;
    // Shingles that a document says twice count once, and what passages
    // have in common is told by bytes.
    let (of, others) = (shingles(&own), tokens(survivor));
    let contained = of.intersection(&shingles(&others)).count() as f64 / of.len() as f64;
    assert!(removed.agreed <= agree.max(contained) + 0.02, "{removed:?} {agree}");
    assert!(remove == Remove::Derived || removed.agreed >= 0.8, "{removed:?}");
    let is_same = tokens(text) == tokens(survivor);
    let alike = jaccard(text, survivor);
    assert!((removed.jaccard - alike).abs() <= ROUNDING || is_same, "{removed:?} {alike}");
    match removed.verdict {
        Verdict::Exact => assert!(is_same, "{removed:?}"),
        Verdict::NearDuplicate => {
            assert!(remove >= Remove::Near);
            let both = removed.coverage >= 0.8 && removed.coverage_of_survivor >= 0.8;
            assert!(alike >= 0.5 - ROUNDING || both, "{removed:?}");
            assert!(
                removed.coverage >= 0.8 || removed.coverage_of_survivor < 0.8,
                "a container went: {removed:?}"
            );
        }
        Verdict::ContainedIn => {
            assert!(remove >= Remove::Contained);
            assert!(removed.coverage >= 0.8, "{removed:?}");
        }
        Verdict::Derived => {
            assert!(remove >= Remove::Derived);
            assert!(removed.coverage.max(removed.coverage_of_survivor) >= 0.33, "{removed:?}");
        }
        other => panic!("{other:?} removes nothing"),
    }
}

/// A pile of stories, each with versions made at random: cut, extended, with
/// words changed, doubled, set in capitals, joined with another story.
pub(crate) fn pile(seed: u64, documents: usize) -> Vec<Document> {
    let mut rng = Rng::new(seed);
    let mut texts: Vec<String> = Vec::new();
    for number in 0..documents {
        let fresh = range(1000 * number..1000 * number + 40 + rng.below(100));
        if texts.is_empty() || rng.below(4) == 0 {
            texts.push(fresh);
            continue;
        }
        let base = texts[rng.below(texts.len())].clone();
        let words: Vec<&str> = base.split_whitespace().collect();
        let part = words[..words.len() / 4 + rng.below(words.len() - words.len() / 4)].join(" ");
        let text = match rng.below(7) {
            0 => base.to_uppercase().replace(' ', ", "),
            1 => part,
            2 => format!("{base}\n\n{fresh}"),
            3 => format!("{base}\n\n{base}"),
            4 => format!("{base}\n\n{}", texts[rng.below(texts.len())]),
            5 => words
                .iter()
                .map(|&word| if rng.below(9) == 0 { "other" } else { word })
                .collect::<Vec<_>>()
                .join(" "),
            _ => base.split_inclusive(' ').skip(rng.below(3)).collect(),
        };
        texts.push(text);
    }
    let document = |(number, text): (usize, String)| Document {
        id: format!("d{number:03}"),
        source: Some(format!("site{}.example", number % 5)),
        published: format!("2026-05-{:02}", number % 20 + 1).parse().ok().filter(|_| number % 6 != 0),
        text,
        ..Document::default()
    };
    texts.into_iter().enumerate().map(document).collect()
}

fn scanned(documents: Vec<Document>) -> (Corpus, Report) {
    let corpus = Corpus::try_new(documents).unwrap();
    // Numbered words look misread, and would be compared by their letters.
    let params = Params { noise: Noise::Clean, ..Params::default() };
    let report = pipeline::scan(&corpus, &params, &()).unwrap();
    (corpus, report)
}

#[test]
fn of_a_large_family_few_stay() {
    // Each version changes five words of two hundred, which ones is by chance.
    let mut rng = Rng::new(3);
    let story: Vec<String> = range(0..200).split(' ').map(str::to_owned).collect();
    let version = |number: usize| {
        let mut words = story.clone();
        (0..5).for_each(|change| words[rng.below(200)] = format!("v{number}x{change}"));
        let (id, text) = (format!("d{number:03}"), words.join(" "));
        Document { id, text, ..Document::default() }
    };
    let (corpus, report) = scanned((0..400).map(version).collect());
    assert!(!report.clusters[0].pairs_complete);
    let options = Options::default();
    let listed = dedup::plan(&report, &options).kept().iter().filter(|kept| **kept).count();
    let plan = pipeline::plan_dedup(&corpus, &report, &options, &()).unwrap();
    check(&corpus, &plan, &options);
    let stay = plan.kept().iter().filter(|kept| **kept).count();
    assert!(stay <= 2 && listed > 10, "{stay} of {listed} stay");
}

fn policies() -> Vec<Keep> {
    let prefer = Keep::Prefer(vec!["site3.example".into(), "site1.example".into()]);
    vec![Keep::Earliest, Keep::Origin, Keep::Longest, Keep::LatestRevision, Keep::First, prefer]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_goes_has_a_survivor_that_the_verdict_holds_for(seed in any::<u64>()) {
        let (corpus, report) = scanned(pile(seed, 40));
        for keep in policies() {
            for remove in [Remove::Exact, Remove::Near, Remove::Contained, Remove::Derived] {
                let options = Options { keep: keep.clone(), remove, ..Options::default() };
                let plan = dedup::plan(&report, &options);
                check(&corpus, &plan, &options);
                for cluster in &report.clusters {
                    let kept = plan.kept();
                    let stays = |id: &String| kept[corpus.find(id).unwrap().index()];
                    prop_assert!(cluster.members.iter().any(|member| stays(&member.document)), "{cluster:?}");
                }
            }
        }
    }

    /// Order and threads do not enter; cuts are gone, and all else is there.
    #[test]
    fn the_same_goes_whatever_the_order(seed in any::<u64>()) {
        let documents = pile(seed, 40);
        let mut shuffled = documents.clone();
        Rng::new(seed).shuffle(&mut shuffled);
        let outcome = |documents: Vec<Document>, threads: usize| with_threads(threads, || {
            let (corpus, report) = scanned(documents);
            let plans: Vec<Plan> = policies().into_iter().map(|keep| {
                dedup::plan(&report, &Options { keep, ..Options::default() })
            }).collect();
            let kinds = [StripKind::Repeats, StripKind::Boilerplate];
            let edited = dedup::strip(&report, &corpus, &plans[0], &kinds);
            for edited in &edited {
                let text = corpus.text(edited.document);
                let gone: usize = edited.cuts.iter().map(|cut| cut.span.len()).sum();
                assert_eq!(dedup::apply(text, &edited.cuts).len() + gone, text.len());
                assert!(edited.cuts.is_sorted_by(|one, two| one.span.end <= two.span.start));
            }
            (plans, edited)
        });
        prop_assert_eq!(outcome(documents, 1), outcome(shuffled, 3));
    }
}

#[test]
fn a_part_goes_for_what_contains_it_and_a_policy_cannot_turn_that() {
    let (corpus, report) = scanned(pile(7, 60));
    let mut kinds: HashMap<Verdict, usize> = HashMap::new();
    for keep in policies() {
        let options = Options { keep, ..Options::default() };
        let plan = dedup::plan(&report, &options);
        check(&corpus, &plan, &options);
        let identical = dedup::plan(&report, &Options { remove: Remove::Exact, ..options });
        plan.removed.iter().chain(&identical.removed).for_each(|removed| {
            *kinds.entry(removed.verdict).or_default() += 1;
        });
    }
    // The pile has something of each kind, so that nothing above is idle.
    for verdict in [Verdict::Exact, Verdict::NearDuplicate, Verdict::ContainedIn] {
        assert!(kinds.contains_key(&verdict), "{kinds:?}");
    }
}
