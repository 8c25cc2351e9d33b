//! Verdicts, shares and what short runs are worth.

use super::*;
use crate::passage::prepared::Prepared;
use proptest::prelude::*;
use std::collections::HashSet;

fn words(from: usize, to: usize) -> String {
    (from..to).map(|n| format!("w{n} ")).collect()
}

fn verdict_of(one: &str, two: &str) -> Option<Verdict> {
    let params = Params::default();
    let (a, b) = (Prepared::new(one, &params), Prepared::new(two, &params));
    let (a, b) = (Side { text: one, prepared: &a }, Side { text: two, prepared: &b });
    let (forth, back) = (verify(a, b, &params), verify(b, a, &params));
    let of = |found: Verified| {
        let kinds: Vec<PassageKind> = found.kinds.iter().map(|kind| kind.kind).collect();
        weigh(&found.overlap, &kinds, &params).unwrap().1
    };
    let (forth, back) = (forth.map(&of), back.map(&of));
    let back = back.map(|verdict| match verdict {
        Verdict::Contains => Verdict::ContainedIn,
        Verdict::ContainedIn => Verdict::Contains,
        other => other,
    });
    assert_eq!(forth, back, "both ways round");
    forth
}

#[test]
fn verdicts_follow_their_thresholds() {
    let story = words(0, 200);
    let changed = |each: usize| -> String {
        (0..200).map(|n| if n % each == 3 { format!("x{n} ") } else { format!("w{n} ") }).collect()
    };
    let cases = [
        ("one sentence more", story.clone() + &words(900, 912), Some(Verdict::NearDuplicate)),
        ("every tenth word changed", changed(10), Some(Verdict::NearDuplicate)),
        ("every sixth word changed", changed(6), Some(Verdict::NearDuplicate)),
        ("cut to a third", words(0, 66), Some(Verdict::Contains)),
        ("inside a round-up", words(600, 900) + &story + &words(1000, 1200), Some(Verdict::ContainedIn)),
        ("half of it in another story", words(0, 100) + &words(600, 750), Some(Verdict::Derived)),
        ("a paragraph of it", words(0, 40) + &words(600, 900), Some(Verdict::SharesPassage)),
        ("a sentence of it", words(0, 20) + &words(600, 900), None),
        ("nothing", words(600, 900), None),
        ("doubled", story.clone() + "\n" + &story, Some(Verdict::NearDuplicate)),
    ];
    for (name, other, expected) in cases {
        assert_eq!(verdict_of(&story, &other), expected, "{name}");
    }
}

/// Six sentences of which the first seven words stay and the others are told
/// apart by `marks`.
fn retold(marks: &str) -> String {
    // Without digits, which are facts.
    let letter = |n: usize| char::from(b'a' + n as u8);
    let words = |from: usize, to: usize, before: &str| -> String {
        (from..to).map(|n| format!("{before}{}{} ", letter(n / 10), letter(n % 10))).collect()
    };
    let sentence =
        |n: usize| format!("{}{}\n", words(n * 7, n * 7 + 7, "word"), words(n * 10, n * 10 + 10, marks));
    (0..6).map(sentence).collect()
}

#[test]
fn short_runs_in_one_order_are_a_passage_unless_facts_are_replaced() {
    let (one, two) = (retold("my"), retold("your"));
    assert_eq!(verdict_of(&one, &two), Some(Verdict::SharesPassage));
    // The last of the words that stay in the third sentence.
    let with_fact = |text: &str, fact: &str| text.replace("wordca", fact);
    let (here, there) = (with_fact(&one, "Lima"), with_fact(&two, "Cairo"));
    assert_eq!(verdict_of(&here, &there), None, "another name between");
    let kept = (with_fact(&one, "Lima"), with_fact(&two, "Lima"));
    assert_eq!(verdict_of(&kept.0, &kept.1), Some(Verdict::SharesPassage), "the same name");
    let quoting: String = two.lines().map(|line| format!("> {line}\n")).collect();
    assert_eq!(verdict_of(&one, &quoting), None, "quoted in pieces");
    let params = Params { level: Level::Documents, ..Params::default() };
    let (a, b) = (Prepared::new(&one, &params), Prepared::new(&two, &params));
    let (a, b) = (Side { text: &one, prepared: &a }, Side { text: &two, prepared: &b });
    assert_eq!(verify(a, b, &params), None, "whole documents alone");
}

