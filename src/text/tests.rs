//! The tokenizer against case tables and against the definition, applied to the
//! whole text at once.

use caseless::Caseless;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{is_combining_mark, is_public_assigned};

use super::*;
use crate::text::class::Kind;

type Found = (String, usize, usize);

/// Normalised form and span of every token.
fn tokens(text: &str) -> Vec<Found> {
    let mut all = Vec::new();
    Tokenizer::new().tokenize_to(
        text,
        &mut OneByOne(|form: Form<'_>, start, end| {
            let normalised = match form {
                Form::Short(block, length) => &block[..length],
                Form::Long(bytes) => bytes,
            };
            all.push((String::from_utf8(normalised.to_vec()).unwrap(), start, end));
        }),
    );
    // What is there stays.
    let mut hashes = vec![7];
    Tokenizer::new().tokenize_to(text, &mut Hashes(&mut hashes));
    let expected = all.iter().map(|(normalised, ..)| hash::token(normalised.as_bytes()));
    assert_eq!(hashes, std::iter::once(7).chain(expected).collect::<Vec<u64>>());
    all
}

/// The same by the exact way alone, which the window spares most texts.
fn tokens_of_runs(text: &str) -> Vec<Found> {
    let (mut all, mut at) = (Vec::new(), 0);
    let mut run = Run::default();
    while at < text.len() {
        at = run.tokenize(text.as_bytes(), at, &mut |normalised, start, end| {
            all.push((String::from_utf8(normalised.to_vec()).unwrap(), start, end));
        });
    }
    all
}

fn words(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|(word, ..)| word).collect()
}

/// The definition of the module's documentation, word by word.
fn reference(text: &str) -> Vec<String> {
    let visible: String = text.chars().filter(|c| !class::is_ignorable(*c)).collect();
    let compatible: String = visible.nfkc().collect();
    let folded: String = compatible.chars().default_case_fold().collect();
    let normalised: Vec<char> = folded.nfkc().collect();
    let is_part = |c: &char| c.is_alphanumeric() || is_combining_mark(*c);
    let mut all = Vec::new();
    for run in normalised.chunk_by(|a, b| is_part(a) && is_part(b)) {
        let Some(from) = run.iter().position(|c| is_part(c) && !is_combining_mark(*c)) else { continue };
        let mut units: Vec<(bool, String)> = Vec::new();
        for &c in &run[from..] {
            let is_spaceless = class::kind_of_normalised(c) == Kind::Bigram;
            match units.last_mut() {
                Some((_, unit)) if is_combining_mark(c) => unit.push(c),
                Some((false, unit)) if !is_spaceless => unit.push(c),
                _ => units.push((is_spaceless, c.into())),
            }
        }
        for same in units.chunk_by(|a, b| a.0 && b.0) {
            match same {
                [(_, unit)] => all.push(unit.clone()),
                _ => all.extend(same.windows(2).map(|pair| format!("{}{}", pair[0].1, pair[1].1))),
            }
        }
    }
    all
}

/// Whether every span lies on character boundaries and neither end goes back.
fn spans_are_in_order(text: &str, found: &[Found]) -> bool {
    found.iter().all(|(_, start, end)| start < end && text.get(*start..*end).is_some())
        && found.windows(2).all(|pair| pair[0].1 <= pair[1].1 && pair[0].2 <= pair[1].2)
}

