//! What documents say of where they come from: credit lines and metadata,
//! right, wrong, or nothing.

use std::collections::BTreeSet;

use serde::Serialize;

use super::super::rng::Rng;
use super::Publisher;

/// Credits that are removed and credits that name somebody else, in per cent.
const REMOVED_PERCENT: usize = 30;
const WRONG_PERCENT: usize = 10;

/// Of the removed ones, those with the copier's own line in their place.
const OWN_LINE_PERCENT: usize = 40;

/// Copies of copies that keep the credit they found, where there is one; the
/// others name the copy.
const KEEPS_FOUND_PERCENT: usize = 60;

/// Documents that say in metadata whom they have the text from, in per cent,
/// and of these such as name somebody else.
const METADATA_PERCENT: usize = 18;
const METADATA_WRONG_PERCENT: usize = 12;

/// Documents that give their own address as their proper one.
const OWN_CANONICAL_PERCENT: usize = 30;

/// Origins that point elsewhere: at a partner, a portal, a sister paper.
const ORIGIN_POINTS_ELSEWHERE_PERCENT: usize = 2;

const CITIES: [&str; 8] = ["LONDON", "WASHINGTON", "PARIS", "TOKYO", "GENEVA", "BRUSSELS", "LIMA", "OSLO"];
const REPORTERS: [&str; 6] =
    ["Ada Brandt", "Tomas Vell", "Ines Okafor", "Jon Harkin", "Mira Solberg", "Lea Marsh"];

/// The fields a reader knows, as documents have them.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Metadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    canonical: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    syndication_source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    based_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<String>,
}

/// What one document says.
#[derive(Clone, Debug, Default)]
pub(super) struct Claims {
    /// Stands before the text.
    pub(super) prefix: String,
    /// Stands behind it.
    pub(super) suffix: String,
    pub(super) metadata: Metadata,
}

/// Who is around when an outlet copies.
pub(super) struct Scene<'s> {
    pub(super) publishers: &'s [Publisher],
    /// Publishers that carry the story already.
    pub(super) of_story: &'s BTreeSet<usize>,
    pub(super) own: usize,
    /// Whom it has the text from, what that one says, and at which address.
    pub(super) from: (&'s Publisher, &'s Claims, &'s str),
    pub(super) origin: (&'s Publisher, &'s str),
}

/// What an origin says: agencies begin with their dateline, outlets at times
/// with a line of their reporter.
pub(super) fn of_origin(own: &Publisher, rng: &mut Rng) -> Claims {
    let mut claims = Claims::default();
    if own.is_agency && rng.chance(80) {
        claims.prefix = dateline(own, rng);
    } else if rng.chance(30) {
        claims.prefix = byline(own, rng);
    }
    if rng.chance(ORIGIN_POINTS_ELSEWHERE_PERCENT) {
        claims.metadata.canonical = Some("https://portal.example/story".to_owned());
    }
    claims
}

/// What a copy says.
pub(super) fn of_copy(scene: &Scene<'_>, rng: &mut Rng) -> Claims {
    let own = &scene.publishers[scene.own];
    let (from, found, _) = scene.from;
    let mut claims = match rng.below(100) {
        drawn if drawn < REMOVED_PERCENT => {
            let line = if rng.chance(OWN_LINE_PERCENT) { byline(own, rng) } else { String::new() };
            Claims { prefix: line, ..Claims::default() }
        }
        drawn if drawn < REMOVED_PERCENT + WRONG_PERCENT => credit_to(someone_else(scene, rng), rng),
        _ => {
            let is_copy_of_copy = from.domain != scene.origin.0.domain;
            let has_found = !(found.prefix.is_empty() && found.suffix.is_empty());
            if is_copy_of_copy && has_found && rng.chance(KEEPS_FOUND_PERCENT) {
                Claims { metadata: Metadata::default(), ..found.clone() }
            } else {
                credit_to(from, rng)
            }
        }
    };
    claims.metadata = metadata(scene, rng);
    claims
}

fn credit_to(whom: &Publisher, rng: &mut Rng) -> Claims {
    let (prefix, suffix) = match rng.below(100) {
        0..55 if whom.is_agency => (dateline(whom, rng), String::new()),
        0..70 => (String::new(), format!("\n(Source: {})", whom.domain)),
        70..85 => (byline(whom, rng), String::new()),
        _ => (String::new(), format!("\nSource: www.{}", whom.domain)),
    };
    Claims { prefix, suffix, ..Claims::default() }
}

/// Another publisher than the one it is from: half of the time one that has
/// the story too.
fn someone_else<'s>(scene: &Scene<'s>, rng: &mut Rng) -> &'s Publisher {
    let is_right = |publisher: &Publisher| {
        publisher.domain == scene.from.0.domain || publisher.domain == scene.origin.0.domain
    };
    let of_story: Vec<usize> =
        scene.of_story.iter().copied().filter(|&at| !is_right(&scene.publishers[at])).collect();
    if !of_story.is_empty() && rng.chance(50) {
        return &scene.publishers[of_story[rng.below(of_story.len())]];
    }
    loop {
        let at = rng.below(scene.publishers.len());
        if at != scene.own && !is_right(&scene.publishers[at]) {
            return &scene.publishers[at];
        }
    }
}

fn metadata(scene: &Scene<'_>, rng: &mut Rng) -> Metadata {
    let mut metadata = Metadata::default();
    if !rng.chance(METADATA_PERCENT) {
        if rng.chance(OWN_CANONICAL_PERCENT) {
            metadata.canonical = Some(format!("https://www.{}/", scene.publishers[scene.own].domain));
        }
        return metadata;
    }
    let (whom, address) = if rng.chance(METADATA_WRONG_PERCENT) {
        let whom = someone_else(scene, rng);
        (whom, format!("https://www.{}/", whom.domain))
    } else {
        (scene.from.0, scene.from.2.to_owned())
    };
    match rng.below(100) {
        0..45 => metadata.canonical = Some(address),
        45..60 => metadata.syndication_source = Some(address),
        60..75 => metadata.based_on = Some(address),
        75..90 => metadata.original_source = Some(whom.domain.clone()),
        _ => metadata.credit = Some(whom.name.clone()),
    }
    metadata
}

fn dateline(agency: &Publisher, rng: &mut Rng) -> String {
    format!("{} ({}) - ", rng.pick(&CITIES), agency.name)
}

fn byline(outlet: &Publisher, rng: &mut Rng) -> String {
    format!("By {}, {}\n", rng.pick(&REPORTERS), outlet.name)
}
