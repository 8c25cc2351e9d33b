//! The sample feed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use wirecopy::eval::{
    ClusterMeasures, DerivationMeasures, DirectionMeasures, Measures, PairMeasures, SpanMeasures, TruthKind,
};
use wirecopy::report::{Cluster, Member, Report, Role, Verdict};

use crate::support::feed::{self, evaluation};
use crate::support::floors::Floors;

/// Every pair of copies or versions is found.
const PAIR_RECALL: f64 = 1.0;

/// Of the documents of true clusters, none is put with another cluster's.
const LABELLED_PAIR_PRECISION: f64 = 1.0;

/// Footers, quotations and the market template unite nothing.
const MAX_WRONG_PAIRS: u64 = 0;

/// Per byte, of repeats and of the passage in the round-up.
const SPAN_F1: f64 = 0.99;

/// Of the directions told.
const DIRECTION_ACCURACY: f64 = 1.0;

/// Of the eleven labelled directions, one copy is dated to the day.
const MAX_UNDETERMINED: u64 = 1;

static REPORT: LazyLock<Report> = LazyLock::new(|| crate::support::scan(&feed::corpus()));

fn in_clusters() -> BTreeSet<&'static str> {
    let members = REPORT.clusters.iter().flat_map(|cluster| &cluster.members);
    members.filter(|member| member.primary).map(|member| member.document.as_str()).collect()
}

#[test]
fn clusters_are_whole_and_nothing_is_wrongly_united() {
    let evaluation = evaluation(&REPORT, TruthKind::Clusters);
    let floors = Floors::new("the clusters of data/feed", &evaluation);
    let Measures::Clusters(ClusterMeasures { labelled_only, outside_as_singletons }) = &evaluation.measures
    else {
        panic!("{evaluation:?}");
    };
    floors.assert_at_least("pair recall", labelled_only.pairs.recall, PAIR_RECALL);
    floors.assert_at_least("pair precision", labelled_only.pairs.precision, LABELLED_PAIR_PRECISION);
    floors.assert_at_least("B-cubed F1", labelled_only.bcubed_f1, LABELLED_PAIR_PRECISION);
    floors.assert_at_least("adjusted Rand index", labelled_only.adjusted_rand_index, LABELLED_PAIR_PRECISION);
    let wrong = outside_as_singletons.pairs.false_positives;
    floors.assert_at_most("wrongly united pairs", wrong, MAX_WRONG_PAIRS);
}

#[test]
fn no_pair_is_wrongly_united() {
    let evaluation = evaluation(&REPORT, TruthKind::Pairs);
    let floors = Floors::new("the pairs of data/feed", &evaluation);
    let Measures::Pairs(PairMeasures { united, wrong, .. }) = &evaluation.measures else {
        panic!("{evaluation:?}");
    };
    floors.assert_at_least("recall in one cluster", united.recall, PAIR_RECALL);
    assert!(wrong.is_empty(), "{wrong:?} are wrongly united");
}

#[test]
fn what_is_no_copy_is_called_by_its_kind() {
    let labels =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/labels/kinds.tsv")).unwrap();
    let mut seen = 0;
    for line in labels.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let expected = match fields[2] {
            "quote" => Verdict::Quotation,
            "boiler" => Verdict::Boilerplate,
            "template" => Verdict::Template,
            "partial" => Verdict::SharesPassage,
            _ => continue,
        };
        let (a, b) = (fields[0].min(fields[1]), fields[0].max(fields[1]));
        let pair = REPORT.pairs.iter().find(|pair| (pair.a.as_str(), pair.b.as_str()) == (a, b));
        assert_eq!(pair.map(|pair| pair.verdict), Some(expected), "{line}");
        seen += 1;
    }
    assert_eq!(seen, 18);
}

