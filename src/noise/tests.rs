//! What is taken for misread.

use std::borrow::Cow;

use super::words::{COUNTED, COUNTED_BYTES};
use super::*;
use crate::document::{Corpus, Document};
use crate::hash;

const WORDS: [&str; 12] = [
    "harbour", "council", "minister", "budget", "winter", "railway", "teacher", "market", "question",
    "hospital", "evening", "village",
];

/// A text of common words, every `each`-th of them changed.
fn text(number: usize, each: usize, change: impl Fn(&str, usize) -> String) -> String {
    let word = |n: usize| {
        let word = WORDS[(n * 7 + number + n / 5) % WORDS.len()];
        if n % each == 1 % each { change(word, n + number * 100) } else { word.to_owned() }
    };
    (0..120).map(word).collect::<Vec<_>>().join(" ")
}

/// One letter inside the word read as another.
fn misread(word: &str, n: usize) -> String {
    let letter = char::from(b'a' + (n * 5 % 26) as u8);
    let at = 1 + n / 26 % (word.len() - 2);
    format!("{}{letter}{}", &word[..at], &word[at + 1..])
}

fn clean(count: usize) -> Vec<String> {
    (0..count).map(|n| text(n, 1000, |word, _| word.to_owned())).collect()
}

fn noisy(texts: Vec<String>, noise: Noise) -> Vec<usize> {
    let document = |(n, text)| Document { id: format!("{n:04}"), text, ..Document::default() };
    let corpus = Corpus::try_new(texts.into_iter().enumerate().map(document).collect()).unwrap();
    let is_noisy = noisy_documents((&corpus).into(), &Params { noise, ..Params::default() });
    (0..is_noisy.len()).filter(|&n| is_noisy[n]).collect()
}

#[test]
fn misread_documents_are_told_from_clean_ones_names_code_and_other_scripts() {
    let name = |_: &str, n: usize| format!("Zyq{n}or Wexl{n}in");
    let code = |_: &str, n: usize| format!("M{n}#8xQ{}pTr{n}zz", n * 37);
    let inflected = |word: &str, n: usize| format!("{word}{}", ["s", "ed", "ing"][n % 3]);
    let mut texts = clean(100);
    texts.push(text(7, 4, misread));
    texts.push(text(8, 3, name));
    texts.push(text(9, 1, code));
    texts.push(text(10, 4, inflected));
    let table = text(11, 4, misread).replace(' ', " 12.5 ");
    texts.push(table);
    texts.push("台北市政府今天宣布新的計畫將於明年開始實施".repeat(20));
    assert_eq!(noisy(texts.clone(), Noise::Auto), [100]);
    assert_eq!(noisy(texts.clone(), Noise::Clean), Vec::<usize>::new());
    assert_eq!(noisy(texts, Noise::Ocr).len(), 106);
}

#[test]
fn a_scanned_collection_is_noisy_as_a_whole() {
    // One document in ten with one word in six misread makes the mean.
    let mut texts = clean(90);
    texts.extend((0..10).map(|number| text(number, 6, misread)));
    assert_eq!(noisy(texts, Noise::Auto).len(), 100);
    let mut texts = clean(97);
    texts.extend((0..3).map(|number| text(number, 6, misread)));
    assert_eq!(noisy(texts, Noise::Auto), [97, 98, 99]);
    assert_eq!(noisy(clean(12), Noise::Auto), Vec::<usize>::new());
}

#[test]
fn spellings_are_those_of_the_shortened_words() {
    let spelled = |word: &str| {
        let mut spelling = Spelling::default();
        spelling.read(word, 0);
        spelling
    };
    for word in ["harbour", "Ärzte", "ministère", "ΑΘΗΝΑΣ"] {
        let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        let without = |left_out: usize| -> String {
            let kept = letters.iter().enumerate().filter(|(at, _)| *at != left_out);
            kept.map(|(_, letter)| letter).collect()
        };
        let mut expected: Vec<u64> =
            (1..letters.len() - 1).map(|left_out| spelled(&without(left_out)).whole()).collect();
        expected.reverse();
        assert_eq!(spelled(word).shortened().collect::<Vec<_>>(), expected, "{word}");
        assert!(!expected.contains(&spelled(word).whole()));
    }
}

#[test]
fn too_few_words_are_not_judged() {
    let mut texts = clean(60);
    texts.push("hxrbour cxuncil mxnister bxdget".into());
    assert_eq!(noisy(texts, Noise::Auto), Vec::<usize>::new());
}

