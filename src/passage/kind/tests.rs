//! What the judges say of pairs and of small collections.

mod furniture;

use proptest::prelude::*;

use crate::document::{Corpus, Document};
use crate::params::{Params, PassageKind};
use crate::pipeline;
use crate::report::{Report, Verdict};

fn words(name: &str, range: std::ops::Range<usize>) -> String {
    range.map(|n| format!("{name}{n} ")).collect()
}

fn scan_with(texts: &[String], params: &Params) -> Report {
    let document = |(n, text): (usize, &String)| Document {
        id: format!("{n:02}"),
        text: text.clone(),
        source: Some("Example".into()),
        ..Document::default()
    };
    let corpus = Corpus::try_new(texts.iter().enumerate().map(document).collect()).unwrap();
    pipeline::scan(&corpus, params, &()).unwrap()
}

fn verdict(one: &str, two: &str) -> Option<Verdict> {
    let report = scan_with(&[one.into(), two.into()], &Params::default());
    report.pairs.first().map(|pair| pair.verdict)
}

fn block(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.chunks(8).map(|line| format!("> {}\n", line.join(" "))).collect()
}

/// Puts a mark before every line, as a reply to a reply does.
fn block_again(text: &str) -> String {
    text.lines().map(|line| format!(">{line}\n")).collect()
}

#[test]
fn a_quotation_is_no_copy_unless_its_prose_is_copied_too() {
    let (parent, other) = (words("w", 0..60), words("x", 0..60));
    let reply = format!("A writes:\n{}\n{other}", block(&parent));
    let sibling = format!("A writes:\n{}\n{}", block(&parent), words("y", 0..60));
    let report = |name: &str| {
        format!("{}\n\n\u{201c}{}\u{201d}\n\n{}", words(name, 0..60), parent.trim(), words(name, 60..90))
    };
    let cases = [
        ("a reply and its parent", &parent, &reply, Some(Verdict::Quotation)),
        ("two replies to one letter", &reply, &sibling, Some(Verdict::Quotation)),
        (
            "a reply and its parent, which is a reply itself",
            &reply,
            &format!("B writes:\n{}\n{}", block_again(&reply), words("y", 0..60)),
            Some(Verdict::Quotation),
        ),
        (
            "a reply with marks of its own and its parent",
            &parent,
            &format!("A writes:\n{}\n{other}", block(&parent).replace("> ", "=")),
            Some(Verdict::Quotation),
        ),
        ("a reply sent twice", &reply, &format!("{reply} again"), Some(Verdict::NearDuplicate)),
        (
            "a reply cut to what it quotes",
            &reply,
            &format!("A writes:\n{}", block(&parent)),
            Some(Verdict::Contains),
        ),
        ("two reports of one speech", &report("p"), &report("q"), Some(Verdict::Quotation)),
        (
            "a report carried with its quotations",
            &report("p"),
            &format!("{} more", report("p")),
            Some(Verdict::NearDuplicate),
        ),
        (
            "a report that quotes a text without marks there",
            &parent,
            &report("p"),
            Some(Verdict::ContainedIn),
        ),
    ];
    for (name, one, two, expected) in cases {
        assert_eq!(verdict(one, two), expected, "{name}");
    }
}

/// Lines of eight words, set in by so many columns.
fn set_in(text: &str, columns: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.chunks(8).map(|line| format!("{}{}\n", " ".repeat(columns), line.join(" "))).collect()
}

