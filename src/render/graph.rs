//! The derivation graph: who most likely has it from whom.
//!
//! Nodes are the members of clusters, edges go from a parent to the member
//! that derives from it. Node `n7` is the document at place 7 of the report,
//! so that ids of documents, which may hold anything, need no name of their
//! own.

use std::collections::HashMap;

use super::lookup::Lookup;
use crate::report::{Cluster, DocumentEntry, Member, Report};

/// What a cluster graph is made of, in the order of the report.
pub(super) struct Graph<'r> {
    pub(super) nodes: Vec<Node<'r>>,
    pub(super) edges: Vec<Edge<'r>>,
}

/// A document that is a member of a cluster.
pub(super) struct Node<'r> {
    pub(super) number: usize,
    pub(super) document: &'r DocumentEntry,
    /// Its primary membership, else its first.
    pub(super) cluster: &'r Cluster,
    /// Its place in the list of clusters.
    pub(super) cluster_number: usize,
    pub(super) member: &'r Member,
}

/// A member and its parent.
pub(super) struct Edge<'r> {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) cluster: &'r Cluster,
    pub(super) member: &'r Member,
    /// How sure it is that the parent was there first: by the pair of the two, or as
    /// the origin of the cluster; nothing where nothing says so.
    pub(super) confidence: Option<f64>,
}

impl<'r> Graph<'r> {
    pub(super) fn new(report: &'r Report) -> Self {
        let numbers: HashMap<&str, usize> =
            report.documents.iter().enumerate().map(|(at, document)| (document.id.as_str(), at)).collect();
        let lookup = Lookup::new(report);
        let mut memberships: Vec<Node<'r>> = Vec::new();
        let mut edges = Vec::new();
        for (cluster_number, cluster) in report.clusters.iter().enumerate() {
            for member in &cluster.members {
                let Some(&number) = numbers.get(member.document.as_str()) else { continue };
                let document = &report.documents[number];
                memberships.push(Node { number, document, cluster, cluster_number, member });
                let Some(parent) = member.parent.as_deref() else { continue };
                let Some(&from) = numbers.get(parent) else { continue };
                let confidence =
                    confidence(&lookup, parent, &member.document).or_else(|| of_origin(cluster, parent));
                edges.push(Edge { from, to: number, cluster, member, confidence });
            }
        }
        memberships.sort_by_key(|node| (node.number, !node.member.primary, node.cluster_number));
        memberships.dedup_by_key(|node| node.number);
        Self { nodes: memberships, edges }
    }
}

/// How sure it is that the parent was first of all.
fn of_origin(cluster: &Cluster, parent: &str) -> Option<f64> {
    (cluster.origin.document.as_deref() == Some(parent)).then_some(cluster.origin.confidence)
}

fn confidence(lookup: &Lookup<'_>, parent: &str, child: &str) -> Option<f64> {
    let direction = &lookup.pair(parent, child)?.pair.direction;
    let from = direction.from.as_deref()?;
    (lookup.twin(from) == lookup.twin(parent)).then_some(direction.confidence)
}

/// What stands for a character that a format cannot hold.
pub(super) const UNWRITABLE: char = '\u{FFFD}';
