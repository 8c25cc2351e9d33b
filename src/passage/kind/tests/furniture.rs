//! What is said of text that many documents carry.

use super::*;

#[test]
fn furniture_is_what_unrelated_documents_of_a_source_share() {
    let footer = words("footer", 0..40);
    let page = |n: usize| format!("{}\n{footer}", words(&format!("page{n}text"), 0..120));
    let story = words("story", 0..150);
    let carried = |n: usize| format!("{story}\n{}", words(&format!("local{n}text"), 0..30));
    let pages: Vec<String> = (0..4).map(page).collect();
    let report = scan_with(&pages, &Params::default());
    assert_eq!(report.pairs.len(), 6);
    assert!(report.pairs.iter().all(|pair| pair.verdict == Verdict::Boilerplate && pair.reason.is_some()));
    let counts = Params { count: vec![PassageKind::Boilerplate], ..Params::default() };
    let report = scan_with(&pages, &counts);
    assert!(report.pairs.iter().all(|pair| pair.verdict == Verdict::SharesPassage));
    // A story that everybody carries is none, nor is what two documents share.
    let report = scan_with(&(0..6).map(carried).collect::<Vec<_>>(), &Params::default());
    assert!(report.pairs.iter().all(|pair| pair.verdict.is_uniting()), "{:?}", report.pairs[0]);
    assert_eq!(scan_with(&pages[..2], &Params::default()).pairs[0].verdict, Verdict::SharesPassage);
}

#[test]
fn what_many_pages_carry_is_a_copy_between_two_that_have_nothing_else() {
    // Words that no misreading makes of one another.
    let words = |name: &str, count: usize| -> String {
        let letter = |hash: u64, at: u32| char::from(b'a' + (hash >> (5 * at)) as u8 % 26);
        let word = |n: usize| {
            let hash = crate::hash::token(format!("{name}{n}").as_bytes());
            (0..9).map(|at| letter(hash, at)).chain([' ']).collect::<String>()
        };
        (0..count).map(word).collect()
    };
    let notice = words("notice", 100);
    let page = |n: usize| format!("{}\n{notice}", words(&format!("page {n}: "), 150));
    // Short pages have it below a few lines, and two have nothing but it.
    let short = |n: usize| format!("{}\n{notice}", words(&format!("short {n}: "), 40));
    let bare = |n: usize| format!("{}\n{notice}", words(&format!("bare {n}: "), 3));
    let scanned = |pages: usize| {
        let pages = (0..pages).map(page);
        let texts: Vec<String> = (0..2).map(short).chain((0..2).map(bare)).chain(pages).collect();
        let report = scan_with(&texts, &Params::default());
        ["00", "02", "04"].map(|first| {
            let second = format!("{:02}", first.parse::<usize>().unwrap() + 1);
            let pair = report.pairs.iter().find(|pair| pair.a == first && pair.b == second);
            pair.unwrap().verdict
        })
    };
    assert_eq!(scanned(40), [Verdict::Boilerplate, Verdict::NearDuplicate, Verdict::Boilerplate]);
    assert_eq!(scanned(4), [Verdict::NearDuplicate, Verdict::NearDuplicate, Verdict::Boilerplate]);
}

#[test]
fn a_footer_of_pages_of_one_trade_is_furniture_once_eight_others_have_it() {
    let footer = words("footer", 0..40);
    // Two words in five of a page are those of all pages.
    let page = |n: usize| {
        let of_trade = words("ofallpages", 0..40);
        format!("{}{of_trade}\n{footer}", words(&format!("page{n}text"), 0..60))
    };
    // In another order on each, so that they are no passage.
    let turned = |n: usize| {
        let text = page(n);
        let (head, footer) = text.split_once('\n').unwrap();
        let mut words: Vec<&str> = head.split_whitespace().collect();
        words.sort_by_key(|word| crate::hash::token(format!("{n}{word}").as_bytes()));
        format!("{}\n{footer}", words.join(" "))
    };
    let pages: Vec<String> = (0..9).map(turned).collect();
    let verdicts = |texts: &[String]| {
        let report = scan_with(texts, &Params::default());
        report.pairs.iter().map(|pair| pair.verdict).collect::<Vec<_>>()
    };
    assert!(verdicts(&pages).iter().all(|verdict| *verdict == Verdict::Boilerplate));
    assert!(verdicts(&pages[..8]).iter().all(|verdict| *verdict == Verdict::SharesPassage));
}
