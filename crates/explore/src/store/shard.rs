//! A part of the runs, for one of several machines.

use serde::{Deserialize, Serialize};
use std::{fmt, ops::Range, str::FromStr};

/// Part `index` of `of`, counted from 1.
///
/// # Examples
/// ```
/// use explore::store::Shard;
///
/// let shard: Shard = "2/3".parse().unwrap();
/// assert_eq!(shard.of_runs(10), 3..6);
/// assert!("5/4".parse::<Shard>().unwrap_err().contains("1/4 to 4/4"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Shard {
    index: u64,
    of: u64,
}

impl Shard {
    /// The most parts.
    pub const MOST: u64 = 1_000_000;

    /// Its number, from 1.
    pub fn index(self) -> u64 {
        self.index
    }

    /// How many there are.
    pub fn of(self) -> u64 {
        self.of
    }

    /// Its runs among so many; empty where there are more shards than runs.
    pub fn of_runs(self, runs: u64) -> Range<u64> {
        let until = |index: u64| (u128::from(runs) * u128::from(index) / u128::from(self.of)) as u64;
        until(self.index - 1)..until(self.index)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is no shard; write i/n, as 3/16 for the third of sixteen");
        let (index, of) = text.split_once('/').ok_or_else(wrong)?;
        let number = |text: &str| text.trim().parse::<u64>().map_err(|_| wrong());
        let (index, of) = (number(index)?, number(of)?);
        if of == 0 || of > Self::MOST {
            return Err(format!("'{text}': there are 1 to {} shards", Self::MOST));
        }
        if index == 0 || index > of {
            return Err(format!("'{text}': shards of {of} are 1/{of} to {of}/{of}"));
        }
        Ok(Self { index, of })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shards_are_a_partition_of_the_runs_into_parts_alike(runs in 0u64..100_000, of in 1u64..200) {
            let mut next = 0;
            for index in 1..=of {
                let part = Shard { index, of }.of_runs(runs);
                prop_assert_eq!(part.start, next);
                prop_assert!(part.end - part.start <= runs / of + 1);
                next = part.end;
            }
            prop_assert_eq!(next, runs);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "3", "0/4", "5/4", "1/0", "-1/4", "a/b", "1/4/2", "1/99999999999"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