#[test]
fn documents_in_another_writing_are_told_however_many_they_are() {
    let accent = |word: &str, _: usize| word.replace('e', "é").replace('a', "á");
    let marked = |number: usize| text(number, 2, accent);
    let bare = |number: usize| text(number, 1000, |word, _| word.to_owned());
    for bare_of in [10, 2] {
        let is_bare = |number: &usize| number.is_multiple_of(bare_of);
        let texts: Vec<String> = (0..100).map(|n| if is_bare(&n) { bare(n) } else { marked(n) }).collect();
        let found = noisy(texts, Noise::Auto);
        assert!((0..100).filter(is_bare).all(|number| found.contains(&number)), "{found:?}");
        assert!(bare_of == 2 || found.len() == 10, "{found:?}");
    }
    let all_alike = (0..100).map(marked).collect();
    assert_eq!(noisy(all_alike, Noise::Auto), Vec::<usize>::new());
    // One alone has accents, each in its own way, where no other has any.
    let accents: Vec<char> = ('\u{300}'..='\u{30c}').collect();
    let own = |word: &str, n: usize| {
        let (before, after) = word.split_at(word.find(['e', 'a', 'o', 'i', 'u']).unwrap() + 1);
        format!("{before}{}{after}", accents[n / 10 % accents.len()])
    };
    let mut texts = clean(2000);
    texts[700] = text(700, 2, own);
    assert_eq!(noisy(texts, Noise::Auto), [700]);
    // A language with accents among many texts of one that has the same words.
    let mut texts = clean(500);
    texts.extend((500..520).map(marked));
    assert_eq!(noisy(texts, Noise::Auto), Vec::<usize>::new());
}

#[test]
fn misread_documents_in_a_language_that_few_have_are_told() {
    // So few documents that no word of theirs is common, only known.
    let foreign = |count: usize, change: &dyn Fn(&str, usize) -> String| -> String {
        let word = |n: usize| match n % 4 {
            0 => format!("{}oscu", WORDS[n * 7 % WORDS.len()]),
            _ => change(&format!("{}oscu", WORDS[n * 7 % WORDS.len()]), n),
        };
        (0..count).map(word).collect::<Vec<_>>().join(" ")
    };
    let with_foreign = |mut texts: Vec<String>| {
        texts.extend((0..12).map(|_| foreign(12, &|word, _| word.to_owned())));
        texts.push(foreign(120, &|_, n| format!("Zyq{n}or")));
        texts.push(foreign(120, &misread));
        texts
    };
    assert_eq!(noisy(with_foreign(clean(1500)), Noise::Auto), [1513]);
    // Of a small collection, words that are known are those of one story.
    assert_eq!(noisy(with_foreign(clean(50)), Noise::Auto), Vec::<usize>::new());
}

#[test]
fn a_collection_of_few_megabytes_shows_less_of_its_errors() {
    // One document in 25 with one word in six misread.
    let texts = |count: usize| -> Vec<String> {
        // A letter of Georgian, so that hardly an error is made twice.
        let change = |word: &str, n: usize| {
            let drawn = hash::shingle(n as u64) as usize;
            let letter = char::from_u32(0x10d0 + drawn as u32 % 40).unwrap();
            let at = 1 + drawn / 40 % (word.len() - 2);
            format!("{}{letter}{}", &word[..at], &word[at + 1..])
        };
        (0..count).map(|n| text(n, if n % 25 == 3 { 6 } else { 1000 }, change)).collect()
    };
    let bytes: usize = texts(1200).iter().map(String::len).sum();
    assert!((FEW_BYTES..2 * FEW_BYTES).contains(&bytes), "{bytes}");
    assert_eq!(noisy(texts(1200), Noise::Auto).len(), 1200);
    assert_eq!(noisy(texts(600), Noise::Auto).len(), 600 / 25);
    let all = PARTS_OF_A_WORD;
    let is_it = |bytes| is_scanned(1000, 6 * all, bytes);
    assert_eq!(
        [FEW_BYTES - 1, FEW_BYTES, 3 << 20, 5 << 20, MANY_BYTES].map(is_it),
        [false, true, true, false, false]
    );
}

#[test]
fn of_a_huge_document_no_more_is_counted_than_of_others() {
    let outside = "zaqwerty ".repeat(COUNTED_BYTES / 8);
    let texts = [format!("{outside}{}{outside}", "harbour ".repeat(COUNTED_BYTES / 8))];
    let words = Words::new(&Sample::new(1, texts[0].len()), &|id| Cow::Borrowed(&texts[id.index()]));
    let mut counts = Vec::new();
    Tokenizer::new().tokenize("harbour zaqwerty", |token| counts.push(words.count(token.hash)));
    assert_eq!(counts, [COUNTED, 0]);
}
