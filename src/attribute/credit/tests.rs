use super::*;

mod bylines;
mod desk_lines;
mod notices;

/// Whom, the form and the words of each credit, in order.
fn found(text: &str) -> Vec<(String, CreditForm, String)> {
    let credits = find_credits(text);
    for credit in &credits {
        assert_eq!(&text[credit.span.start..credit.span.end], credit.text, "{text}");
        assert!(credit.agency.is_some() != credit.outlet.is_some(), "{text}");
        assert!(credit.confidence > 0.0 && credit.confidence < 1.0, "{text}");
    }
    let whom = |credit: &Credit| credit.agency.clone().or(credit.outlet.clone()).unwrap_or_default();
    credits.iter().map(|credit| (whom(credit), credit.form, credit.text.clone())).collect()
}

fn check(cases: &[(&str, &[(&str, &str)])], form: CreditForm) {
    for (text, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|(w, t)| (w.to_string(), form, t.to_string())).collect();
        assert_eq!(found(text), expected, "{text:?}");
    }
}

#[test]
fn source_lines_are_found() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("Text.\n(Source:www.example.com)\n", &[("www.example.com", "(Source:www.example.com)")]),
        ("Text.\n(Source: Example News).\nMore.", &[("Example News", "(Source: Example News)")]),
        ("[Source: www.example.com]\nText.", &[("www.example.com", "[Source: www.example.com]")]),
        ("Text.\n\n  Source: www.example.com.  ", &[("www.example.com", "Source: www.example.com")]),
        (
            "Text.\r\nSOURCE: https://www.example.com/a/b,c\r\n",
            &[("https://www.example.com/a/b,c", "SOURCE: https://www.example.com/a/b,c")],
        ),
        ("Source – Reuters\nText.", &[("Reuters", "Source – Reuters")]),
        ("Source - Example News\nText.", &[("Example News", "Source - Example News")]),
        (
            "Text.\nSource: AP/Reuters",
            &[("Associated Press", "Source: AP/Reuters"), ("Reuters", "Source: AP/Reuters")],
        ),
        ("Text.\nSource: Reuters, May 11", &[("Reuters", "Source: Reuters, May 11")]),
        ("Text.\nSource: The Press Association", &[("PA Media", "Source: The Press Association")]),
        ("Text.\nSource: PA", &[("PA Media", "Source: PA")]),
        ("Text.\nSource: Example News | Author: J. Doe", &[("Example News", "Source: Example News")]),
        ("Text.\n(source: www.example.com (accessed May 11))", &[]),
        (
            "Text.\nSource: www.example.com (accessed May 11)",
            &[("www.example.com", "Source: www.example.com (accessed May 11)")],
        ),
        ("Text.\nQuelle: dpa", &[("Deutsche Presse-Agentur", "Quelle: dpa")]),
        ("正文。\n来源：新华社\n", &[("Xinhua", "来源：新华社")]),
        ("2026年5月11日 15:10 来源：东方日报 作者：李林\n正文。", &[("东方日报", "来源：东方日报")]),
        ("2026-05-11 15:10:02 来源: 新华社\n正文。", &[("Xinhua", "来源: 新华社")]),
        ("正文。\n来源：网络\n", &[]),
        ("2026年5月11日 来源：本站原创 作者：李林\n正文。", &[]),
        ("2026 Sources: the year in words\nText.", &[]),
        ("> Text.\n> **Source: Example News**\n", &[("Example News", "Source: Example News")]),
        // First and last words of the text, and the same words elsewhere.
        ("It ended well. (Source:www.example.com)", &[("www.example.com", "(Source:www.example.com)")]),
        ("(Source: AFP) It began well.", &[("Agence France-Presse", "(Source: AFP)")]),
        (
            "One.(Source:www.example.com)One.(Source:www.example.com)\n",
            &[
                ("www.example.com", "(Source:www.example.com)"),
                ("www.example.com", "(Source:www.example.com)"),
            ],
        ),
    ];
    check(cases, CreditForm::SourceLine);
}