#[test]
fn what_is_set_in_alike_in_both_texts_is_no_quotation_of_one_by_the_other() {
    let list = words("w", 0..48);
    let text = |name: &str, columns: usize| {
        format!("{}\n\n{}\n{}", words(name, 0..90), set_in(&list, columns), words(name, 90..150))
    };
    // Announces something else that is set in, and so all that is.
    let announcing = |columns: usize| format!("Dates:\n  one two\n  three\n\n{}", text("y", columns));
    let cases = [
        ("set in alike", text("x", 4), announcing(4), Some(Verdict::SharesPassage)),
        ("further in below a colon", text("x", 0), announcing(4), Some(Verdict::Quotation)),
        ("and from what is set in itself", text("x", 2), announcing(6), Some(Verdict::Quotation)),
        ("further in elsewhere", text("x", 8), announcing(4), Some(Verdict::SharesPassage)),
        ("by tabs", text("x", 0), announcing(4).replace("    ", "\t"), Some(Verdict::Quotation)),
    ];
    for (name, one, two, expected) in cases {
        assert_eq!(verdict(&one, &two), expected, "{name}");
        assert_eq!(verdict(&two, &one), expected, "{name}, the other way round");
    }
}

#[test]
fn what_stands_below_the_mark_of_a_signature_is_no_copy_unless_the_text_is() {
    let signature = words("s", 0..40);
    let post = |name: &str, mark: &str| format!("{}\n{mark}\n{signature}", words(name, 0..60));
    let cases = [
        ("two posts of one author", post("a", "--"), post("b", "-- "), Some(Verdict::Boilerplate)),
        (
            "with a line behind it",
            post("a", "--"),
            post("b", "--") + "\nthat was all",
            Some(Verdict::Boilerplate),
        ),
        ("nothing but a signature", post("a", "--"), format!("--\n{signature}"), Some(Verdict::Boilerplate)),
        ("one post again", post("a", "--"), post("a", "--") + " again", Some(Verdict::NearDuplicate)),
        ("no mark in one of them", post("a", "--"), post("b", ""), Some(Verdict::Derived)),
        ("a rule and no mark", post("a", "----"), post("b", "----"), Some(Verdict::Derived)),
        ("a mark inside a line", post("a", "so --"), post("b", "so --"), Some(Verdict::Derived)),
        (
            "a mark far above",
            format!("{}\n--\n{}", words("a", 0..60), words("s", 0..150)),
            format!("{}\n--\n{}", words("b", 0..60), words("s", 0..150)),
            Some(Verdict::NearDuplicate),
        ),
        (
            "half of the post again",
            format!("{}\n{}\n--\n{signature}", words("a", 0..40), words("b", 0..20)),
            format!("{}\n{}\n--\n{signature}", words("a", 0..40), words("c", 0..40)),
            Some(Verdict::NearDuplicate),
        ),
    ];
    for (name, one, two, expected) in cases {
        assert_eq!(verdict(&one, &two), expected, "{name}");
        assert_eq!(verdict(&two, &one), expected, "{name}, the other way round");
    }
}

#[test]
fn each_kind_of_runs_outside_passages_keeps_its_reason() {
    // Both too short for passages: a line that the one quotes of the other, and
    // the signature of both.
    let (quoted, signature) = (words("q", 0..9), words("s", 0..24));
    let parent = format!("{quoted}\n{}\n--\n{signature}", words("a", 0..7));
    let reply = format!("> {quoted}\n{}\n--\n{signature}", words("b", 0..7));
    let params = Params::default();
    let report = scan_with(&[parent, reply], &params);
    let [pair] = &report.pairs[..] else { panic!("{:?}", report.pairs) };
    assert_eq!((pair.verdict, pair.passages.len()), (Verdict::Boilerplate, 0));
    assert_eq!(pair.reason.as_deref(), Some("it stands below the mark of a signature in both"));
}

/// A market item with these facts, each of which is used once.
fn item(facts: &[&str; 10]) -> String {
    let [day, index, points, volume, winner, gain, loser, loss, rate, price] = facts;
    format!(
        "Shares on the exchange closed mixed on {day} after a quiet session, with the index at {index}, a change of \
         {points} points from the close before. Turnover came to {volume} million shares in all. The best of the day \
         was {winner}, which gained {gain} per cent in busy trade, and the worst of the day was {loser}, which lost \
         {loss} per cent in late trade. The dollar was quoted at {rate} in the evening and wheat for delivery in the \
         summer at {price} a tonne."
    )
}

