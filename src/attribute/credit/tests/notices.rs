//! Sentences that say where a text is from.

use super::*;

#[test]
fn notices_are_found() {
    use CreditForm::{Copyright, Partial, ReportingLine, Republished};
    // words of the last line, form, whom, words of the credit
    let cases = [
        ("This story was originally published by ProPublica.", Republished, "ProPublica"),
        (
            "This article first appeared in The Marstow Ledger and is reproduced here.",
            Republished,
            "Marstow Ledger",
        ),
        ("Originally published on Meridian.", Republished, "Meridian"),
        ("Originally published at www.a.example on May 3.", Republished, "www.a.example"),
        ("The post Two rowers appeared first on Portellan Post.", Republished, "Portellan Post"),
        (
            "This article is republished from The Conversation under a licence.",
            Republished,
            "The Conversation",
        ),
        ("Reprinted by permission of The Marstow Ledger.", Republished, "Marstow Ledger"),
        (
            "© 2026 A. Visit a.example. Distributed by Tribune Content Agency, LLC.",
            Republished,
            "Tribune News Service",
        ),
        ("KFF Health News is a national newsroom that reports.", Republished, "KFF Health News"),
        ("With inputs from PTI", Partial, "PTI"),
        ("(avec AFP)", Partial, "Agence France-Presse"),
        ("Associated Press writer Jane Roe contributed to this report.", Partial, "Associated Press"),
        ("Contributing: Jane Roe, Ola Finn, Associated Press.", Partial, "Associated Press"),
        ("Contributing: The Associated Press", Partial, "Associated Press"),
        ("(Reporting by J. Roe in Marstow; Editing by Ola Finn)", ReportingLine, "Reuters"),
        ("Copyright 2026 The Associated Press. All rights reserved.", Copyright, "Associated Press"),
        ("(c) Copyright Thomson Reuters 2026.", Copyright, "Reuters"),
    ];
    let body = "A line of the body.\n".repeat(99);
    for (line, form, whom) in cases {
        let credits = find_credits(&format!("{body}{line}\n"));
        let named: Vec<_> =
            credits.iter().map(|c| (c.form, c.agency.as_deref().or(c.outlet.as_deref()).unwrap())).collect();
        assert_eq!(named, [(form, whom)], "{line}");
        assert!(line.contains(credits[0].text.as_str()), "{line} {credits:?}");
        assert_eq!(find_credits(&format!("{body}{line}\n{body}")), [], "far from both ends: {line}");
    }
    let traps = [
        "With inputs from agencies",
        "The guide asks for \"(With inputs from PTI)\" at the end.",
        "He said that the line \"This story was originally published by ProPublica\" was cut.",
        "The book was originally published by Reuters in 1999.",
        "This story was originally published May 3, 2026, 10:40 AM.",
        "This article was reprinted on Wired.com.",
        "This story was republished by The Marstow Ledger.",
        "This recipe first appeared in spring, with leeks.",
        "Ola Finn contributed to this report.",
        "Contributing: Jane Roe and Ola Finn",
        "Contributing to Reuters is an honour.",
        "Reporting by Ana Roe for the inquiry was praised.",
        "Reporting by Ana Roe, AFP; Editing by Ola Finn",
        "Copyright 2026 The Marstow Ledger. All rights reserved.",
        "© Jane Roe/AFP",
        "Image copyright Reuters",
        "Picture copyright: Agence France-Presse",
        "Copyright AP Photo",
        "Thomson Reuters rose. Copyright law was the theme.",
    ];
    for line in traps {
        assert_eq!(find_credits(&format!("{body}{line}\n")), [], "{line}");
    }
}

#[test]
fn a_notice_counts_again_where_a_body_is_pasted_twice() {
    let body =
        format!("{}This story was originally published by ProPublica.\n", "A line of the body.\n".repeat(99));
    assert_eq!(find_credits(&body.repeat(2)).len(), 2);
}
