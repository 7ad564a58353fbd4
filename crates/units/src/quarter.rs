//! Calendar quarters.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, ops::Add, str::FromStr};

use crate::Problem;

/// A calendar quarter, written `2026Q1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter(i32);

impl Quarter {
    /// The quarter `number` (1 to 4) of `year`.
    pub const fn new(year: i32, number: i32) -> Self {
        Self(year * 4 + number - 1)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(4)
    }

    /// 1 to 4.
    pub fn number(self) -> i32 {
        self.0.rem_euclid(4) + 1
    }

    /// Quarters from `earlier` to this one; negative where it lies before.
    pub fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// The quarter that holds a date.
    pub fn of(date: Date) -> Self {
        Self::new(i32::from(date.year()), (i32::from(date.month()) - 1) / 3 + 1)
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        let month = (self.number() * 3) as i8;
        Date::new(self.year() as i16, month, 1).map_or(Date::MAX, Date::last_of_month)
    }

    /// Its middle, in years (2026Q1 = 2026.125).
    pub fn mid_year(self) -> f64 {
        f64::from(self.0) / 4.0 + 0.125
    }
}

impl Add<i32> for Quarter {
    type Output = Self;

    fn add(self, quarters: i32) -> Self {
        Self(self.0 + quarters)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Q{}", self.year(), self.number())
    }
}

impl FromStr for Quarter {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let read = || {
            let (year, number) = text.trim().split_once(['Q', 'q'])?;
            let year: i32 = year.parse().ok().filter(|year| (1900..=2200).contains(year))?;
            let number: i32 = number.parse().ok().filter(|number| (1..=4).contains(number))?;
            Some(Self::new(year, number))
        };
        read().ok_or_else(|| Problem::new("bad_quarter", format!("'{text}' is not a quarter; write it as 2026Q1")))
    }
}

impl Serialize for Quarter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quarter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|problem: Problem| serde::de::Error::custom(problem.message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_reads_back_and_counts() {
        let quarter: Quarter = "2025Q4".parse().unwrap();
        assert_eq!((quarter + 1).to_string(), "2026Q1");
        assert_eq!((quarter + 1).since(Quarter::new(2022, 1)), 16);
        assert_eq!(quarter.last_day(), jiff::civil::date(2025, 12, 31));
        assert_eq!(Quarter::of(jiff::civil::date(2025, 12, 31)), quarter);
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "2025", "2025Q0", "2025Q5", "Q1", "20255Q1", "-1Q1"] {
            assert!(text.parse::<Quarter>().is_err(), "{text}");
        }
    }
}
