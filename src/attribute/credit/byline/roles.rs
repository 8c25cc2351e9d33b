//! What someone is at an agency: "staff correspondent".

/// Words before and behind an agency that say what someone is there.
const ROLES_BEFORE: [&str; 9] = [
    "the ",
    "The ",
    "Correspondence of ",
    "of the ",
    "Repórter da ",
    "repórter da ",
    "correspondent of ",
    "agence ",
    "Agentur ",
];
const ROLES_BEHIND: [&str; 16] = [
    " staff correspondent",
    " special correspondent",
    " correspondent",
    " staff writers",
    " staff writer",
    " staff reporter",
    " staff",
    " national writer",
    " business writer",
    " sports writer",
    " science writer",
    " medical writer",
    " writers",
    " writer",
    " reporter",
    " bureau",
];

/// The last bytes of all of them.
const ROLE_ENDS: [&[u8; 2]; 5] = [b"nt", b"rs", b"er", b"ff", b"au"];

/// An agency without what someone is there.
pub(super) fn without_role(written: &str) -> &str {
    let may_begin = written.starts_with(['t', 'T', 'C', 'o', 'R', 'r', 'c', 'a', 'A']);
    let before = || ROLES_BEFORE.iter().find_map(|role| written.strip_prefix(role));
    let stripped = may_begin.then(before).flatten().unwrap_or(written);
    // Every role ends with one of these, and few other words do.
    let [.., b1, b2] = stripped.as_bytes() else { return stripped };
    let last = [b1.to_ascii_lowercase(), b2.to_ascii_lowercase()];
    if !ROLE_ENDS.contains(&&last) {
        return stripped;
    }
    let ends = |role: &&&str| {
        let at = stripped.len().checked_sub(role.len()).filter(|&at| stripped.is_char_boundary(at));
        at.is_some_and(|at| stripped[at..].eq_ignore_ascii_case(role))
    };
    ROLES_BEHIND.iter().find(ends).map_or(stripped, |role| &stripped[..stripped.len() - role.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_before_an_agency_is_cut_off() {
        for role in ROLES_BEFORE {
            assert_eq!(without_role(&format!("{role}United Press")), "United Press", "{role}");
        }
    }

    #[test]
    fn every_role_is_cut_off_whatever_its_case() {
        for role in ROLES_BEHIND {
            for written in [format!("United Press{role}"), format!("UNITED PRESS{}", role.to_uppercase())] {
                assert_eq!(without_role(&written).to_uppercase(), "UNITED PRESS", "{role}");
            }
        }
    }
}
