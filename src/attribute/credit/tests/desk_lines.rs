//! Lines of agencies alone.

use super::*;

/// Agencies and form of what is found in a text of which `line` is the head or
/// the foot.
fn on(line: &str, is_head: bool) -> Vec<(String, CreditForm)> {
    let story = "The bridge was opened on Monday. Hundreds came to see it, and many walked across.\n\nIt will be \
                 closed again for a week in May.";
    let text = if is_head { format!("{line}\n{story}") } else { format!("{story}\n{line}") };
    found(&text).into_iter().map(|(whom, form, _)| (whom, form)).collect()
}

#[test]
fn all_of_a_line_is_accounted_for() {
    use CreditForm::{Byline, FootLine, Partial};
    let cases: &[(&str, bool, CreditForm, &[&str])] = &[
        ("dpa/afp", true, Byline, &["Deutsche Presse-Agentur", "Agence France-Presse"]),
        ("AP, AFP and Reuters", true, Byline, &["Associated Press", "Agence France-Presse", "Reuters"]),
        ("AP/Xinhua/Bernama", false, FootLine, &["Associated Press", "Xinhua", "Bernama"]),
        ("/ritzau/", false, FootLine, &["Ritzau"]),
        ("Le Monde avec AFP", true, Partial, &["Agence France-Presse"]),
        ("По материалам Reuters", false, Partial, &["Reuters"]),
        ("(via Reuters)", false, FootLine, &["Reuters"]),
        ("January 12, 2026 - AFP", true, Byline, &["Agence France-Presse"]),
        ("Associated Press\nJan 12, 2026", true, Byline, &["Associated Press"]),
    ];
    for (line, is_head, form, whom) in cases {
        let expected: Vec<_> = whom.iter().map(|whom| (whom.to_string(), *form)).collect();
        assert_eq!(on(line, *is_head), expected, "{line}");
    }
}

#[test]
fn what_is_more_than_a_line_of_agencies_is_none() {
    for line in [
        "AP/IB",
        "AP, Reuters win prizes",
        "Interview with Reuters",
        "Via Reuters the news came first to Marstow.",
        "Getty Images/AFP",
        "Tags: AP, Reuters",
        "CNN - LIVE",
    ] {
        for is_head in [true, false] {
            assert_eq!(on(line, is_head), [], "{line}");
        }
    }
}

#[test]
fn agencies_behind_a_dash_sign_the_last_sentence() {
    let whom = |text: &str| found(text).into_iter().map(|(whom, _, _)| whom).collect::<Vec<_>>();
    assert_eq!(whom("The bridge is open again. – AFP/Reuters"), ["Agence France-Presse", "Reuters"]);
    assert_eq!(whom("The bridge is open again, it was said by one man - AFP"), [""; 0]);
}