#[test]
fn tokens_are_the_maximal_runs_of_letters_marks_and_digits() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        (" .,;:!?_-'\"()[]{}\u{0}\u{7f}", &[]),
        ("Hello, World", &["hello", "world"]),
        ("Article 5, Article 6", &["article", "5", "article", "6"]),
        (
            "don't rock_n_roll 3.14 1,000 e-mail",
            &["don", "t", "rock", "n", "roll", "3", "14", "1", "000", "e", "mail"],
        ),
        ("don’t “quote” a—b… c", &["don", "t", "quote", "a", "b", "c"]),
        ("a\u{a0}b\u{2003}c\u{3000}d", &["a", "b", "c", "d"]),
        ("Abcdefghijklmnopqrstuvwxyz0123456789", &["abcdefghijklmnopqrstuvwxyz0123456789"]),
        ("Straße STRASSE Maße", &["strasse", "strasse", "masse"]),
        ("caf\u{e9} CAFE\u{301} E\u{301}t\u{e9}", &["café", "café", "été"]),
        ("Ｅ\u{301}", &["é"]),
        ("ΌΔΟΣ όδος", &["όδοσ", "όδοσ"]),
        ("İstanbul Istanbul ISPARTA", &["i\u{307}stanbul", "istanbul", "isparta"]),
        ("ＦＵＬＬ　１２３ ﬁne ﬀ", &["full", "123", "fine", "ff"]),
        ("½ 1½ m² ① Ⅷ ⒈ ⑴", &["1", "2", "11", "2", "m2", "1", "viii", "1", "1"]),
        ("℀ ㎏ ℃ … №5", &["a", "c", "kg", "c", "no5"]),
        ("a\u{b4}b \u{b4}a \u{301}x \u{301}", &["a", "b", "a", "x"]),
        ("soft\u{ad}hyphen zero\u{200b}width a\u{200d}b\u{feff}", &["softhyphen", "zerowidth", "ab"]),
        ("e\u{200d}\u{301} e\u{34f}\u{301}", &["é", "é"]),
        ("Москва Й И\u{306}", &["москва", "й", "й"]),
        ("अंतर्राष्ट्रीय क्\u{200d}ष ज़", &["अंतर्राष्ट्रीय", "क्ष", "ज\u{93c}"]),
        ("مُحَمَّد مدرسة", &["مُحَم\u{64e}\u{651}د", "مدرسة"]),
        ("שָׁלוֹם", &["ש\u{5b8}\u{5c1}לו\u{5b9}ם"]),
        ("ﷺ", &["صلى", "الله", "عليه", "وسلم"]),
        ("ال٣٤", &["ال٣٤"]),
        ("1\u{fe0f}\u{20e3} 🎉 👩\u{200d}🚀", &["1\u{20e3}"]),
        ("\u{37a} x\u{345}\u{301}", &["ι", "x\u{301}ι"]),
    ];
    for (text, expected) in cases {
        assert_eq!(words(text), *expected, "{text:?}");
        assert_eq!(reference(text), *expected, "reference of {text:?}");
    }
}

#[test]
fn a_damaged_text_has_the_tokens_that_were_meant_in_its_own_places() {
    let raw = "<p>L&#8217;<b>É</b>t&eacute; Ð¿Ñ€Ð¸ \\u043f x</p>";
    let mut found = Vec::new();
    Tokenizer::new().tokenize(raw, |token| found.push(token));
    let mut meant = Vec::new();
    Tokenizer::new().tokenize("L’Été при п x", |token| meant.push(token.hash));
    assert_eq!(found.iter().map(|token| token.hash).collect::<Vec<_>>(), meant);
    let mut hashes = Vec::new();
    Tokenizer::new().append_hashes(raw, &mut hashes);
    assert_eq!(hashes, meant);
    let places: Vec<&str> =
        found.iter().map(|token| &raw[token.start as usize..token.end as usize]).collect();
    assert_eq!(places, ["L", "É</b>t&eacute;", "Ð¿Ñ€Ð¸", "\\u043f", "x"]);
}

#[test]
fn scripts_without_spaces_become_bigrams() {
    let cases: &[(&str, &[&str])] = &[
        ("中", &["中"]),
        ("中国", &["中国"]),
        ("中华人民,共和", &["中华", "华人", "人民", "共和"]),
        ("iPhone15を発売", &["iphone15", "を発", "発売"]),
        ("第15条a", &["第", "15", "条", "a"]),
        ("二〇二四年", &["二〇", "〇二", "二四", "四年"]),
        ("ラーメン ﾗｰﾒﾝ", &["ラー", "ーメ", "メン", "ラー", "ーメ", "メン"]),
        ("ｶﾞｷﾞ か\u{3099}", &["ガギ", "が"]),
        ("한국어 \u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}", &["한국", "국어", "한국"]),
        ("ไทย", &["ไท", "ทย"]),
        ("น้ำ ๑๒", &["น\u{e49}\u{e4d}า", "๑๒"]),
        ("ກຳ", &["ກ\u{ecd}າ"]),
        ("ខ្មែរ", &["ខ\u{17d2}មែ", "មែរ"]),
        ("မြန်မာ ၁၂", &["မြန်", "န်မာ", "၁၂"]),
        ("時々\u{200b}刻", &["時々", "々刻"]),
        ("㈱日立", &["株", "日立"]),
        ("中\u{301}a\u{301}国", &["中\u{301}", "á", "国"]),
    ];
    for (text, expected) in cases {
        assert_eq!(words(text), *expected, "{text:?}");
        assert_eq!(reference(text), *expected, "reference of {text:?}");
    }
}

