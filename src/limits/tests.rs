//! Limits on groups and buckets against a look at every two documents.

use proptest::prelude::*;

use super::nearest::keep_needed;
use super::*;

/// Side, publisher, first second and length of the interval (nothing where
/// it is not known), and the group.
type Drawn = (u8, u32, Option<(i64, i64)>, usize);

fn limits(drawn: &[Drawn], rules: Rules) -> (PairLimits, Vec<Vec<DocId>>) {
    let fact = |&(side, source, time, _): &Drawn| {
        let (from, until) = match time.filter(|_| rules.within_s.is_some()) {
            Some((from, len)) => (from, from + len),
            None => ANY_TIME,
        };
        let side = if rules.against { side } else { 0 };
        Fact { from, until, side, source: if rules.across { source } else { 0 } }
    };
    let facts: Vec<Fact> = drawn.iter().map(fact).collect();
    let first = vec![None; drawn.len()];
    let alone = PairLimits { limited: Some(Limited { rules, facts, groups: HashMap::new(), first }) };
    let same = |group: usize| -> Vec<DocId> {
        (0..drawn.len()).filter(|&at| drawn[at].3 == group).map(DocId::new).collect()
    };
    let mut parts: Vec<Vec<DocId>> =
        (0..8).map(same).filter(|same| !same.is_empty()).flat_map(|same| alone.near_in_time(&same)).collect();
    parts.sort();
    let several: Vec<Vec<DocId>> = parts.iter().filter(|part| part.len() > 1).cloned().collect();
    (alone.with_groups(&several), parts)
}

fn rules() -> impl Strategy<Value = Rules> {
    (any::<bool>(), any::<bool>(), prop::option::of(0i64..12)).prop_map(|(against, across, within_s)| Rules {
        against,
        across,
        within_s,
    })
}

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let time = prop::option::weighted(0.8, (0i64..40, 0i64..6));
    prop::collection::vec((0u8..2, 0u32..4, time, 0usize..8), 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Against a look at every two documents.
    #[test]
    fn groups_are_paired_as_their_documents_are(drawn in drawn(), rules in rules()) {
        let (limits, parts) = limits(&drawn, rules);
        let limited = limits.limited.as_ref().unwrap();
        let members: Vec<DocId> = parts.iter().map(|part| part[0]).collect();
        let mut partners: HashMap<DocId, Vec<DocId>> = HashMap::new();
        for (at, one) in parts.iter().enumerate() {
            for other in &parts[at + 1..] {
                let all = one.iter().flat_map(|&a| other.iter().map(move |&b| (a.min(b), a.max(b))));
                let lowest = all.filter(|&(a, b)| limited.allow(a, b)).min();
                let pair = (one[0], other[0]);
                prop_assert_eq!(limits.allow(pair), lowest.is_some());
                prop_assert_eq!(limits.shown(pair), lowest.unwrap_or(pair));
                if lowest.is_some() {
                    partners.entry(pair.0).or_default().push(pair.1);
                    partners.entry(pair.1).or_default().push(pair.0);
                }
                // Parts of one group are too far apart in time.
                if drawn[one[0].index()].3 == drawn[other[0].index()].3 {
                    prop_assert_eq!(lowest, None);
                }
            }
            let rest = |at: usize| one[at + 1..].iter();
            let inside =
                one.iter().enumerate().any(|(at, &a)| rest(at).any(|&b| limited.allow(a, b)));
            prop_assert_eq!(limits.allow_inside(one[0]), inside);
        }
        let links = limits.links(&members);
        let entries: usize = members.iter().map(|member| limited.of_group(member).len()).sum();
        prop_assert!(links.len() <= 2 * entries);
        for &pair in &links {
            prop_assert!(limits.allow(pair), "{pair:?}");
        }
        for member in &members {
            let is_linked = links.iter().any(|(a, b)| a == member || b == member);
            prop_assert_eq!(is_linked, partners.contains_key(member), "{:?} of {:?}", member, links);
        }
    }

    #[test]
    fn few_entries_are_kept_in_a_sweep(drawn in prop::collection::vec((0usize..6, 0u32..6), 1..30)) {
        let mut entries: Vec<Entry> = Vec::new();
        for (member, source) in drawn {
            let fact = Fact { from: 0, until: 0, side: 0, source };
            entries.push(Entry { fact, member: DocId::new(member) });
            keep_needed(&mut entries);
            prop_assert!(entries.len() <= 4);
        }
    }
}

#[test]
fn without_limits_everything_is_allowed_and_nothing_linked() {
    let limits = PairLimits::default();
    let pair = (DocId::new(0), DocId::new(1));
    assert!(limits.allow(pair) && limits.allow_inside(pair.0) && !limits.are_set());
    assert_eq!(limits.shown(pair), pair);
    assert_eq!(limits.links(&[pair.0, pair.1]), []);
    let mut pairs = vec![pair];
    assert_eq!(limits.split(&mut pairs), []);
    assert_eq!(pairs, [pair]);
}