#[test]
fn a_bare_name_far_from_both_ends_must_sound_like_the_press() {
    let body = "A line of the body.\n".repeat(20);
    let count = |text: String| find_credits(&text).len();
    assert_eq!(count(format!("{body}Source: Theodotus\n{body}")), 0);
    assert_eq!(count(format!("{body}Source: Example Gazette\n{body}")), 1);
    assert_eq!(count(format!("{body}Source: Meridian\n")), 1);
    assert_eq!(count(format!("{body}Source: Meridian\n{body}Source: Meridian\n")), 2);
}

#[test]
fn what_only_looks_like_a_source_line_is_none() {
    let cases = [
        "Sources said: nothing.\nText.",
        "Source code: https://www.example.com/code\nText.",
        "Source-code: Example",
        "Text.\nSource: a senior official who spoke on condition of anonymity about the talks",
        "Text.\nSource: He said that Example News had been told so by the ministry in May",
        "Text.\nSource: Stanford J. Shaw, \"History of the Ottoman Empire\", pp. 25-26",
        "Text.\nsource: Example",
        "Text.\nSource: main.rs",
        "Text.\nSource: 192.168.100.1",
        "Text.\nSource: someone@example.com",
        "Text.\nSource: www.example.com has the whole of the list and a map of the places",
        "Text.\nSource: Getty Images",
        "Text.\n(Image source: AP)",
        "Text.\nSource:",
        "Text.\nSource: -",
        "See www.example.com for more.\nwww.example.com",
        "One (Source: WHO) stands in the middle.\nText ends.",
        "One stands at the end of a paragraph (Source: WHO)\nText ends.",
        "The source: Reuters said so.",
    ];
    for text in cases {
        assert_eq!(found(text), [], "{text:?}");
    }
}