const MONDAY: [&str; 10] =
    ["Monday", "3,041.5", "12.4", "41.8", "Harwick", "3.1", "Solvane", "2.2", "1.0834", "204.5"];
const TUESDAY: [&str; 10] =
    ["Tuesday", "2,998.1", "43.4", "52.6", "Castor", "1.9", "Oberon", "4.7", "1.0791", "199.0"];

#[test]
fn the_same_wording_with_other_facts_is_a_template_and_an_update_is_none() {
    let monday = item(&MONDAY);
    let mut update = MONDAY;
    (update[3], update[7]) = ("43.1", "2.6");
    let cases = [
        ("another day", item(&TUESDAY), Some(Verdict::Template)),
        ("two figures corrected", item(&update), Some(Verdict::NearDuplicate)),
        (
            "under another headline and dateline",
            format!("ROVANE Harwick Castor and Oberon in Solvane (KLR) - {monday}"),
            Some(Verdict::NearDuplicate),
        ),
        ("in lower case, where numbers alone tell", item(&TUESDAY).to_lowercase(), Some(Verdict::Template)),
    ];
    for (name, other, expected) in cases {
        let one = if name.starts_with("in lower") { monday.to_lowercase() } else { monday.clone() };
        assert_eq!(verdict(&one, &other), expected, "{name}");
    }
}

/// A filing whose blanks are wider than the wording between them.
fn filing(facts: [&str; 8]) -> String {
    let [who, firm, now, share, before, was, bought, prices] = facts;
    format!(
        "{who} said that it has raised its stake in {firm} to {now}, or {share} per cent of the total outstanding, \
         from a previous figure of approximately {before}, or {was} per cent. In a filing with the commission it said \
         that it had bought {bought} in the open market between the first days of the month and the last at prices \
         that ranged from {prices} a share. No reason was given for the purchases."
    )
}

#[test]
fn blanks_wider_than_the_wording_do_not_hide_a_template() {
    let one = filing([
        "A group of firms led by Harwick Partners",
        "Solvane Air depositary units that stand for a part of the limited interest",
        "700,400 units",
        "15.1",
        "651,000 units",
        "14.0",
        "49,400 Solvane units",
        "17.23 to 17.60",
    ]);
    let two = filing([
        "Castor Trust, of Greywater",
        "Oberon Shoe common stock",
        "319,600 shares",
        "11.5",
        "238,400 shares",
        "8.6",
        "81,200 Oberon common shares of the new kind in several transactions",
        "8.34 to 10.07",
    ]);
    assert_eq!(verdict(&one, &two), Some(Verdict::Template));
}

