use proptest::prelude::{ProptestConfig, proptest};

use super::super::Published;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_a_date_that_reads_back_or_none(
        words in proptest::collection::vec("[0-9]{1,5}|[a-zé]{1,4}|[-+/:.,(] ?|[0-9]{1,2}:[0-9:.]{0,6}|mar|pm|gmt ?", 0..8),
        gap in "[ -/:.]?",
    ) {
        if let Some(published) = Published::parse(&words.join(&gap)) {
            assert_eq!(published.to_string().parse::<Published>().unwrap(), published);
        }
    }

    #[test]
    fn the_quick_way_reads_what_the_long_way_reads(
        text in "((mon|TUE|Sun|xyz), )?[0-9]{1,2} (jan|Feb|MAY|Dec|foo) ([0-9]{2}|199[0-9]|[0-9]{4}) \
                 [0-2][0-9]:[0-6][0-9]:[0-6][0-9] (GMT|[-+][01][0-9][0-6][0-9]|EST)",
    ) {
        if let Some(read) = super::mail(text.as_bytes()) {
            assert_eq!(super::words(&text), Some(read), "{text}");
        }
    }
}

#[test]
fn dates_of_mail_take_the_quick_way() {
    for text in ["Tue, 6 Apr 1993 14:06:32 GMT", "15 Apr 93 14:26:35 GMT", "1 May 2026 00:00:60 -0330"] {
        assert_eq!(super::mail(text.as_bytes()), super::words(text), "{text}");
        assert!(super::mail(text.as_bytes()).is_some(), "{text}");
    }
}

