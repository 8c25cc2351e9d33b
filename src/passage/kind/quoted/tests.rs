use super::*;
use proptest::prelude::*;

/// The quoted stretches, with `>` for blocks, `:` for indented ones and `"`
/// for marks.
fn found(text: &str) -> Vec<(char, &str)> {
    let sign = |form| match form {
        Form::Block(_) => '>',
        Form::Indented => ':',
        Form::Marks => '"',
    };
    quoted(text).into_iter().map(|quoted| (sign(quoted.form), &text[quoted.bytes])).collect()
}

#[test]
fn quotations_are_found_in_every_typography() {
    let cases = [
        "He said: \u{201c}the bridge is shut\u{201d} and left",
        "He said: \"the bridge is shut\" and left",
        "Er sagte: \u{201e}the bridge is shut\u{201c} und ging",
        "Il dit : \u{ab}the bridge is shut\u{bb} et partit",
        "Han sagde: \u{bb}the bridge is shut\u{ab} og gik",
        "He said: \u{2018}the bridge is shut!\u{2019} and left",
        "He said: 'the bridge is shut!' and left",
        "He said: ``the bridge is shut'' and left",
        "He said: ''the bridge is shut'' and left",
        "\u{5f7c}\u{300c}the bridge is shut\u{300d}\u{3002}",
        "\u{5f7c}\u{300e}the bridge is shut\u{300f}\u{3002}",
    ];
    for text in cases {
        let found = found(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(found[0].1.trim_end_matches('!'), "the bridge is shut", "{text}");
    }
}

#[test]
fn marks_that_open_nothing_quote_nothing() {
    let cases = [
        "a board 5\" wide and 6\" long lay there",
        "the workers' rights and the '90s and what's more",
        "it\u{2019}s the workers\u{2019} right, he\u{2019}s told",
        "an \"opening that nothing closes goes nowhere\n\nnew paragraph here",
        "5 > 4 and a -> b",
        "first:\n- item\n- item",
        "| alone on its line\nplain",
        "[1] alone on its line\nplain",
        "=====\nplain",
    ];
    for text in cases {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_quotation_goes_on_over_paragraphs_that_open_it_again() {
    let text = "\u{201c}One two three.\n\n\u{201c}Four five six.\u{201d}\n\nSeven eight.";
    let words: String = found(text).into_iter().map(|(_, words)| words).collect();
    assert!(words.contains("One") && words.contains("six") && !words.contains("Seven"), "{words}");
    let lost = "\u{201c}One two three.\n\nFour five six.";
    assert_eq!(found(lost), [('"', "One two three.")]);
}

#[test]
fn those_who_speak_belong_to_what_they_say() {
    let text = "\u{201c}One two,\u{201d} she said. \u{201c}Three four.\u{201d} Then she left.";
    assert_eq!(found(text), [('"', "One two,\u{201d} she said. \u{201c}Three four.")]);
    let text = "\u{201c}One two,\u{201d} said the mayor of Halven.\n\nThen she left.";
    assert_eq!(found(text), [('"', "One two,\u{201d} said the mayor of Halven")]);
}

#[test]
fn blocks_are_lines_with_marks_and_who_is_quoted() {
    let cases = [
        ("In article <1@x> A writes:\n> one\n> two\n\nMine.", "In article <1@x> A writes:\n> one\n> two"),
        ("xx> one\nxx> two\nMine.", "xx> one\nxx> two"),
        ("|> one\n|> two\nMine.", "|> one\n|> two"),
        (": one\n: two\nMine.", ": one\n: two"),
        ("=one\n=two\nMine.", "=one\n=two"),
        ("[XX] one\n[XX] two\nMine.", "[XX] one\n[XX] two"),
        ("XX] one\nXX] two\nMine.", "XX] one\nXX] two"),
        ("> one two three\nfour\n> five\nMine.", "> one two three\nfour\n> five"),
    ];
    for (text, block) in cases {
        assert_eq!(found(text), [('>', block)], "{text}");
    }
}

#[test]
fn markup_at_the_beginning_of_lines_quotes_nothing() {
    for text in [
        "<p>one two</p>\n<p>three four</p>\nMine.",
        "&lt;p&gt;one\n&lt;p&gt;two\nMine.",
        "&#8220;one two\n&#8220;three four\nMine.",
        "<div class=story><p>one\n<p>two",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
    assert_eq!(found("&gt; one\n&gt; two\nMine."), [('>', "&gt; one\n&gt; two")]);
    assert_eq!(found("<one@a>\n<two@b>\nMine."), [('>', "<one@a>\n<two@b>")]);
}

#[test]
fn the_marks_of_a_line_are_counted() {
    let depths = |text: &str| -> Vec<u8> {
        let depth = |quoted: Quoted| match quoted.form {
            Form::Block(depth) => depth,
            _ => 0,
        };
        quoted(text).into_iter().map(depth).collect()
    };
    let cases: [(&str, &[u8]); 6] = [
        ("> one\n> two", &[1]),
        (">> one\n> > two\n> three", &[2, 1]),
        ("|> one\n|> |> two", &[1, 2]),
        ("xx> yy> one\n>xx> two\n", &[2]),
        ("= > one\n= two", &[2, 1]),
        (">>> one two three\nfour\n>>> five", &[3]),
    ];
    for (text, expected) in cases {
        assert_eq!(depths(text), expected, "{text}");
    }
}

#[test]
fn indented_paragraphs_are_quoted_below_a_colon_alone() {
    let block = "A writes:\n\n   one two\n   three";
    assert_eq!(found(&format!("{block}\n\nMine.")), [(':', block)]);
    assert_eq!(found("   one two\n   three\n\nMine."), []);
    assert_eq!(found("  A writes:\n\n  one two\n  three\n\n  Mine."), []);
}

#[test]
fn a_list_is_quoted_behind_other_indented_lines_alone() {
    let list = "The terms are:\n   * one two\n     three\n   * four\n";
    assert_eq!(found(&format!("{list}Mine.")), []);
    assert_eq!(found(&format!("A writes:\n   one\n\nMine.\n\n{list}Mine.")), []);
    let (block, items) = ("A writes:\n\n   one two\n   three", "   * four\n   * five");
    assert_eq!(found(&format!("{block}\n\n{items}\n\nMine.")), [(':', block), (':', items)]);
}

#[test]
fn columns_are_counted_before_the_first_word_of_each_line() {
    let cases = [
        ("one two\nthree", 0.0),
        ("  one two\n      three four", 4.0),
        ("> one\n>> two", 2.5),
        ("\tone\n * two", 5.5),
        ("                              one\ntwo", 8.0),
    ];
    for (text, expected) in cases {
        let words = text.split_ascii_whitespace().filter(|word| word.starts_with(char::is_alphabetic));
        let starts: Vec<usize> = words.map(|word| word.as_ptr() as usize - text.as_ptr() as usize).collect();
        assert!((mean_columns(text, starts.into_iter()) - expected).abs() < 1e-9, "{text:?}");
    }
    assert!(mean_columns("one", std::iter::empty()).abs() < 1e-9);
}

#[test]
fn a_quotation_begins_behind_the_block_that_an_earlier_one_met() {
    let text = "| \u{201c}a\u{201d} \u{300c},\n|| b";
    let stretches: Vec<_> = quoted(text).into_iter().map(|quoted| (quoted.bytes, quoted.form)).collect();
    assert_eq!(stretches, [(0..14, Form::Block(1)), (14..15, Form::Marks), (15..19, Form::Block(2))]);
}

proptest! {
    /// Whatever the text, stretches are in order, apart and on characters.
    #[test]
    fn stretches_are_in_order_and_on_characters(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "\"", "\u{201c}", "\u{201d}", "'", "\u{2018}", "\u{2019}", "\u{ab}", "\u{bb}", "``", "\u{300c}",
                "\u{300d}", "\n", "\n\n", "> ", "| ", "   ", "word", " ", ",", ".", ":", "\u{e9}t\u{e9}", "\u{2026}",
            ]),
            0..60,
        ),
    ) {
        let text = parts.concat();
        let mut behind = 0;
        for quoted in quoted(&text) {
            prop_assert!(quoted.bytes.start >= behind && quoted.bytes.start < quoted.bytes.end, "{:?}", quoted);
            prop_assert!(text.get(quoted.bytes.clone()).is_some());
            behind = quoted.bytes.end;
        }
    }
}