#[test]
fn spans_cover_what_a_token_was_made_of() {
    let cases: &[(&str, &[(usize, usize)])] = &[
        ("  ab, c", &[(2, 4), (6, 7)]),
        ("\u{feff}ab\u{200b} \u{ad}c\u{ad}d\u{ad}", &[(3, 5), (11, 15)]),
        ("cafe\u{301} x", &[(0, 6), (7, 8)]),
        ("\u{301}a\u{b4}b", &[(2, 3), (5, 6)]),
        ("a½b", &[(0, 3), (1, 4)]),
        ("\u{fdfa}", &[(0, 3), (0, 3), (0, 3), (0, 3)]),
        ("中\u{ad}\u{301}国人", &[(0, 10), (7, 13)]),
        ("ｶﾞｷ", &[(0, 9)]),
        ("\u{1112}\u{1161}\u{11ab}", &[(0, 9)]),
        ("iPhone15を発売", &[(0, 8), (8, 14), (11, 17)]),
        ("a\u{301}\u{323}\u{301} b", &[(0, 7), (8, 9)]),
    ];
    for (text, expected) in cases {
        let found = tokens(text);
        let spans: Vec<_> = found.iter().map(|(_, start, end)| (*start, *end)).collect();
        assert_eq!(spans, *expected, "{text:?}");
    }
}

#[test]
fn token_hashes_are_pinned() {
    let mut hashes = Vec::new();
    Tokenizer::new()
        .tokenize("Wire Straße ½ 中国 ラ", |token| hashes.push(format!("{:016x}", token.hash)));
    let expected = [
        "2330d1e194bd9fd8",
        "89212cb2d3a91438",
        "bb80094213d2df34",
        "41e3f4990d4d16cc",
        "0e4f9b649b5e1669",
        "9468ad2e6049d99a",
    ];
    assert_eq!(hashes, expected);
}

#[test]
fn every_character_agrees_with_the_definition() {
    let is_worth_it = |c: &char| {
        is_public_assigned(*c) && (!class::is_stable_bigram(*c) || u32::from(*c).is_multiple_of(251))
    };
    for c in ('\0'..=char::MAX).filter(is_worth_it) {
        let text = format!("{c} a{c}b Ω{c}\u{316}中 =é{c}\u{301}");
        let found = tokens(&text);
        assert!(spans_are_in_order(&text, &found), "{text:?}: {found:?}");
        let found: Vec<_> = found.into_iter().map(|(word, ..)| word).collect();
        assert_eq!(found, reference(&text), "{text:?} ({:x})", u32::from(c));
    }
}

#[test]
fn what_is_known_of_ideographs_and_syllables_is_true() {
    for c in ('\0'..=char::MAX).filter(|c| class::is_stable_bigram(*c)) {
        assert_eq!(class::kind_of_normalised(c), Kind::Bigram, "{:x}", u32::from(c));
        let folded = [c].into_iter().nfkc().default_case_fold().nfkc();
        assert!(folded.eq([c]) && !class::joins(c), "{:x}", u32::from(c));
    }
}

#[test]
fn texts_of_every_length_around_masks_and_windows_agree_with_the_exact_way() {
    let units =
        ["a", "ab ", "É", "ß.", "é—", "x’", "abcdefghijklmnopq ", "a\u{ad}b ", "一二，", " e\u{301}", "𐐀 "];
    let lengths = (1..200).chain(window::WINDOW - 70..window::WINDOW + 70);
    for length in lengths {
        for unit in units {
            let mut text = unit.repeat(length / unit.len() + 1);
            for before in 0..unit.len().min(4) {
                text.insert(0, ['.', 'Q', '7', ' '][before]);
                let cut = text.floor_char_boundary(length);
                assert_eq!(tokens(&text[..cut]), tokens_of_runs(&text[..cut]), "{cut} of {unit:?}");
            }
        }
    }
}

