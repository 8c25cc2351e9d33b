//! The title of a page without the name of its site.
//!
//! Pages give search engines a title with the site behind it: "Best tech
//! gadgets of 2019 | ZDNet". What stands before the site is then a heading of
//! the page, and what joins the two is a bar, a dash or the like; where both
//! hold, the heading as it is written is the title. No list of sites, and no
//! guess where the page has no such heading ("Opinion | Is it over?" stays).
//! Letters and digits are compared alone, as quotation marks and dashes are
//! often set in two ways. Cost is linear in title and headings.

/// What may stand between a title and a site.
const JOINTS: [char; 11] = ['|', '-', '–', '—', '·', '•', '«', '»', ':', '_', '｜'];

/// Han, Kana and Hangul, which no joint is set off from by a space.
const WIDE: std::ops::RangeInclusive<char> = '\u{2e80}'..='\u{fa6d}';

/// The first of `headings` that is the title but for a site behind it.
pub(super) fn without_site(title: &str, headings: impl Iterator<Item = String>) -> Option<String> {
    headings.map(one_line).find(|heading| is_title_of(heading, title))
}

fn one_line(heading: String) -> String {
    heading.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first of `headings` that goes on with a quotation mark where the title
/// ends: pages that put a title between quotation marks without a thought for
/// those in it have it cut at the first.
pub(super) fn beyond_quote(title: &str, headings: impl Iterator<Item = String>) -> Option<String> {
    let mut headings = headings.map(one_line);
    headings.find(|heading| {
        heading.strip_prefix(title.trim()).is_some_and(|rest| rest.trim_start().starts_with(['"', '\'']))
            && !title.trim().is_empty()
    })
}

/// Whether `title` is `heading` with a shorter piece behind a joint.
fn is_title_of(heading: &str, title: &str) -> bool {
    let Some(rest) = behind(heading, title) else { return false };
    let (joint, site) = rest.split_at(rest.find(char::is_alphanumeric).unwrap_or(rest.len()));
    // A dash within a word is none, where words have spaces between them.
    let is_set_off = joint.ends_with(char::is_whitespace) || site.starts_with(|c| WIDE.contains(&c));
    let is_joined = joint.contains(JOINTS) && is_set_off;
    is_joined && !site.is_empty() && letters(site).count() < letters(heading).count()
}

/// What is left of `title` behind the letters and digits of `heading`.
fn behind<'t>(heading: &str, title: &'t str) -> Option<&'t str> {
    let mut rest = title;
    for wanted in letters(heading) {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        rest = rest.strip_prefix(wanted)?;
    }
    (rest.len() < title.len()).then_some(rest)
}

fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_ends_at_a_quotation_mark_is_that_of_the_heading() {
        let cases: [(&str, &[&str], Option<&str>); 5] = [
            ("Mayor:", &["Menu", "Mayor: \"No lock\" at\nWeirton"], Some("Mayor: \"No lock\" at Weirton")),
            ("短缺药品", &["短缺药品\"保供\"稳价"], Some("短缺药品\"保供\"稳价")),
            ("Mayor", &["Mayor opens lock"], None),
            ("Mayor", &["Mayor"], None),
            ("", &["\"No lock\""], None),
        ];
        for (title, headings, expected) in cases {
            let headings = headings.iter().map(|&heading| heading.to_owned());
            assert_eq!(beyond_quote(title, headings).as_deref(), expected, "{title}");
        }
    }

    #[test]
    fn a_site_behind_a_heading_is_no_part_of_the_title() {
        let cases: [(&str, &[&str], Option<&str>); 13] = [
            ("Best tech gadgets | ZDNet", &["Best tech gadgets"], Some("Best tech gadgets")),
            // As it is set on the page, on one line.
            ("'It's over' - a review - VG247", &["‘It’s over’ –\n a review"], Some("‘It’s over’ – a review")),
            ("Is it open yet? – Valley Post", &["Menu", "Is it open yet?"], Some("Is it open yet?")),
            // The site has a heading, too.
            ("Open thread - The Blog", &["The Blog", "Open thread"], Some("Open thread")),
            ("The Blog - Open thread", &["The Blog"], None),
            // Nothing on the page says which part is the site.
            ("Opinion | Is it over?", &["Is it over?"], None),
            ("Council votes - again", &["Council votes tonight"], None),
            ("Council votes again", &["Council votes"], None),
            ("Anti-war march", &["Anti"], None),
            ("短缺药品保供稳价-新华网", &["短缺药品保供稳价"], Some("短缺药品保供稳价")),
            ("短缺药品保供稳价_网易新闻", &["短缺药品保供稳价"], Some("短缺药品保供稳价")),
            ("短缺药品保供稳价了", &["短缺药品"], None),
            ("", &[""], None),
        ];
        for (title, headings, expected) in cases {
            let headings = headings.iter().map(|&heading| heading.to_owned());
            assert_eq!(without_site(title, headings).as_deref(), expected, "{title}");
        }
    }
}
