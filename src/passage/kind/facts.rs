//! Which tokens say a fact: numbers, and names as far as capitals tell.
//!
//! A token with a digit is a number. One that begins with a capital and does
//! not stand at the beginning of a sentence or line is a name (months and
//! weekdays among them); where more than every third token is one, capitals
//! say nothing (headlines, German, shouting), and numbers alone are facts, as
//! they are in scripts without capitals. Tokens joined by a point, a comma or
//! a stroke are one number. O(1) a token.

use std::borrow::Cow;

use crate::passage::prepared::Prepared;
use crate::text::as_meant;

/// One token in so many is a name at most, if capitals tell names.
const MAX_NAMES: usize = 3;

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A token with a digit.
    Number,
    /// A word with a capital that its place does not explain.
    Name,
    /// Any other word.
    Wording,
}

/// Tells the facts of one text.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'d> {
    text: &'d str,
    prepared: &'d Prepared,
    /// What each token says.
    facts: &'d [Fact],
}

impl<'d> Facts<'d> {
    /// Of a text and what it was prepared to; looks at all of its tokens, once for
    /// a text, which is compared with many.
    pub fn new(text: &'d str, prepared: &'d Prepared) -> Self {
        Self { text, prepared, facts: prepared.facts(|| facts(text, prepared)) }
    }

    /// What token `index` says.
    pub fn of(&self, index: usize) -> Fact {
        self.facts[index]
    }

    /// Whether a token goes on with the number that the token before belongs
    /// to: `000` in `290,000`, `8` in `5/8`. Such a number is one fact.
    pub fn continues(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1) else { return false };
        // Few are, and the text is far away.
        if self.of(index) != Fact::Number || self.of(before) != Fact::Number {
            return false;
        }
        // Tokens may overlap: bigrams do, and `¼` is two numbers in one place.
        let start = self.prepared.token_start(index);
        let between = &self.text[self.prepared.token_end(before).min(start)..start];
        between.len() <= 1 && !between.starts_with(char::is_whitespace)
    }
}

/// What each token of a text says.
fn facts(text: &str, prepared: &Prepared) -> Vec<Fact> {
    let is_mended = matches!(as_meant(text), Cow::Owned(_));
    let fact = |index: usize| {
        let start = prepared.token_start(index);
        let token = &text[start..prepared.token_end(index)];
        // A letter that is written as a number is none.
        let token = &*if is_mended { as_meant(token) } else { token.into() };
        if token.bytes().any(|byte| byte.is_ascii_digit())
            || !token.is_ascii() && token.chars().any(is_numeric)
        {
            Fact::Number
        } else if token.starts_with(char::is_uppercase) && !begins_sentence(text, start) {
            Fact::Name
        } else {
            Fact::Wording
        }
    };
    let mut facts: Vec<Fact> = (0..prepared.len()).map(fact).collect();
    let names = facts.iter().filter(|fact| **fact == Fact::Name).count();
    if names * MAX_NAMES > facts.len() {
        facts.iter_mut().filter(|fact| **fact == Fact::Name).for_each(|fact| *fact = Fact::Wording);
    }
    facts
}

/// Whether a sentence or a line begins at this byte.
fn begins_sentence(text: &str, start: usize) -> bool {
    let mut between = text[..start].chars().rev().take_while(|c| !c.is_alphanumeric());
    let mut is_first = start == 0;
    let mut any = false;
    for c in between.by_ref().take(MAX_BETWEEN) {
        any = true;
        is_first |= matches!(c, '.' | '!' | '?' | ':' | '"' | '“' | '„' | '«' | '。');
    }
    is_first || !any
}

/// [`char::is_numeric`], without its search among the letters that most text in
/// Kana, Han or Hangul is made of, none of which is a number.
fn is_numeric(c: char) -> bool {
    let is_letter = matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}');
    !is_letter && c.is_numeric()
}

/// Characters between two words that are looked at.
const MAX_BETWEEN: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Params;

    #[test]
    fn letters_that_are_written_as_numbers_are_none() {
        let text = "&#1087;&#1088;&#1080; caf&#233; &#50;5 &#1087;";
        let prepared = Prepared::new(text, &Params::default());
        assert_eq!(facts(text, &prepared), [Fact::Wording, Fact::Wording, Fact::Number, Fact::Wording]);
    }

    #[test]
    fn numbers_are_those_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_numeric(c), c.is_numeric(), "{c:?}");
        }
    }
}
