//! Bylines.

use super::*;

#[test]
fn bylines_are_found() {
    let story = format!("\nMARSTOW, May 22. Hard fighting. {}", "It went on and on. ".repeat(6));
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("Title\n(By Associated Press.)", &[("Associated Press", "(By Associated Press.)")]),
        ("Title\n; (By Associated Press.) ' .", &[("Associated Press", "(By Associated Press.)")]),
        ("Title\n(By Aatociated Press).", &[("Associated Press", "(By Aatociated Press)")]),
        ("Title\nRy United Press.", &[("United Press", "Ry United Press")]),
        ("Title\n(Associated Press)", &[("Associated Press", "(Associated Press)")]),
        ("Title\nRepublican A. P. Leased Wire", &[("Associated Press", "Republican A. P. Leased Wire")]),
        (
            "Title\nIutornation.il News Service:",
            &[("International News Service", "Iutornation.il News Service")],
        ),
        ("Title\nBy JANE ROE, Associated Press", &[("Associated Press", "By JANE ROE, Associated Press")]),
        ("Title\nBy Jane Roe | Reuters | May 11", &[("Reuters", "By Jane Roe | Reuters | May 11")]),
        ("Title\nVon Jana Roth (dpa)", &[("Deutsche Presse-Agentur", "Von Jana Roth (dpa)")]),
        ("Title\nPar AFP", &[("Agence France-Presse", "Par AFP")]),
        ("Title\nBy Jane Roe\nReuters", &[("Reuters", "Reuters")]),
        ("Title\nJANE ROE Associated Press", &[("Associated Press", "JANE ROE Associated Press")]),
        ("Title\n(Special cable to the Example)", &[("Example", "(Special cable to the Example)")]),
        (
            "Title\n[By Jane Roe, United Press\nStaff Correspondent.]",
            &[("United Press", "[By Jane Roe, United Press\nStaff Correspondent.]")],
        ),
        (
            "Title\n[By Jane Roe, United\nPress Staff Correspondent.]",
            &[("United Press", "[By Jane Roe, United\nPress Staff Correspondent.]")],
        ),
        ("Title\nBy Review Leased Wire.", &[]),
        ("Title\n(Special to The Example.)", &[]),
        ("Title\nBy Reuters' count", &[]),
        ("Title\nBy PA", &[]),
        ("Title\nJane Roe/Associated Press", &[]),
        ("Title\nPhoto by Jane Roe, AFP", &[]),
        ("Title\nhe told the\nCable News Network.", &[]),
    ];
    for (text, expected) in cases {
        check(&[(format!("{text}{story}").as_str(), *expected)], CreditForm::Byline);
    }
    assert_eq!(found("It ended.\nMore from\nThe Associated Press"), [], "links follow a story");
}

#[test]
fn an_agency_alone_above_all_else_is_a_byline() {
    let story = "\n\nPublished 11:34 PM EST Nov 19, 2019\n\nThe bridge was opened on Monday. Hundreds came to \
                 see it, and many walked across to the other side and back again before the evening.";
    let byline = |line: &str| found(&format!("{line}{story}")).len();
    assert_eq!(byline("Associated Press"), 1);
    assert_eq!(byline("The Associated Press"), 1);
    assert_eq!(byline("Reuters"), 0, "a word may be a heading");
    let wrapped = format!("Associated Press\nsays that all is well. {}", "The bridge was opened. ".repeat(9));
    assert_eq!(found(&wrapped), []);
}
