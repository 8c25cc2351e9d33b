//! Edits that keep the order of a text: letter case and punctuation, other
//! words, misread letters.

use wirecopy::document::Span;

use super::rng::Rng;
use super::words::words;

/// Letters that optical recognition takes for one another.
const CONFUSIONS: [(char, &str); 26] = [
    ('a', "o"),
    ('b', "h"),
    ('c', "e"),
    ('d', "cl"),
    ('e', "c"),
    ('f', "t"),
    ('g', "q"),
    ('h', "b"),
    ('i', "l"),
    ('k', "lc"),
    ('l', "1"),
    ('m', "rn"),
    ('n', "u"),
    ('o', "0"),
    ('q', "g"),
    ('r', "v"),
    ('s', "5"),
    ('t', "f"),
    ('u', "n"),
    ('v', "y"),
    ('w', "vv"),
    ('y', "v"),
    ('0', "O"),
    ('1', "l"),
    ('5', "S"),
    ('8', "B"),
];

/// Another case, other quotation marks, dashes and spacing, the same tokens.
pub(crate) fn recase(text: &str, rng: &mut Rng) -> String {
    let mode = rng.below(3);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut chars = text.chars().peekable();
    let mut in_word = false;
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            let mut lines = usize::from(c == '\n');
            let mut indented = false;
            while let Some(next) = chars.next_if(|next| next.is_whitespace()) {
                lines += usize::from(next == '\n');
                indented = next != '\n';
            }
            let ends_paragraph = lines > 1 || (lines == 1 && indented);
            out.push_str(if ends_paragraph {
                "\n\n"
            } else if rng.chance(3) {
                "  "
            } else {
                " "
            });
            in_word = false;
            continue;
        }
        let space_follows = chars.peek().is_some_and(|next| next.is_whitespace());
        match c {
            '"' => out.push(if in_word || space_follows { '”' } else { '“' }),
            '\'' => out.push('’'),
            '-' if chars.next_if_eq(&'-').is_some() => out.push('—'),
            '-' if space_follows => out.push('–'),
            ',' if space_follows && rng.chance(40) => {}
            ';' if space_follows => out.push(','),
            _ => match mode {
                0 => out.extend(upper(c)),
                1 => out.extend(lower(c)),
                _ if in_word => out.extend(lower(c)),
                _ => out.extend(upper(c)),
            },
        }
        in_word = c.is_alphanumeric();
    }
    out
}

/// Replaces `percent` of the words, rounded, by others of the vocabulary; a
/// capital letter stays one, a number becomes another. Parts of words that
/// points, apostrophes or hyphens hold together are counted, not replaced.
pub(crate) fn substitute(text: &str, percent: usize, vocabulary: &[String], rng: &mut Rng) -> String {
    let words = words(text);
    let count = (words.len() * percent + 50) / 100;
    let is_free = |word: &&Span| {
        let before = text[..word.start].chars().next_back();
        let mut after = text[word.end..].chars();
        let (joint, next) = (after.next(), after.next());
        before.is_none_or(|c| !is_joint(c))
            && !(joint.is_some_and(is_joint) && next.is_some_and(char::is_alphanumeric))
    };
    let free: Vec<Span> = words.iter().filter(is_free).copied().collect();
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut done = 0;
    for place in rng.sample(free.len(), count) {
        let word = free[place];
        out.push_str(&text[done..word.start]);
        let old = &text[word.start..word.end];
        out.push_str(&other_word(old, vocabulary, rng));
        done = word.end;
    }
    out.push_str(&text[done..]);
    out
}

/// Whether this holds the parts of one written word together.
fn is_joint(c: char) -> bool {
    matches!(c, '.' | ',' | '\'' | '’' | '-' | '/' | '&')
}

/// Misreads `percent` of the characters, rounded: confused, dropped, words
/// split, and, where the character is white space, words run together.
pub(crate) fn misread(text: &str, percent: usize, rng: &mut Rng) -> String {
    let length = text.chars().count();
    let count = (length * percent + 50) / 100;
    let mut places = rng.sample(length, count).into_iter().peekable();
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for (place, c) in text.chars().enumerate() {
        if places.next_if_eq(&place).is_none() {
            out.push(c);
        } else if c.is_whitespace() {
            // Run together: nothing is written.
        } else if !c.is_alphanumeric() {
            out.push_str(match c {
                '.' => ",",
                ',' => ".",
                '-' => "~",
                _ => "",
            });
        } else {
            match rng.below(100) {
                0..75 => out.push_str(&confused(c, rng)),
                75..88 => {}
                _ => {
                    out.push(' ');
                    out.push(c);
                }
            }
        }
    }
    out
}

