//! When a figure holds: a day, a month, a quarter, a half-year or a year.

use serde::{Serialize, Serializer};
use std::{fmt, str::FromStr};
use units::{Date, Problem, Quarter};

/// A stretch of the calendar as tables write it: `2025-06-30`, `2025-06`, `2025Q3`, `2025H1`, `2025`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
}

impl Period {
    /// What a getter hands back where it has noted a problem.
    pub(crate) const PLACEHOLDER: Self = Self { first: Date::ZERO, last: Date::ZERO };

    /// The quarter that holds its last day.
    pub fn quarter(self) -> Quarter {
        Quarter::of(self.last)
    }

    /// Days between its middle and a date, whichever comes first [days].
    pub fn days_from(self, date: Date) -> f64 {
        let days = |from: Date| f64::from(date.since(from).map_or(i32::MAX, |span| span.get_days()));
        f64::midpoint(days(self.first), days(self.last)).abs()
    }
}

impl FromStr for Period {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let span = |year: &str, from: i8, months: i8| {
            let year = year.parse::<i16>().ok().filter(|year| (1900..=2200).contains(year))?;
            let first = Date::new(year, from, 1).ok()?;
            let last = Date::new(year, from + months - 1, 1).ok()?.last_of_month();
            Some(Self { first, last })
        };
        let read = || -> Option<Self> {
            if let Some((year, number)) = text.split_once('Q') {
                let number = number.parse::<i8>().ok().filter(|number| (1..=4).contains(number))?;
                return span(year, number * 3 - 2, 3);
            }
            if let Some((year, number)) = text.split_once('H') {
                let number = number.parse::<i8>().ok().filter(|number| (1..=2).contains(number))?;
                return span(year, number * 6 - 5, 6);
            }
            match text.len() {
                4 => span(text, 1, 12),
                7 => {
                    let (year, month) = text.split_once('-')?;
                    span(year, month.parse().ok().filter(|month| (1..=12).contains(month))?, 1)
                }
                10 => text.parse::<Date>().ok().map(|day| Self { first: day, last: day }),
                _ => None,
            }
        };
        read().ok_or_else(|| {
            let message = format!("'{text}' is not a date; write 2025-06-30, 2025-06, 2025Q2, 2025H1 or 2025");
            Problem::new("bad_date", message)
        })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.first.year(), self.first.month());
        let months = i32::from(self.last.month()) - i32::from(month) + 1;
        match months {
            _ if self.first == self.last => write!(f, "{}", self.first),
            1 => write!(f, "{year:04}-{month:02}"),
            3 => write!(f, "{year:04}Q{}", (month + 2) / 3),
            6 => write!(f, "{year:04}H{}", (month + 5) / 6),
            _ => write!(f, "{year:04}"),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_reads_back() {
        for text in ["2025-06-30", "2025-06", "2025Q2", "2025H1", "2025"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn nonsense_is_no_date() {
        for text in ["", "25", "2025Q5", "2025H3", "2025-13", "2025-02-30", "2025-6", "H1", "2025Q1-Q3", "Q2025"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_distance_is_counted_from_the_middle() {
        let june: Period = "2025-06".parse().unwrap();
        assert_eq!(june.days_from("2025-06-01".parse().unwrap()), 14.5);
        assert_eq!(june.quarter(), Quarter::new(2025, 2));
    }
}
