//! Stories that outlets carry: who had them from whom, when, how changed, and
//! what they say of it.
//!
//! Each story is one original document of the input, given to an invented
//! outlet or to an agency as its publisher, and 2 to 39 copies by others. An
//! origin may bring out up to two further versions; a copy takes the newest
//! version of its time or an older one, or is a copy of a copy. What an outlet
//! does to a text ([`edits`]), when ([`times`]) and what it says ([`claims`])
//! are drawn apart from each other. Labels follow from the drawn tree alone.

mod claims;
mod edits;
mod labels;
mod times;

use std::collections::BTreeSet;

use serde::Serialize;
use wirecopy::attribute::credit::find_credits;

use self::claims::Claims;
pub(crate) use self::labels::StoryLabels;
use self::times::Stamping;
use super::outlets::{draw_time, outlets, read_time};
use super::rng::{self, Rng};
use super::{Plan, Record, copies, survey, words};

/// Fewest and most outlets of a story, its origin among them.
const OUTLETS: (usize, usize) = (3, 40);

/// Copies that are taken from another copy, in per cent.
const CHAINED_PERCENT: usize = 20;

/// Copies of a story with several versions that take the newest there is; the
/// others are frozen at an older one.
const NEWEST_PERCENT: usize = 75;

/// Stories whose origin brings out a second version, and of these a third.
const UPDATED_PERCENT: usize = 30;
const UPDATED_AGAIN_PERCENT: usize = 40;

/// Stories under an embargo, and the direct copies that appear as it lifts.
const EMBARGOED_PERCENT: usize = 10;
const AT_THE_LIFT_PERCENT: usize = 60;

/// Stories whose origin is not in the collection.
const WITHHELD_PERCENT: usize = 10;

/// Origins that are agencies rather than outlets.
const AGENCY_PERCENT: usize = 50;

/// Ids that a story may take of each kind.
const STRIDE: usize = 64;

/// Copies under another title.
const RETITLED_PERCENT: usize = 50;

/// Agencies by the name in credits and by their domain.
const AGENCIES: [(&str, &str); 6] = [
    ("Reuters", "reuters.com"),
    ("AP", "apnews.com"),
    ("AFP", "afp.com"),
    ("UPI", "upi.com"),
    ("Kyodo", "kyodonews.net"),
    ("dpa", "dpa.com"),
];

/// Hours from UTC that publishers keep; several share one.
const ZONES_H: [i8; 10] = [-8, -6, -5, -5, -5, 0, 0, 1, 2, 9];

/// What to plant of stories.
#[derive(Clone, Debug)]
pub(crate) struct StoryPlan {
    /// Stories, at most.
    pub(crate) stories: usize,
    /// Whether all stamps are dates without a time, or a fifth of them.
    pub(crate) has_dates_only: bool,
}

/// A publisher of stories.
#[derive(Clone, Debug)]
pub(crate) struct Publisher {
    name: String,
    domain: String,
    is_agency: bool,
    zone_h: i8,
    gives_dates_only: bool,
}

/// One document of a story.
#[derive(Clone, Debug)]
struct Issue {
    id: String,
    publisher: usize,
    parent: Option<usize>,
    /// Which version of the origin, counted from 1; nothing for copies.
    version: Option<usize>,
    title: String,
    /// What a later version begins with.
    note: &'static str,
    /// The text without credit lines.
    body: String,
    claims: Claims,
    /// When it was published, in seconds since 1970.
    second: i64,
    /// Whether it appeared as an embargo lifted: its stamp is that minute.
    is_scheduled: bool,
    url: String,
}

/// A document as it stands in the feed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Article {
    #[serde(flatten)]
    record: Record,
    #[serde(flatten)]
    metadata: claims::Metadata,
}

/// A feed of stories and what is true of it.
#[derive(Debug)]
pub(crate) struct Syndicated {
    pub(crate) documents: Vec<Article>,
    pub(crate) labels: StoryLabels,
}