#[test]
fn a_notice_with_one_other_figure_is_a_template_once_it_recurs() {
    let notice = |rate: &str| {
        format!(
            "The Central Bank of Norvane entered the market for government paper this morning to take in funds for two \
             days at the request of its customers, a spokesman said. Dealers said that funds were trading at {rate} per \
             cent when the Bank began, and that most of them had expected it to do so because reserves were short."
        )
    };
    let rates = ["6.125", "6.0625", "6.75", "7.5", "5.875"];
    let verdicts = |texts: &[String]| -> Vec<Verdict> {
        scan_with(texts, &Params::default()).pairs.iter().map(|pair| pair.verdict).collect()
    };
    let notices: Vec<String> = rates.iter().map(|rate| notice(rate)).collect();
    assert_eq!(verdicts(&notices), [Verdict::Template; 10]);
    assert_eq!(verdicts(&notices[..3]), [Verdict::Template; 3]);
    // Two versions are what a correction brings, and three with other words what
    // an update does.
    assert_eq!(verdicts(&notices[..2]), [Verdict::NearDuplicate]);
    let update = |notice: &String| notice.replace("most of them", "everybody").replace("short", "low");
    let updated = [notices[0].clone(), update(&notices[1]), notices[2].replace("its customers", "two banks")];
    assert_eq!(verdicts(&updated), [Verdict::NearDuplicate; 3]);
    // A copy of one of them, under a line of its own, stays a copy of it.
    let mut copied = notices.clone();
    copied.push(format!("MARKETS\n\n{}", notices[0]));
    let report = scan_with(&copied, &Params::default());
    let of_copy =
        report.pairs.iter().find(|pair| (pair.a.as_str(), pair.b.as_str()) == ("00", "05")).unwrap();
    assert_eq!(of_copy.verdict, Verdict::NearDuplicate);
    assert_eq!(report.pairs.iter().filter(|pair| pair.verdict == Verdict::Template).count(), 14);
    // A long story that is updated time and again is none.
    let story = |n: usize| {
        let toll = format!("At least {} people were hurt. ", 3 + 2 * n);
        let rest = (0..40).map(|k| format!("On day {k} Captain Name{k} went to Place{k} with {k}00 men. "));
        toll + &rest.collect::<String>()
    };
    let updates: Vec<String> = (0..6).map(story).collect();
    assert_eq!(verdicts(&updates), [Verdict::NearDuplicate; 15]);
}

proptest! {
    /// Words replaced at random, facts and wording alike, make no template.
    #[test]
    fn a_copy_with_words_replaced_at_random_is_no_template(
        replaced in prop::collection::btree_set(0usize..120, 0..36),
    ) {
        let text = |replaced: &dyn Fn(usize) -> bool| -> String {
            (0..120).map(|n| match (replaced(n), n % 3) {
                (true, 0) => format!("9{n}1 "),
                (true, _) => format!("other{n} "),
                (false, 0) => format!("{n} "),
                (false, _) => format!("word{n} "),
            }).collect()
        };
        let found = verdict(&text(&|_| false), &text(&|n| replaced.contains(&n)));
        prop_assert!(found != Some(Verdict::Template), "{:?}", replaced);
    }

    /// What is left out is left out whatever else the documents share, and the
    /// counted shares are those of the rest, found the slow way: of the pair
    /// without the quotation.
    #[test]
    fn what_counts_is_what_is_left_without_the_quotation(
        quoted in 30usize..80, shared in 0usize..60, own in 120usize..200,
    ) {
        let quotation = words("q", 0..quoted);
        let common = words("c", 0..shared);
        let prose = |name: &str| words(name, 0..own);
        let with = |name: &str| format!("{}\n\n{common}\n\n\"{}\"\n\n{}", prose(name), quotation.trim(), words(name, 300..330));
        let report = scan_with(&[with("a"), with("b")], &Params::default());
        let pair = &report.pairs[0];
        let shingles = shared.saturating_sub(4) as f64;
        let all = (own + shared + quoted + 30 - 4) as f64;
        let counted = pair.counted_jaccard.unwrap_or(pair.jaccard);
        // A run of prose that touches the quotation is one passage with it if
        // it is more than a fifth of both together.
        if shared == 0 {
            prop_assert_eq!(pair.verdict, Verdict::Quotation);
            prop_assert!((counted - shingles / (2.0 * all - shingles)).abs() < 1e-6);
            prop_assert_eq!((pair.coverage_of_a_by_b, pair.coverage_of_b_by_a), (0.0, 0.0));
        }
        prop_assert!(counted <= pair.jaccard);
        let counts = Params { count: vec![PassageKind::Quotation], ..Params::default() };
        let report = scan_with(&[with("a"), with("b")], &counts);
        prop_assert_eq!(report.pairs[0].counted_jaccard, None);
        prop_assert_eq!(report.pairs[0].verdict.is_uniting() || report.pairs[0].verdict == Verdict::SharesPassage, true);
    }
}
