//! What holds of the sketches of a few texts.

use super::{Sketcher, Sketches, posting};
use crate::document::DocId;
use crate::params::{Level, Params};

fn sketches(sketcher: &mut Sketcher, texts: &[&str]) -> Sketches {
    let chunk_len = Sketches::chunk_len(texts.len());
    let chunks = texts.chunks(chunk_len).map(|texts| sketcher.sketch(texts.iter().copied())).collect();
    Sketches::new(&Params::default(), chunks)
}

fn sketch(texts: &[&str]) -> Sketches {
    sketches(&mut Sketcher::new(&Params::default()), texts)
}

/// All that is known of one document, to be compared.
fn row(sketches: &Sketches, document: usize) -> (usize, u128, bool, Vec<u64>, Vec<(usize, u64)>) {
    let id = DocId::new(document);
    let (_, chunk) = sketches.chunks().filter(|(first, _)| *first <= document).last().unwrap();
    let number = document % sketches.chunk_len;
    let postings = (0..posting::PARTITIONS).flat_map(|partition| {
        let own = chunk.postings().partition(partition).iter().filter(|p| p.document() == number);
        own.map(move |posting| (partition, posting.key()))
    });
    let signature = sketches.signature(id).to_vec();
    (sketches.tokens(id), sketches.digest(id), sketches.may_repeat(id), signature, postings.collect())
}

fn words(range: std::ops::Range<usize>) -> String {
    range.map(|n| format!("word{n} ")).collect()
}

#[test]
fn equal_tokens_give_equal_sketches() {
    let sketches = sketch(&[
        "The ferry left Port Halven at noon, the harbour master said.",
        "the ferry left PORT HALVEN\nat noon — the harbour-master said",
        "The ferry left Port Halven at nine, the harbour master said.",
    ]);
    assert_eq!(row(&sketches, 0), row(&sketches, 1));
    assert_ne!(row(&sketches, 0).1, row(&sketches, 2).1);
}

#[test]
fn a_document_is_found_at_its_place_in_any_number_of_documents() {
    for count in [1, 2, 255, 257, 1000] {
        let texts: Vec<String> = (0..count).map(|n| words(n..n + 7 + n % 40)).collect();
        let sketches = sketch(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(sketches.len(), count);
        for n in (0..count).step_by(97) {
            assert_eq!(row(&sketches, n), row(&sketch(&[&texts[n]]), 0), "document {n} of {count}");
        }
    }
}

#[test]
fn a_sketcher_forgets_the_documents_before() {
    let mut sketcher = Sketcher::new(&Params::default());
    sketches(&mut sketcher, &[&words(0..50)]);
    let text = words(20..90);
    assert_eq!(row(&sketches(&mut sketcher, &[&text]), 0), row(&sketch(&[&text]), 0));
}

#[test]
fn whole_documents_need_no_fingerprints() {
    let text = words(0..300);
    let (with, without) = (sketch(&[&text]), {
        sketches(&mut Sketcher::new(&Params { level: Level::Documents, ..Params::default() }), &[&text])
    });
    let (with, without) = (row(&with, 0), row(&without, 0));
    assert_eq!((with.0, with.1, with.2, with.3), (without.0, without.1, without.2, without.3));
    assert!(!with.4.is_empty() && without.4.is_empty());
}

#[test]
fn a_line_that_recurs_is_never_missed() {
    for shingle_len in 1..12 {
        let params = Params { shingle_len, ..Params::default() };
        for distance in [0, 1, 7, 300] {
            let text = format!("{} {} {}", words(0..6), words(1000..1000 + distance), words(0..6));
            let chunk = Sketcher::new(&params).sketch([text.as_str()].into_iter());
            assert_eq!(chunk.may_repeat, [true], "at distance {distance}, shingles of {shingle_len}");
        }
    }
}

#[test]
fn text_without_repeats_is_mostly_passed_over() {
    let texts: Vec<String> = (0..200).map(|n| words(n * 1000..n * 1000 + 400)).collect();
    let sketches = sketch(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let flagged = (0..200).filter(|&n| sketches.may_repeat(DocId::new(n))).count();
    assert!(flagged < 60, "{flagged} of 200");
}

#[test]
fn a_text_without_shingles_has_no_postings() {
    let (tokens, _, _, _, postings) = row(&sketch(&["one two three four"]), 0);
    assert_eq!((tokens, postings.len()), (4, 0));
}