/// Makes stories of `input` as the two plans say.
///
/// # Errors
///
/// If the originals do not suffice for one story.
pub(crate) fn syndicate(input: &[Record], plan: &Plan, stories: &StoryPlan) -> Result<Syndicated, String> {
    let (mut pool, _) = survey(input, plan);
    // What is credited by nature would contradict the invented publishers.
    let mut originals = Vec::new();
    while let Some((index, is_clean)) = pool.take() {
        let text = own_words(&input[index].text);
        if is_clean && words::count_tokens(text) >= plan.min_tokens && find_credits(text).is_empty() {
            originals.push(index);
        }
    }
    // Four stories to a donor of paragraphs is plenty: they are drawn anew.
    let donors = originals.split_off(originals.len() - originals.len() / 5);
    if originals.is_empty() || donors.is_empty() {
        return Err(format!("no original of {} tokens or more is unlike all others", plan.min_tokens));
    }
    let publishers = publishers(plan.sources.max(OUTLETS.1 + 1), stories.has_dates_only);
    let vocabulary = words::vocabulary(originals.iter().map(|&index| input[index].text.as_str()));
    let donated: Vec<&str> = donors.iter().map(|&index| own_words(&input[index].text)).collect();
    let teller = Teller { plan, publishers: &publishers, vocabulary: &vocabulary, donated: &donated };
    let mut feed = Syndicated { documents: Vec::new(), labels: StoryLabels::default() };
    for (number, &index) in originals.iter().take(stories.stories).enumerate() {
        let rng = &mut Rng::new(plan.seed, "story", number);
        let issues = teller.story(&input[index], number, rng);
        let withheld = rng.chance(WITHHELD_PERCENT);
        let is_kept = |issue: &Issue| !withheld || issue.version.is_none();
        feed.labels.add(&issues, &publishers, is_kept);
        for issue in issues.iter().filter(|issue| is_kept(issue)) {
            feed.documents.push(teller.article(issue, rng));
        }
    }
    Rng::new(plan.seed, "order", 0).shuffle(&mut feed.documents);
    Ok(feed)
}

/// A text without the agency's signature at its end.
fn own_words(text: &str) -> &str {
    let text = text.trim();
    let last = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_signature = matches!(last.to_lowercase().as_str(), "reuter" | "reuters" | "upi" | "ap");
    if is_signature { text[..text.len() - last.len()].trim_end() } else { text }
}

fn publishers(count: usize, has_dates_only: bool) -> Vec<Publisher> {
    let outlets = outlets(count).into_iter().map(|outlet| (outlet.name, outlet.domain, false));
    let agencies = AGENCIES.iter().map(|(name, domain)| ((*name).to_owned(), (*domain).to_owned(), true));
    (outlets.chain(agencies).enumerate())
        .map(|(number, (name, domain, is_agency))| Publisher {
            name,
            domain,
            is_agency,
            // 3 and 7 are prime to ten and five: all zones, and every fifth.
            zone_h: ZONES_H[(number * 3) % ZONES_H.len()],
            gives_dates_only: has_dates_only || (number * 7) % 5 == 2,
        })
        .collect()
}

/// Tells stories.
struct Teller<'t> {
    plan: &'t Plan,
    publishers: &'t [Publisher],
    vocabulary: &'t [String],
    donated: &'t [&'t str],
}

