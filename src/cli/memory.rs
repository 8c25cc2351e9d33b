//! `--memory`: how much a run may take, by what was typed or by what is free.

use std::path::PathBuf;

use super::log;
use super::shared_args::MemoryArgs;
use crate::collection::Collection;
use crate::error::Error;
use crate::spill::documents::Spooler;
use crate::spill::gathered::{Allowance, Gathered};
use crate::spill::{MIN_BUDGET, Spill};

/// What is typed for no budget.
const UNLIMITED: &str = "unlimited";

/// Of the memory that is free when a run begins, the part that it takes where
/// nothing was typed: other work goes on beside it.
const PART_OF_FREE: u64 = 2;

/// How much memory a run may take.
#[derive(Debug)]
pub(super) enum Memory {
    /// A budget that was set: what grows with the input goes to files at once.
    Budget(Spill),
    /// What the machine has; documents go to files where there are too many.
    Free(Allowance),
}

impl Memory {
    /// As typed.
    pub(super) fn of(args: &MemoryArgs) -> Result<Self, Error> {
        let folder = args.temp_dir.clone().unwrap_or_else(std::env::temp_dir);
        match args.memory.as_deref() {
            Some(UNLIMITED) => Ok(Self::Free(Allowance::Unlimited)),
            Some(size) => Spill::try_new(bytes(size)?, &folder).map(Self::Budget),
            None => Ok(Self::Free(allowance(free(), folder))),
        }
    }

    /// What takes documents as far as that is allowed.
    pub(super) fn gathered(&self) -> Gathered {
        match self {
            Self::Budget(spill) => Gathered::spooled(Spooler::new(spill)),
            Self::Free(allowance) => Gathered::new(allowance.clone()),
        }
    }

    /// The budget that a run on these documents kept to, if it did; one that is kept
    /// in a folder has its documents in a file without one.
    pub(super) fn kept_to(&self, corpus: Collection<'_>, is_kept: bool) -> Option<u64> {
        match self {
            Self::Budget(spill) => Some(spill.budget()),
            Self::Free(_) if is_kept => None,
            Self::Free(_) => corpus.spill().map(Spill::budget),
        }
    }

    /// The budget that was set.
    pub(super) fn budget(&self) -> Option<&Spill> {
        match self {
            Self::Budget(spill) => Some(spill),
            Self::Free(_) => None,
        }
    }
}

/// Says that documents went to files though no budget was set.
pub(super) fn remark_on_files(spill: &Spill) {
    let budget = spill.budget() >> 20;
    log::remark(&format!(
        "there is much to hold, so texts and what is found go to temporary files, as with \
         --memory {budget}M; --temp-dir says where, --memory unlimited holds all"
    ));
}

/// What a run may take of so many bytes that are free; where that is not known, as
/// much as it needs.
fn allowance(free: Option<u64>, folder: PathBuf) -> Allowance {
    free.map_or(Allowance::Unlimited, |free| Allowance::UpTo(MIN_BUDGET.max(free / PART_OF_FREE), folder))
}

/// Bytes that the machine, or the group of processes that this one is in, can give
/// without taking from others. Files that were read count as free in either.
fn free() -> Option<u64> {
    let mut system = sysinfo::System::new().ok()?;
    system.refresh_memory();
    let of_group =
        system.cgroup_limits().map_or(u64::MAX, |limits| limits.total_memory.saturating_sub(limits.rss));
    Some(system.available_memory().min(of_group)).filter(|&free| free > 0)
}

/// A number of bytes as typed: `256M`, `2G`, `1048576`.
fn bytes(text: &str) -> Result<u64, Error> {
    let wrong = || {
        let range = "a number of bytes, one with K, M, G or T behind it, such as 256M or 2G, or unlimited";
        Error::param("memory", text.into(), range.into())
    };
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let shift = match unit {
        "" => 0,
        "K" | "k" => 10,
        "M" | "m" => 20,
        "G" | "g" => 30,
        "T" | "t" => 40,
        _ => return Err(wrong()),
    };
    number.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        let cases = [
            ("256M", Some(256 << 20)),
            (" 2g ", Some(2 << 30)),
            ("1048576", Some(1 << 20)),
            ("64k", Some(64 << 10)),
            ("1T", Some(1 << 40)),
            ("", None),
            ("M", None),
            ("1.5G", None),
            ("-1", None),
            ("2GB", None),
            ("99999999999T", None),
        ];
        for (text, expected) in cases {
            assert_eq!(bytes(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn where_nothing_is_typed_half_of_what_is_free_is_taken() {
        let taken = |free| match allowance(free, "folder".into()) {
            Allowance::UpTo(bytes, _) => Some(bytes),
            Allowance::Unlimited => None,
        };
        assert_eq!(taken(Some(8 << 30)), Some(4 << 30));
        assert_eq!(taken(Some(1)), Some(MIN_BUDGET));
        assert_eq!(taken(None), None);
        assert!(free().is_some_and(|free| free > 1 << 20));
    }

    #[test]
    fn what_is_typed_counts() {
        let memory =
            |memory: &str| Memory::of(&MemoryArgs { memory: Some(memory.to_owned()), temp_dir: None });
        assert!(matches!(memory("unlimited"), Ok(Memory::Free(Allowance::Unlimited))));
        assert_eq!(memory("64M").expect("a budget").budget().map(Spill::budget), Some(64 << 20));
        assert!(memory("64 apples").is_err());
    }
}