#[test]
fn datelines_are_found() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("WASHINGTON (AP) — The talks", &[("Associated Press", "(AP)")]),
        ("Title here\n\nNEW YORK, May 11 (Reuters) - Oil fell", &[("Reuters", "(Reuters)")]),
        ("(Reuters) - Oil fell", &[("Reuters", "(Reuters)")]),
        ("PARIS, France (AFP) – The minister", &[("Agence France-Presse", "(AFP)")]),
        ("ST. JOSEPH, Mich. (AP) — Officials", &[("Associated Press", "(AP)")]),
        ("McALLEN, Texas (AP) _ Officials", &[("Associated Press", "(AP)")]),
        ("Agdam,Azerbaijan,March 2 (Reuters) - Fresh", &[("Reuters", "(Reuters)")]),
        (">\tUNITED NATIONS (UPI) -- The council", &[("UPI", "(UPI)")]),
        ("**BERLIN (dpa)** - Der Kanzler", &[("Deutsche Presse-Agentur", "(dpa)")]),
        ("Berlin/Hamburg (dpa) - Der Kanzler", &[("Deutsche Presse-Agentur", "(dpa)")]),
        ("Madrid, 11 may (EFE).- El presidente", &[("EFE", "(EFE)")]),
        ("NEW DELHI, May 11 (PTI) The government", &[("PTI", "(PTI)")]),
        ("New Delhi [India], May 11 (ANI): The government", &[("ANI", "(ANI)")]),
        ("BEIJING, May 11 (Xinhua) -- China", &[("Xinhua", "(Xinhua)")]),
        ("MOSCOW, May 11. /TASS/. Russia", &[("ITAR-TASS", "/TASS/")]),
        ("NEW YORK, May 11, 2026 /PRNewswire/ -- Example Corp", &[("PR Newswire", "/PRNewswire/")]),
        ("SEATTLE--(BUSINESS WIRE)--Example Corp", &[("Business Wire", "(BUSINESS WIRE)")]),
        ("GENEVA (AP/Reuters) — Talks", &[("Associated Press", "(AP/Reuters)"), ("Reuters", "(AP/Reuters)")]),
        ("Brassbridge (Calder) [India], May 11 (ANI): Two", &[("ANI", "(ANI)")]),
        ("Brassbrück (dpa/lno) - Am Montag", &[("Deutsche Presse-Agentur", "(dpa/lno)")]),
        ("ANKARA (AA) – The ministry", &[("Anadolu Agency", "(AA)")]),
        ("HARRISVILLE, May 11 (PA) - The bridge", &[("PA Media", "(PA)")]),
        ("Title\nTehran, IRNA – The rail operator", &[("IRNA", "IRNA")]),
        ("ЗАРЕЧЕНСК, 11 мая - РИА Новости. Полярная", &[("RIA Novosti", "РИА Новости")]),
        ("新华社盐泽5月11日电（记者李林）首列", &[("Xinhua", "新华社盐泽5月11日电")]),
        ("(소금마을=연합뉴스) 이서연 기자", &[("Yonhap", "(소금마을=연합뉴스)")]),
        ("【塩浜共同】古い渡し船", &[("Kyodo News", "【塩浜共同】")]),
        ("\u{feff}WASHINGTON (AP) — The talks", &[("Associated Press", "(AP)")]),
        ("MARSTOW (Northwire) — The bridge", &[("Northwire", "(Northwire)")]),
        ("MARSTOW, May 11 (Meridian) — The bridge", &[("Meridian", "(Meridian)")]),
        ("(Northwire) — The bridge", &[("Northwire", "(Northwire)")]),
        // The body stands twice, with and without a line break between.
        (
            "MARSTOW (Northwire) — It fell.\nMARSTOW (Northwire) — It fell.",
            &[("Northwire", "(Northwire)"), ("Northwire", "(Northwire)")],
        ),
        ("NEW DELHI (PTI) It fell. NEW DELHI (PTI) It fell.", &[("PTI", "(PTI)"), ("PTI", "(PTI)")]),
    ];
    check(cases, CreditForm::Dateline);
}

#[test]
fn datelines_count_far_down_only_if_they_are_certain() {
    let body = "A line of the body.\n".repeat(40);
    assert_eq!(found(&format!("{body}WASHINGTON (AP) — The talks")).len(), 1);
    assert_eq!(found(&format!("{body}(Reuters) - Oil fell")).len(), 1);
    let doubtful = [
        "MARSTOW (Northwire) — The bridge",
        "(Northwire) — The bridge",
        "NEW DELHI (PTI) The government",
        "where it was said by the agency\n(AP) - which it denied",
    ];
    for text in doubtful {
        assert_eq!(found(&format!("{body}{text}\nMore follows.\n{body}")), [], "{text}");
    }
}

#[test]
fn what_only_looks_like_a_dateline_is_none() {
    let cases = [
        "SPRINGFIELD, Mo. (KMIZ) — The fair",
        "SPRINGFIELD, Mo. (KY3) — The fair",
        "BOSTON (WBZ-TV) — The fair",
        "TOKYO RUBBER (YEN PER KILO) - APRIL 07",
        "PITTSBURGH (PA) — The fair",
        "VIJAYAWADA (AP): The fair",
        "LONDON (England) — The fair",
        "MIAMI (Monday) — The fair",
        "(Continued) - Spain will shortly sign",
        "(Adds details) - Spain will shortly sign",
        "The Associated Press (AP) - an agency",
        "Access Point (AP) - a device",
        "Aam Aadmi Party (AAP) - a party",
        "The minister told AFP on Monday - twice",
        "AP reported on Monday — again",
        "(AP Photo/John Smith) - A view",
        "WASHINGTON (AP Photo) — A view",
        "LONDON (Photo/Reuters) — A view",
        "If you check the news today, (AP) the authorities say",
        "He told the Associated Press (AP) — and others — that",
        "clarinews@clarinet.com (UPI) writes:",
        "By JOHN SMITH (AP) said",
        "Amigo & amigo (Australia) – also known as",
        "WASHINGTON — A call",
        "WASHINGTON () — A call",
        "WASHINGTON (AP",
        "(AP Photo/Jane Roe)",
        "WASHINGTON (Aug. 13) -- The Marines",
        "LONDON (11 May) — The fair",
        "Jane Roe / AFP / Getty Images",
        "LONDON, May 11 / AFP / Getty Images",
    ];
    for text in cases {
        assert_eq!(found(text), [], "{text:?}");
    }
}