impl Teller<'_> {
    fn story(&self, record: &Record, number: usize, rng: &mut Rng) -> Vec<Issue> {
        let agencies = self.publishers.len() - AGENCIES.len()..self.publishers.len();
        let own = if rng.chance(AGENCY_PERCENT) {
            agencies.start + rng.below(agencies.len())
        } else {
            rng.below(agencies.start)
        };
        let mut others: Vec<usize> = (0..agencies.start).filter(|&other| other != own).collect();
        rng.shuffle(&mut others);
        others.truncate(outlets_of_a_story(rng) - 1);
        let is_embargoed = rng.chance(EMBARGOED_PERCENT);
        let mut issues = self.versions(record, own, number, is_embargoed, rng);
        let versions = issues.len();
        for publisher in others {
            let place = issues.len();
            let issue = self.copy((&issues, versions), publisher, is_embargoed, number * STRIDE + place, rng);
            issues.push(issue);
        }
        issues
    }

    /// The origin, and what its publisher made of it later.
    fn versions(
        &self,
        record: &Record,
        own: usize,
        number: usize,
        is_embargoed: bool,
        rng: &mut Rng,
    ) -> Vec<Issue> {
        let second = record.published.as_deref().and_then(read_time).unwrap_or_else(|| draw_time(rng));
        let body = own_words(&record.text).to_owned();
        let title = record.title.clone().filter(|title| !title.trim().is_empty());
        let id = self.id("story", number * STRIDE);
        let first = Issue {
            url: format!("https://www.{}/{id}", self.publishers[own].domain),
            id,
            publisher: own,
            parent: None,
            version: Some(1),
            title: title.unwrap_or_else(|| copies::invented_headline(&body, rng)),
            note: "",
            body,
            claims: claims::of_origin(&self.publishers[own], rng),
            second: second.interval().0 / 60 * 60,
            is_scheduled: is_embargoed,
        };
        let mut versions = vec![first];
        if rng.chance(UPDATED_PERCENT) {
            versions.push(self.update(&versions, number, rng));
            if rng.chance(UPDATED_AGAIN_PERCENT) {
                versions.push(self.update(&versions, number, rng));
            }
        }
        versions
    }

    fn update(&self, versions: &[Issue], number: usize, rng: &mut Rng) -> Issue {
        let last = versions.last().expect("there is a first version");
        let version = versions.len() + 1;
        let id = self.id("story", number * STRIDE + OUTLETS.1 + version);
        let donated = rng.pick(self.donated);
        let revised = edits::revise((&versions[0].title, &last.body), version, donated, rng);
        // Half of the publishers keep the address of a page that changes.
        let url = if rng.chance(50) {
            last.url.clone()
        } else {
            format!("https://www.{}/{id}", self.publishers[last.publisher].domain)
        };
        Issue {
            id,
            parent: Some(versions.len() - 1),
            version: Some(version),
            title: revised.title,
            note: revised.note,
            body: revised.body,
            second: last.second + times::update_lag_s(rng),
            is_scheduled: false,
            url,
            ..last.clone()
        }
    }

    fn copy(
        &self,
        (issues, versions): (&[Issue], usize),
        publisher: usize,
        is_embargoed: bool,
        key: usize,
        rng: &mut Rng,
    ) -> Issue {
        let is_chained = issues.len() > versions && rng.chance(CHAINED_PERCENT);
        let at_the_lift = !is_chained && is_embargoed && rng.chance(AT_THE_LIFT_PERCENT);
        let lag_s = if at_the_lift { rng.below(60) as i64 } else { times::lag_s(rng) };
        let (parent, second) = if is_chained {
            let parent = rng.between(versions, issues.len() - 1);
            (parent, issues[parent].second + lag_s)
        } else {
            let second = issues[0].second + lag_s;
            let newest = issues[..versions].iter().rposition(|version| version.second <= second).unwrap_or(0);
            let parent = if rng.chance(NEWEST_PERCENT) { newest } else { rng.below(newest + 1) };
            (parent, second)
        };
        let from = &issues[parent];
        let id = self.id("copy", key);
        let body = edits::edit(&from.body, (self.vocabulary, rng.pick(self.donated)), rng);
        let title = if rng.chance(RETITLED_PERCENT) {
            copies::invented_headline(&from.body, rng)
        } else {
            edits::plain_title(&from.title).to_owned()
        };
        let url = format!("https://www.{}/{id}", self.publishers[publisher].domain);
        let of_story: BTreeSet<usize> = issues.iter().map(|issue| issue.publisher).collect();
        let scene = claims::Scene {
            publishers: self.publishers,
            of_story: &of_story,
            own: publisher,
            from: (&self.publishers[from.publisher], &from.claims, &from.url),
            origin: (&self.publishers[issues[0].publisher], &issues[0].url),
        };
        let claims = claims::of_copy(&scene, rng);
        Issue {
            id,
            publisher,
            parent: Some(parent),
            version: None,
            title,
            note: "",
            body,
            claims,
            second,
            is_scheduled: at_the_lift,
            url,
        }
    }

    fn article(&self, issue: &Issue, rng: &mut Rng) -> Article {
        let publisher = &self.publishers[issue.publisher];
        let stamping = Stamping {
            zone_h: publisher.zone_h,
            is_date: publisher.gives_dates_only,
            is_scheduled: issue.is_scheduled,
        };
        let Claims { prefix, suffix, metadata } = &issue.claims;
        Article {
            record: Record {
                id: issue.id.clone(),
                text: format!("{}{prefix}{}{suffix}", issue.note, issue.body),
                title: Some(issue.title.clone()),
                source: Some(publisher.domain.clone()),
                published: Some(times::stamp(issue.second, stamping, rng)),
                url: Some(issue.url.clone()),
            },
            metadata: metadata.clone(),
        }
    }

    /// An id that tells neither who was first nor whose it is.
    fn id(&self, task: &str, index: usize) -> String {
        rng::id(self.plan.seed, task, index)
    }
}

/// Between three and forty, each doubling as likely: most stories stay small.
fn outlets_of_a_story(rng: &mut Rng) -> usize {
    let (least, most) = OUTLETS;
    let steps = (most / least).ilog2() as usize + 1;
    let low = least << rng.below(steps);
    rng.between(low, (2 * low - 1).min(most)).min(most)
}