#[test]
fn hostile_runs_take_linear_time() {
    let long = 1 << 20;
    assert_eq!(words(&"aB".repeat(long)), ["ab".repeat(long)]);
    assert_eq!(words(&"é".repeat(long)), ["é".repeat(long)]);
    assert_eq!(tokens(&"中".repeat(long)).len(), long - 1);
    assert_eq!(words(&"\u{301}\u{316}".repeat(long)), [""; 0]);
    let marked = words(&format!("a{}b", "\u{301}\u{316}".repeat(long)));
    assert_eq!(marked, [format!("á{}{}b", "\u{316}".repeat(long), "\u{301}".repeat(long - 1))]);
    assert_eq!(words(&format!("a{}b", "\u{ad}".repeat(long))), ["ab"]);
    assert_eq!(tokens(&"中\u{316}\u{301}".repeat(long / 4)).len(), long / 4 - 1);
}

/// Pieces of every script and nuisance the tokenizer knows of.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z0-9]{1,12}",
        3 => "[ .,'_\n-]{1,3}",
        2 => "[À-ÿſŉ‘-”…°-¿]{1,4}",
        2 => "[Α-ωА-яἀ-ῼ]{1,5}",
        2 => "[\u{300}-\u{345}\u{5b0}-\u{5c2}\u{64b}-\u{655}\u{1ab0}-\u{1abe}]{1,3}",
        2 => "[一-丘ぁ-ヿ\u{3099}가-깋ｦ-ﾟ]{1,4}",
        1 => "[\u{1100}-\u{1112}\u{1161}-\u{1175}\u{11a8}-\u{11c2}]{1,4}",
        1 => "[ก-๙ກ-ໝក-៹က-႙]{1,5}",
        1 => "[ء-٩אבגשּׁ]{1,5}",
        1 => "[ऀ-९অ-ৌ\u{b92}-\u{bcc}]{1,5}",
        1 => "[½℀-⅋①-⓿㈀-㋿㌀-㏿豈-鶴ﬀ-ﬆﷰ-ﷺＡ-Ｚ０-９]{1,3}",
        2 => "[\u{ad}\u{200b}-\u{200f}\u{2060}\u{feff}\u{fe0f}\u{34f}\u{115f}\u{3164}]{1,2}",
        1 => "\\PC{1,4}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn agrees_with_the_definition_on_whole_texts(text in texts()) {
        let found = tokens(&text);
        prop_assert!(spans_are_in_order(&text, &found), "{:?}", found);
        prop_assert_eq!(words(&text), reference(&text));
        let mut hashes = Vec::new();
        Tokenizer::new().tokenize_to(&text, &mut Hashes(&mut hashes));
        let expected: Vec<_> = found.iter().map(|(word, ..)| crate::hash::token(word.as_bytes())).collect();
        prop_assert_eq!(hashes, expected);
    }

    #[test]
    fn agrees_with_the_exact_way_across_masks_and_windows(
        texts in prop::collection::vec(texts(), 1..40),
        before in prop_oneof![0..80usize, window::WINDOW - 80..window::WINDOW + 1],
        filler in prop_oneof![Just("word, "), Just("w"), Just("’s "), Just("é"), Just("一")],
    ) {
        let text = filler.repeat(before / filler.len() + 1) + &texts.concat();
        prop_assert_eq!(tokens(&text), tokens_of_runs(&text));
    }

    #[test]
    fn a_token_tokenized_alone_is_itself(text in texts()) {
        let found = tokens(&text);
        for (index, (word, start, end)) in found.iter().enumerate() {
            // What a character becomes can belong to several tokens (`ำ`, `㍿`).
            // The unit that two bigrams share is wholly in each of them.
            let is_spaceless = |word: &str| {
                word.chars().all(|c| is_combining_mark(c) || class::kind_of_normalised(c) == Kind::Bigram)
            };
            let parts = |c: char| [c].into_iter().nfkc().count();
            let shares = found.iter().enumerate().any(|(other, (neighbour, from, to))| {
                let are_bigrams = is_spaceless(word) && is_spaceless(neighbour);
                let overlaps = from < end && start < to;
                let is_split = || text[*start..*end].chars().any(|c| parts(c) > 1);
                other != index && overlaps && (!are_bigrams || is_split())
            });
            if !shares {
                prop_assert_eq!(words(&text[*start..*end]), [word.clone()]);
            }
        }
    }

    #[test]
    fn buffers_kept_from_other_texts_change_nothing(a in texts(), b in texts()) {
        let mut tokenizer = Tokenizer::new();
        tokenizer.tokenize(&a, |_| ());
        let (mut kept, mut fresh) = (Vec::new(), Vec::new());
        tokenizer.tokenize(&b, |token| kept.push(token));
        Tokenizer::new().tokenize(&b, |token| fresh.push(token));
        prop_assert_eq!(kept, fresh);
    }
}