#[test]
fn short_runs_cover_nothing() {
    let (one, two) = (retold("my"), retold("your"));
    let params = Params::default();
    let (a, b) = (Prepared::new(&one, &params), Prepared::new(&two, &params));
    let found =
        verify(Side { text: &one, prepared: &a }, Side { text: &two, prepared: &b }, &params).unwrap();
    assert_eq!(found.passages.len(), 1);
    assert_eq!((found.passages[0].a.len(), found.passages[0].matches), (92, 42));
    assert_eq!(found.kinds[0].reason, "6 runs of 7 to 7 tokens in the same order, 42 together");
    let (shares, _) = weigh(&found.overlap, &[PassageKind::Copy], &params).unwrap();
    assert_eq!(shares.coverage_of_a_by_b, shares.containment_of_a_in_b);
    let (_, verdict) = weigh(&found.overlap, &[PassageKind::Template], &params).unwrap();
    assert_eq!(verdict, Verdict::Template, "if all pairs tell that it is one");
}

#[test]
fn a_stub_that_is_a_common_phrase_is_contained_in_nothing() {
    let stub = words(0, 10);
    assert_eq!(verdict_of(&stub, &(words(100, 300) + &stub + &words(300, 400))), None);
    assert_eq!(verdict_of(&stub, &(stub.clone() + "more")), Some(Verdict::NearDuplicate));
}

#[test]
fn a_short_text_unites_with_what_keeps_its_words() {
    let notice =
        "quarterly dividend thirty cents against thirty cents before pay april five record april two";
    let changed = |from: &str, to: &str| notice.replace(from, to);
    let magma = "magma copper said it is lowering its copper cathode price by a quarter of a cent to sixty \
                 five cents a pound with immediate effect for all customers abroad";
    let cases = [
        ("a label before it", notice, "update ".to_owned() + notice, Some(Verdict::NearDuplicate)),
        ("a word more", notice, changed("record", "record date"), Some(Verdict::NearDuplicate)),
        ("a word less", notice, changed("record ", ""), Some(Verdict::NearDuplicate)),
        ("another day", notice, changed("april two", "april nine"), Some(Verdict::Template)),
        ("another amount", notice, changed("thirty", "forty"), None),
        ("another price", magma, magma.replace("quarter", "half"), Some(Verdict::Template)),
        ("in a longer text", magma, words(0, 80) + magma + " " + &words(80, 200), Some(Verdict::ContainedIn)),
        (
            "in a longer text with another price",
            magma,
            words(0, 80) + &magma.replace("magma copper", "tin") + " " + &words(80, 200),
            Some(Verdict::SharesPassage),
        ),
    ];
    for (name, short, other, expected) in cases {
        assert_eq!(verdict_of(short, &other), expected, "{name}");
    }
    // Of two headlines with two shingles each, one in common is a coin.
    assert_eq!(verdict_of("w1 w2 w3 w4 w5 w6 w7", "w1 w2 w3 w4 w5 w6 x7"), Some(Verdict::Template));
}

proptest! {
    /// The oracle works on the words themselves, without any hash.
    #[test]
    fn shares_are_those_of_the_sets_of_windows(
        a in prop::collection::vec(0u8..6, 0..80),
        b in prop::collection::vec(0u8..6, 0..80),
    ) {
        let set = |tokens: &[u8]| -> HashSet<Vec<u8>> { tokens.windows(5).map(<[u8]>::to_vec).collect() };
        let text = |tokens: &[u8]| -> String { tokens.iter().map(|t| format!("w{t} ")).collect() };
        let (x, y) = (set(&a), set(&b));
        let both = x.intersection(&y).count();
        let of = |whole: usize| if whole == 0 { 0.0 } else { both as f64 / whole as f64 };
        let params = Params::default();
        let (one, two) = (text(&a), text(&b));
        let (p, q) = (Prepared::new(&one, &params), Prepared::new(&two, &params));
        let shares =
            compare(Side { text: &one, prepared: &p }, Side { text: &two, prepared: &q }, &params);
        prop_assert_eq!(shares.jaccard, of(x.union(&y).count()));
        prop_assert_eq!(shares.containment_of_a_in_b, of(x.len()));
        prop_assert_eq!(shares.containment_of_b_in_a, of(y.len()));
        prop_assert!(shares.coverage_of_a_by_b >= shares.containment_of_a_in_b);
    }
}