fn other_word(old: &str, vocabulary: &[String], rng: &mut Rng) -> String {
    if old.bytes().all(|byte| byte.is_ascii_digit()) {
        return old.bytes().map(|byte| other_digit(byte, rng)).collect();
    }
    let folded = old.to_lowercase();
    // A vocabulary of one word may have no other; the word then gets doubled.
    let drawn = (0..8).map(|_| &vocabulary[rng.below(vocabulary.len())]).find(|word| **word != folded);
    let new = drawn.cloned().unwrap_or_else(|| folded.repeat(2));
    if old.chars().next().is_some_and(char::is_uppercase) { capitalised(&new) } else { new }
}

/// The word with its first letter in upper case.
pub(crate) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|c| upper(c).collect::<String>()).unwrap_or_default();
    first + chars.as_str()
}

fn confused(c: char, rng: &mut Rng) -> String {
    let folded: String = c.to_lowercase().collect();
    let found = CONFUSIONS.iter().find(|(letter, _)| folded == letter.to_string());
    match found {
        Some((_, taken_for)) if c.is_uppercase() && taken_for.len() == 1 => taken_for.to_uppercase(),
        Some((_, taken_for)) => (*taken_for).to_owned(),
        None if c.is_ascii_digit() => other_digit(c as u8, rng).into(),
        None => char::from(b'a' + rng.below(26) as u8).into(),
    }
}

/// A digit other than this.
fn other_digit(digit: u8, rng: &mut Rng) -> char {
    char::from(b'0' + (digit - b'0' + 1 + rng.below(9) as u8) % 10)
}

/// Upper case, where going back to lower case gives the same letter.
fn upper(c: char) -> impl Iterator<Item = char> {
    let upper: Vec<char> = c.to_uppercase().collect();
    let is_reversible = upper.len() == 1 && c.to_lowercase().eq(upper[0].to_lowercase());
    if is_reversible { upper.into_iter() } else { vec![c].into_iter() }
}

fn lower(c: char) -> impl Iterator<Item = char> {
    let lower: Vec<char> = c.to_lowercase().collect();
    if lower.len() == 1 { lower.into_iter() } else { vec![c].into_iter() }
}

#[cfg(test)]
mod tests {
    use wirecopy::text::Tokenizer;

    use super::*;

    const TEXT: &str = "The \"Straße\" rose 1,655.8 tonnes -- by 3-5 pct, he said; U.S. don't\nwrap.\n    Next, \
                        paragraph of Ελλάς: it's well-known, so they say.";

    fn hashes(text: &str) -> Vec<u64> {
        let mut hashes = Vec::new();
        Tokenizer::new().tokenize(text, |token| hashes.push(token.hash));
        hashes
    }

    #[test]
    fn recasing_changes_the_text_and_not_the_tokens() {
        for index in 0..20 {
            let recased = recase(TEXT, &mut Rng::new(1, "test", index));
            assert_ne!(recased, TEXT);
            assert_eq!(hashes(&recased), hashes(TEXT), "{recased}");
        }
    }

    #[test]
    fn substitution_replaces_the_exact_share_of_words() {
        let vocabulary: Vec<String> = ["wheat", "maize", "sorghum"].map(String::from).into();
        let text = "one two three Four five six seven eight nine ten ".repeat(10);
        for (percent, expected) in [(5, 5), (15, 15), (30, 30)] {
            let new = substitute(&text, percent, &vocabulary, &mut Rng::new(1, "test", percent));
            let changed = text.split(' ').zip(new.split(' ')).filter(|(a, b)| a != b).count();
            assert_eq!(changed, expected);
        }
    }

    #[test]
    fn misreading_touches_about_its_share_of_characters_and_stays_text() {
        let text = "plain words in plain lines ".repeat(40);
        let new = misread(&text, 10, &mut Rng::new(1, "test", 0));
        let kept = text.split(' ').zip(new.split(' ')).filter(|(a, b)| a == b).count();
        assert!(kept < 120 && new.len().abs_diff(text.len()) < text.len() / 20, "{new}");
        assert_eq!(misread(&text, 0, &mut Rng::new(1, "test", 0)), text);
    }
}