#[test]
fn repeats_and_the_copied_passage_are_found_to_the_byte() {
    let evaluation = evaluation(&REPORT, TruthKind::Spans);
    let floors = Floors::new("the spans of data/feed", &evaluation);
    let Measures::Spans(SpanMeasures { passages_by_kind, repeats, unlabelled_repeats, .. }) =
        &evaluation.measures
    else {
        panic!("{evaluation:?}");
    };
    floors.assert_at_least("F1 of repeats", repeats.f1, SPAN_F1);
    floors.assert_at_most("documents with repeats that have none", *unlabelled_repeats, 0);
    let copied = passages_by_kind.iter().find(|score| score.kind.as_deref() == Some("copy"));
    floors.assert_at_least("F1 of the copied passage", copied.unwrap().f1, SPAN_F1);
}

#[test]
fn directions_are_told_where_time_or_credit_tells_them() {
    let evaluation = evaluation(&REPORT, TruthKind::Direction);
    let floors = Floors::new("the directions of data/feed", &evaluation);
    let Measures::Direction(DirectionMeasures { accuracy, undetermined, missing, .. }) = &evaluation.measures
    else {
        panic!("{evaluation:?}");
    };
    floors.assert_at_least("accuracy", *accuracy, DIRECTION_ACCURACY);
    floors.assert_at_most("undetermined directions", *undetermined, MAX_UNDETERMINED);
    floors.assert_at_most("missing directions", *missing, 0);
}

#[test]
fn every_document_hangs_on_the_one_it_was_made_from_and_no_other_does() {
    let evaluation = evaluation(&REPORT, TruthKind::Derivation);
    let floors = Floors::new("the parents of data/feed", &evaluation);
    let Measures::Derivation(DerivationMeasures { children, right, .. }) = &evaluation.measures else {
        panic!("{evaluation:?}");
    };
    assert_eq!(right, children, "{evaluation:?}");
    floors.assert_at_most("parents in labels", *children, 12);
    let members = || REPORT.clusters.iter().flat_map(|cluster| &cluster.members);
    let told = members().filter(|member| member.parent.is_some()).count() as u64;
    assert_eq!(told, *children, "documents without a label have no parent");
    let revisions: Vec<(&str, Option<&str>)> = members()
        .filter(|member| member.role == Role::Revision)
        .map(|member| (member.document.as_str(), member.parent.as_deref()))
        .collect();
    assert_eq!(revisions, [("northwire-0512-ferries-update2", Some("northwire-0511-ferries"))]);
}

#[test]
fn copies_without_a_credit_are_the_labelled_ones() {
    let labels = std::fs::read_to_string("data/labels/uncredited.tsv").unwrap();
    let labelled: BTreeSet<&str> = labels
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('\t').next())
        .collect();
    let copies =
        REPORT.clusters.iter().flat_map(|cluster| &cluster.members).filter(|member| {
            member.primary && member.credited == Some(false) && member.role != Role::Revision
        });
    assert_eq!(copies.map(|member| member.document.as_str()).collect::<BTreeSet<_>>(), labelled);
}

#[test]
fn stories_of_agencies_that_are_not_here_come_from_outside() {
    for (id, agency) in
        [("dunmorrow-0511-meteorite", "Associated Press"), ("brassbridge-0512-merger", "Reuters")]
    {
        let cluster = REPORT.clusters.iter().find(|cluster| cluster.id == id).unwrap();
        assert_eq!(
            (cluster.origin.document.as_deref(), cluster.origin.agency.as_deref()),
            (None, Some(agency))
        );
        let told = format!("credited to {agency}, not in this collection");
        assert!(cluster.origin.evidence.iter().any(|line| line.starts_with(&told)), "{:?}", cluster.origin);
        assert_eq!(cluster.independent_origins, 1);
    }
}

