//! The texts that the report is about.

use crate::document::{Corpus, Document, Span};

pub(in crate::render) const STORY: &str = "HALVERSUND (Meridian) — The port authority of Halversund halted all dredging in \
the outer harbour on Monday after divers found the wreck of a wooden ship that may be three hundred years old.\n\n\
“We expected mud and we found oak,” said harbour master Ilse Brandt. She said the survey vessel Tern had crossed \
the site twice before a sonar image showed the ribs of a hull.\n\nWork on the new ferry berth, which was due to open in \
October, will not resume before archaeologists have measured the find. The delay may cost the town up to 2.4 million \
crowns, according to a first estimate of the council.\n\nFishing boats may pass the site at walking pace until further \
notice.";

const REWRITTEN: &str = "HALVERSUND (Meridian) — The port authority of Halversund stopped all dredging in \
the outer harbour on Monday after divers found the wreck of a wooden ship that may be 300 years old.\n\n\
“We expected mud and we found oak,” said harbour master Ilse Brandt. She said the survey vessel Tern had crossed \
the site twice before a sonar image showed the ribs of a hull.\n\nWork on the new ferry berth will not resume before \
archaeologists have measured the find. The delay may cost the town up to 2.4 million crowns, according to a first \
estimate of the council.\n\nFishing boats may pass the site at walking pace until further notice. Anglers on the mole \
told the Courier they had long known of “the old lady”.";

const BLOG: &str = "Six things we learned from the council budget, in one table and no jargon at all. The library keeps \
its Saturday hours, the pool does not, and the price of a berth for visiting yachts goes up by a fifth in the new year.";

const EAST: &str = "東京港の浚渫工事は月曜日、木造船の残骸が見つかったため中止された。港湾局によると再開の時期は未定だという。";

pub(super) fn texts() -> Vec<(&'static str, &'static str, String)> {
    let cut = &STORY[..STORY.find("\n\nWork").unwrap()];
    let quoted = &STORY[STORY.find("She said").unwrap()..STORY.find("\n\nFishing").unwrap()];
    let roundup = format!(
        "Also this week: the fair returns to Odde, and the chess club has won again. {quoted} See you on Friday."
    );
    let letter = format!(
        "Sir, I read that {} I shall swim in the harbour.",
        &BLOG[BLOG.find("The library").unwrap()..]
    );
    vec![
        (
            "blog/budget",
            "harbour-blog.example",
            format!("{BLOG}\n{BLOG}\n\nSource: www.coastal-courier.example"),
        ),
        ("courier/77", "coastal-courier.example", REWRITTEN.into()),
        ("courier/77-mobile", "coastal-courier.example", REWRITTEN.to_uppercase()),
        ("daily/404-a", "daily.example", "Page not found".into()),
        ("daily/404-b", "daily.example", "Page not found.".into()),
        ("daily/empty", "daily.example", String::new()),
        ("daily/roundup", "daily.example", roundup),
        ("evening-post/a9", "evening-post.example", cut.replace("HALVERSUND (Meridian) — ", "")),
        ("evening-post/b2", "evening-post.example", letter),
        ("meridian-0231", "meridian.example", STORY.into()),
        ("wan/1", "wan-bao.example", EAST.into()),
        ("wan/2", "xin-bao.example", EAST.replace("月曜日", "五月十一日")),
    ]
}

/// The documents.
pub(in crate::render) fn corpus() -> Corpus {
    let documents = texts().into_iter().map(|(id, source, text)| Document {
        id: id.into(),
        path: "feed.jsonl".into(),
        text,
        source: Some(source.into()),
        ..Document::default()
    });
    Corpus::try_new(documents.collect()).unwrap()
}

pub(super) fn text(id: &str) -> String {
    texts().into_iter().find(|(of, ..)| *of == id).unwrap().2
}

/// From the first `from` to the end of the first `to` behind it.
pub(super) fn span(id: &str, from: &str, to: &str) -> Span {
    let text = text(id);
    let start = text.find(from).unwrap();
    Span::new(start, start + text[start..].find(to).unwrap() + to.len())
}