#[test]
fn foot_lines_are_found_at_the_end_alone() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("It ended.\n— Reuters", &[("Reuters", "— Reuters")]),
        ("It ended.\n(AP)\n", &[("Associated Press", "(AP)")]),
        ("It ended.\n\n(Reuters)\nRead more\nShare", &[("Reuters", "(Reuters)")]),
        ("It ended. (PTI)", &[("PTI", "(PTI)")]),
        ("It ended. (ANSA).", &[("ANSA", "(ANSA)")]),
        ("It ended. PTI KSV DIV", &[("PTI", "PTI KSV DIV")]),
        // Labels and links of the page below the last words.
        ("It ended. (AFP)\n\nComments", &[("Agence France-Presse", "(AFP)")]),
        ("It ended. PTI KSV DIV\nShare this\nMore in Sport\nComments (0)", &[("PTI", "PTI KSV DIV")]),
        ("It ended. (AFP)\nIt went on in the evening.", &[]),
        ("It ended. (AFP)\nnobody knew what had come of it all", &[]),
        ("It ended. PTI", &[("PTI", "PTI")]),
        ("It is said by PTI", &[]),
        ("It ended.\nThe Associated Press", &[("Associated Press", "The Associated Press")]),
        ("It ended.\nMore from\nThe Associated Press", &[]),
        ("橋が開通した。（共同）", &[("Kyodo News", "（共同）")]),
        ("- AP/Reuters", &[]),
        ("It is said by the agency\n(AP)", &[]),
        ("It is called access point (AP)", &[]),
        ("It ended.\n- Editor", &[]),
        ("It ended.\nReuters", &[]),
    ];
    check(cases, CreditForm::FootLine);
    let body = "A line of the body.\n".repeat(20);
    assert_eq!(found(&format!("It began.\n(AP)\n{body}")), []);
    assert_eq!(found(&format!("{body}(AP)\n{body}(AP)\n")).len(), 2, "the body stands twice");
}

#[test]
fn a_misspelt_outlet_is_reported_as_written_with_the_likely_one_beside_it() {
    let credit = &find_credits("Text.\n(Source:www.aljazera.com)")[0];
    assert_eq!(credit.outlet.as_deref(), Some("www.aljazera.com"));
    assert_eq!(credit.likely_outlet.as_deref(), Some("aljazeera.com"));
    assert_eq!(find_credits("Text.\n(Source:www.aljazeera.com)")[0].likely_outlet, None);
}

#[test]
fn an_agency_does_not_credit_itself() {
    let document = |url: Option<&str>, source: Option<&str>| Document {
        text: "WASHINGTON (AP) — The talks".to_owned(),
        url: url.map(str::to_owned),
        source: source.map(str::to_owned),
        ..Document::default()
    };
    let cases = [
        (Some("https://apnews.com/article/1"), None, 0),
        (None, Some("Associated Press"), 0),
        (None, Some("apnews.com"), 0),
        (Some("https://b.example/1"), None, 1),
        (None, Some("reuters.com"), 1),
        (None, None, 1),
    ];
    for (url, source, count) in cases {
        assert_eq!(credits_of(&document(url, source), Agencies::known()).len(), count, "{url:?} {source:?}");
    }
}