#[test]
fn the_round_up_is_an_excerpt_of_the_story_that_it_carries_and_in_no_cluster_of_its_own() {
    let (agency, round_up) = ("northwire-0511-ferries", "saltmarrow-0512-briefs");
    let pair = REPORT.pairs.iter().find(|pair| (pair.a.as_str(), pair.b.as_str()) == (agency, round_up));
    let pair = pair.expect("the round-up carries two paragraphs of the agency's");
    assert_eq!((pair.verdict, pair.passages.len()), (Verdict::SharesPassage, 1));
    assert!(!in_clusters().contains(round_up));
    let memberships: Vec<(&Cluster, &Member)> = (REPORT.clusters.iter())
        .flat_map(|cluster| cluster.members.iter().map(move |member| (cluster, member)))
        .filter(|(_, member)| member.document == round_up)
        .collect();
    let [(cluster, member)] = memberships[..] else { panic!("{memberships:?}") };
    assert!(cluster.members.iter().any(|member| member.document == agency && member.primary));
    assert_eq!((member.role, member.primary), (Role::Excerpt, false));
    let excerpts = REPORT.clusters.iter().flat_map(|cluster| &cluster.members).filter(|m| !m.primary).count();
    assert_eq!(excerpts, 1, "nothing else is carried");
}

#[test]
fn identical_articles_form_the_one_exact_group() {
    let groups: Vec<&[String]> = REPORT.exact_groups.iter().map(|group| group.documents.as_slice()).collect();
    assert_eq!(groups, [["brassbridge-0512-organ", "halvenpost-0511-organ"]]);
}

#[test]
fn pages_that_share_furniture_quotations_or_a_topic_are_in_no_cluster() {
    let alone = [
        ("footer", "tallow-0511-pool"),
        ("footer", "tallow-0511-obituary"),
        ("footer", "tallow-0512-wrestling"),
        ("footer", "tallow-0512-bridge-toll"),
        ("quotation", "portellan-0511-grandstand"),
        ("quotation", "kestrel-0511-grandstand"),
        ("quotation", "saltmarrow-0512-grandstand"),
        ("topic", "kestrel-0511-drought-rationing"),
        ("topic", "coldwater-0511-drought-orchard"),
        ("topic", "ridgeline-0511-drought-fires"),
        ("topic", "dunmorrow-0512-drought-opinion"),
        ("topic", "fennimarsh-0512-drought-wells"),
        ("topic", "halvenpost-0512-drought-prices"),
        ("topic", "dunmorrow-0512-ferry-commuters"),
        ("headline", "fennimarsh-0511-otters"),
        ("headline", "ridgeline-0512-broadband"),
        ("alone", "skaersund-0511-choir"),
        ("alone", "inkwell-0512-chess"),
        ("alone", "portellan-0512-tram"),
    ];
    let clustered = in_clusters();
    for (shared, id) in alone {
        assert!(REPORT.documents.iter().any(|document| document.id == id), "the feed has no {id}");
        assert!(!clustered.contains(id), "{id} is in a cluster, but shares a {shared} at most");
    }
}

#[test]
fn agencies_and_source_lines_are_credited_where_they_stand() {
    let credits = |id: &str| -> Vec<(&str, &str)> {
        let document = REPORT.documents.iter().find(|document| document.id == id).unwrap();
        let name = |credit: &'static wirecopy::report::Credit| {
            (credit.agency.as_deref().or(credit.outlet.as_deref()).unwrap(), credit.text.as_str())
        };
        document.credits.iter().map(name).collect()
    };
    let source_line = ("www.coldwaterreachdaily.com", "(Source:www.coldwaterreachdaily.com)");
    let cases: [(&str, &[(&str, &str)]); 5] = [
        ("kestrel-0511-meteorite", &[("Associated Press", "(AP)")]),
        ("inkwell-0512-merger", &[("Reuters", "(Reuters)")]),
        ("inkwell-0512-lighthouse", &[source_line, source_line]),
        ("portellan-0512-owls", &[]),
        ("skaersund-0511-choir", &[]),
    ];
    for (id, expected) in cases {
        assert_eq!(credits(id), expected, "{id}");
    }
}
