//! Widely read outlets by their domains, to see what a misspelt one means.
//!
//! The list is `outlets.tsv` beside this file. A look-up compares with the
//! domains of nearly equal length only, each in time linear in its length.

/// Letters from which a label is long enough for one wrong letter to leave no
/// doubt: "cnn" and "cbn" are two outlets, "aljazera" is none.
const MIN_LABEL_LETTERS: usize = 6;

/// The known outlet whose domain is one letter (missing, added, changed or two
/// swapped) away from `domain`; nothing where `domain` is known itself, or
/// where two outlets are as near.
pub fn likely_outlet(domain: &str) -> Option<&'static str> {
    let (label, suffix) = domain.split_once('.')?;
    if label.len() < MIN_LABEL_LETTERS || known().any(|outlet| outlet == domain) {
        return None;
    }
    let mut near = known().filter(|outlet| {
        let parts = outlet.split_once('.');
        parts.is_some_and(|(other, its_suffix)| its_suffix == suffix && is_one_edit(label, other))
    });
    let first = near.next()?;
    near.next().is_none().then_some(first)
}

fn known() -> impl Iterator<Item = &'static str> {
    include_str!("outlets.tsv").lines().filter(|line| !line.starts_with('#'))
}

/// Whether one insertion, deletion, change or swap of neighbours leads from
/// one to the other.
fn is_one_edit(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[..a.len() - suffix], &b[..b.len() - suffix]) {
        ([], [_]) | ([_], []) | ([_], [_]) => true,
        ([x, y], [v, w]) => x == w && y == v,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_one_letter_off_has_a_likely_outlet() {
        let cases = [
            ("aljazera.com", Some("aljazeera.com")),
            ("aljazeeera.com", Some("aljazeera.com")),
            ("aljazeira.com", Some("aljazeera.com")),
            ("aljazeea.com", Some("aljazeera.com")),
            ("aljaezera.com", Some("aljazeera.com")),
            ("aljazeera.com", None),
            ("aljazera.org", None),
            ("aljzera.com", None),
            ("reutesr.com", Some("reuters.com")),
            ("cnm.com", None),
            ("example.com", None),
            ("localhost", None),
        ];
        for (domain, likely) in cases {
            assert_eq!(likely_outlet(domain), likely, "{domain}");
        }
    }

    #[test]
    fn the_list_holds_registrable_domains_once_each() {
        let mut outlets: Vec<_> = known().collect();
        for outlet in &outlets {
            assert_eq!(crate::attribute::source::registrable_domain(outlet).as_deref(), Some(*outlet));
        }
        outlets.dedup();
        assert_eq!(outlets.len(), known().count());
    }
}