#[test]
fn hostile_texts_take_linear_time() {
    let long = 1 << 20;
    let texts = [
        "a".repeat(long),
        "(".repeat(long),
        "/".repeat(long),
        " ".repeat(long),
        "(AP) - ".repeat(long / 7),
        "(Source: AP)".repeat(long / 12),
        "Source: ".repeat(long / 8),
        "\n- AP".repeat(long / 5),
        "é(".repeat(long / 3),
        format!("{}(Source:www.example.com)", "word ".repeat(long / 5)),
    ];
    for text in texts {
        let start = std::time::Instant::now();
        find_credits(&text);
        let elapsed = start.elapsed();
        assert!(elapsed.as_secs() < 10, "{elapsed:?} for {:?}…", lines::head(&text, 20));
    }
}

#[test]
fn the_seeds_hold_two_credits_to_one_outlet_and_no_other() {
    let Some(shared) = std::env::var_os("WIRECOPY_SHARED") else {
        println!("skipped: WIRECOPY_SHARED is not set");
        return;
    };
    let mut files: Vec<_> = std::fs::read_dir(std::path::Path::new(&shared).join("seeds"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert_eq!(files.len(), 4);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let credit =
            ("www.aljazera.com".to_owned(), CreditForm::SourceLine, "(Source:www.aljazera.com)".to_owned());
        let expected = if name.starts_with("002_") { vec![credit.clone(), credit] } else { vec![] };
        assert_eq!(found(&text), expected, "{name}");
    }
}

#[test]
fn markup_and_wrong_encodings_hide_no_credit() {
    let story = "The council met on Monday and voted for the budget.";
    let cases = [
        (format!("<p><strong>LONDON (Reuters)</strong> &#8211; {story}</p>"), "Reuters", "(Reuters)"),
        (format!("<p>WASHINGTON (AP) &mdash; {story}</p>"), "Associated Press", "(AP)"),
        (format!("WASHINGTON (AP) \u{e2}\u{20ac}\u{201d} {story}"), "Associated Press", "(AP)"),
        (format!("<p>{story}</p><p>Quelle: dpa</p>"), "Deutsche Presse-Agentur", "Quelle: dpa"),
        (format!("<p>{story}</p>\n<p>&copy; 2024 AFP</p>"), "Agence France-Presse", "&copy; 2024 AFP"),
    ];
    for (text, agency, words) in cases {
        let found = find_credits(&text);
        let [credit] = &found[..] else { panic!("{text}: {found:?}") };
        assert_eq!(credit.agency.as_deref(), Some(agency), "{text}");
        assert_eq!(credit.text, words);
        assert_eq!(&text[credit.span.start..credit.span.end], words);
    }
}

#[test]
fn an_acronym_alone_signs_a_text_behind_its_last_sentence() {
    let agency = |text: &str| find_credits(text).into_iter().find_map(|credit| credit.agency);
    assert_eq!(agency("The council met on Monday.\n\nAFP").as_deref(), Some("Agence France-Presse"));
    assert!(agency("The council met on Monday.\n\nANSA").is_some());
    // Too short to be sure, and a line of a paragraph that goes on.
    assert_eq!(agency("The council met on Monday.\n\nAP"), None);
    assert_eq!(agency("The council met on Monday with\nAFP"), None);
    assert_eq!(agency("The council met on Monday.\n\n> jane@example.edu\n\nAAP"), None);
}

#[test]
fn labels_of_more_languages_are_read() {
    let cases =
        ["Sursa: Reuters", "Nguồn: Reuters", "Πηγή: Reuters", "出典：Reuters", "Com informações da Reuters"];
    for credit in cases {
        let found = find_credits(&format!("The council met on Monday.\n\n{credit}"));
        assert_eq!(found.first().and_then(|found| found.agency.as_deref()), Some("Reuters"), "{credit}");
    }
}