#[test]
fn the_forms_of_feeds_keep_their_precision() {
    let cases = [
        // RFC 3339 and ISO 8601.
        ("2026-11-21T16:05:09Z", "2026-11-21T16:05:09Z"),
        ("2026-11-21T16:05:09.25+02:00", "2026-11-21T14:05:09Z"),
        ("2026-11-21 16:05:09+0200", "2026-11-21T14:05:09Z"),
        ("2026-11-21 16:05:09 +0200", "2026-11-21T14:05:09Z"),
        ("2026-11-21 16:05:09 UTC", "2026-11-21T16:05:09Z"),
        ("2026-11-21T16:05:09", "2026-11-21T16:05:09"),
        ("2026-11-21 16:05", "2026-11-21T16:05:00"),
        ("2026-11-21 16:05:09.123456", "2026-11-21T16:05:09"),
        ("20261121T160509Z", "2026-11-21T16:05:09Z"),
        ("2026-11-21T17:40:00EET", "2026-11-21T15:40:00Z"),
        ("2026-11-21T4:05PM EST", "2026-11-21T21:05:00Z"),
        ("2026-11-21", "2026-11-21"),
        ("20261121", "2026-11-21"),
        ("20261121160509", "2026-11-21T16:05:09"),
        // RFC 2822 and its relatives.
        ("Mon, 29 Mar 1993 11:57:19 GMT", "1993-03-29T11:57:19Z"),
        ("Mon,  5 Apr 1993 18:40:31 -0400", "1993-04-05T22:40:31Z"),
        ("19 Apr 93 15:01:14 GMT", "1993-04-19T15:01:14Z"),
        ("3 Apr 26 15:01:14", "2026-04-03T15:01:14"),
        ("Thursday, 15 Apr 1993 11:08:26 EDT", "1993-04-15T15:08:26Z"),
        ("28 Apr 1993 09:44 MST", "1993-04-28T16:44:00Z"),
        ("Sun, 18 Apr 93 13:35:23 EDT(-0400)", "1993-04-18T17:35:23Z"),
        ("Thu, 15 Apr 1993 19:10:55 -0700 (PDT)", "1993-04-16T02:10:55Z"),
        ("Wed, 21 Apr 1993 08:28:50 +02", "1993-04-21T06:28:50Z"),
        ("25 Apr 93 00:02:34 GMT+12", "1993-04-24T12:02:34Z"),
        ("Sun Nov 21 16:05:09 2026", "2026-11-21T16:05:09"),
        ("Sun Nov 21 16:05:09 UTC 2026", "2026-11-21T16:05:09Z"),
        ("Sat Nov 21 2026 16:05:09 GMT-0500 (Eastern Standard Time)", "2026-11-21T21:05:09Z"),
        ("Sat, 21 Nov 2026 16:05:09 -05:00", "2026-11-21T21:05:09Z"),
        ("Feb-26-1987 15:01", "1987-02-26T15:01:00"),
        // Agencies' own.
        ("26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01"),
        (" 1-MAR-1987 01:30:29.50", "1987-03-01T01:30:29"),
        ("27-MAR-1987 13:14:19.81   V RM Y", "1987-03-27T13:14:19"),
        ("31-MAR-1987 605:12:19.12", "1987-03-31"),
        // As papers print it.
        ("Nov 21, 2026 4:05 pm EST", "2026-11-21T21:05:00Z"),
        ("Nov. 21, 2026, 4:05 p.m. ET", "2026-11-21T16:05:00"),
        ("Published: November 21, 2026 at 12:05 AM", "2026-11-21T00:05:00"),
        ("November 21st, 2026 4pm", "2026-11-21T16:00:00"),
        ("November 21, 2026 4 pm", "2026-11-21T16:00:00"),
        ("21 November 2026", "2026-11-21"),
        ("21 November 2026 5 comments", "2026-11-21"),
        ("Sept 3, 2026", "2026-09-03"),
        ("2026/11/21 16:05", "2026-11-21T16:05:00"),
        ("21.11.2026 16:05 CET", "2026-11-21T15:05:00Z"),
        ("11/21/2026", "2026-11-21"),
        ("21/11/2026", "2026-11-21"),
        // Counts.
        ("1795277109", "2026-11-21T16:05:09Z"),
        ("1795277109.5", "2026-11-21T16:05:09Z"),
        ("1795277109123", "2026-11-21T16:05:09Z"),
        ("1795277109123456", "2026-11-21T16:05:09Z"),
        ("-86400", "1969-12-31T00:00:00Z"),
    ];
    for (text, expected) in cases {
        assert_eq!(Published::parse(text).map(|p| p.to_string()).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_is_no_date_or_two_is_none() {
    let cases = [
        "",
        "   ",
        "yesterday",
        "2 hours ago",
        "2026",
        "November 2026",
        "03/04/2026",
        // Found by fuzzing: a sign was taken for a digit of the year.
        "20/6/-811",
        "20/6/+811",
        "+811/6/20",
        "31 February 2026",
        "2026-13-01",
        "00000000",
        "0",
        "12345",
        "nan",
        "inf",
        "1e300",
        "99999999999999999999999999",
        "Nov 21, 2026 - Nov 25, 2026",
        "Jane Doe, Nov 21, 2026",
        "16:05",
        "🕓 4",
        "++++",
        "-",
        "a:b:c",
        "0000-00-00 00:00:00",
        // What programs write where they know no date.
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+02:00",
        "0001-01-01",
        "1/1/0001 12:00:00 AM",
        "Mon, 22 Jul 0102 17:26:00 +0000",
        "0126-05-11",
        "-62135596800",
        "1970-01-01T00:00:00Z",
        "1970-01-01 00:00:00",
        "Thu, 01 Jan 1970 00:00:00 GMT",
    ];
    for text in cases {
        assert_eq!(Published::parse(text), None, "{text}");
    }
    assert_eq!(Published::parse(&"1 ".repeat(1 << 20)), None);
}

#[test]
fn counts_since_1970_are_read_in_the_unit_their_size_tells() {
    let instant = "2026-11-21T16:05:09Z";
    for count in [1_795_277_109.0, 1_795_277_109_900.0, 1_795_277_109_900_000.0, 1_795_277_109_900_000_000.0]
    {
        assert_eq!(Published::from_epoch(count).map(|p| p.to_string()).as_deref(), Some(instant), "{count}");
    }
    for count in [0.0, f64::NAN, f64::INFINITY, 1e30] {
        assert_eq!(Published::from_epoch(count), None, "{count}");
    }
}

#[test]
fn the_day_from_which_programs_count_is_a_day() {
    for text in ["1970-01-01", "1970-01-01T00:00:01Z", "1969-12-31T23:59:59"] {
        assert_eq!(Published::parse(text).map(|read| read.to_string()).as_deref(), Some(text));
    }
}
