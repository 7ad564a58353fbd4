//! What could be seen on a day: a view of the tables that refuses what is dated later.
//!
//! Two dates count. What a figure is *about* may never lie after the freeze. When it was *published* is often later:
//! the sales of 2022 were first estimated in 2026. Such a figure is handed out, since the thing itself was there to
//! be seen, and counted as hindsight, so that a test says how many of its inputs nobody had at the time.

use facts::{Figure, Select};
use rules::RuleBook;
use std::cell::Cell;
use units::{Date, Problem, Quarter};

/// Something that is about a stretch of time.
pub trait Dated {
    /// The last day that it is about.
    fn last_day(&self) -> Date;

    /// What to call it in a message.
    fn name(&self) -> String;

    /// Whether it was published only after that day, where known.
    fn published_after(&self, _day: Date) -> bool {
        false
    }
}

impl Dated for Figure {
    fn last_day(&self) -> Date {
        self.period.last
    }

    fn name(&self) -> String {
        self.id()
    }

    fn published_after(&self, day: Date) -> bool {
        self.visible_from.is_some_and(|published| published.first > day)
    }
}

/// A value of a yearly series.
impl Dated for (i32, f64) {
    fn last_day(&self) -> Date {
        Quarter::new(self.0, 4).last_day()
    }

    fn name(&self) -> String {
        format!("the figure of {}", self.0)
    }
}

/// The world as it could be seen on a day.
#[derive(Debug)]
pub struct Vintage {
    /// The last day that may be seen.
    pub sees_until: Date,
    hindsight: Cell<usize>,
}

impl Vintage {
    /// What could be seen at the end of a day.
    pub fn on(sees_until: Date) -> Self {
        Self { sees_until, hindsight: Cell::new(0) }
    }

    /// At the end of a quarter.
    pub fn of(quarter: Quarter) -> Self {
        Self::on(quarter.last_day())
    }

    /// At the end of a year.
    pub fn year(year: i32) -> Self {
        Self::of(Quarter::new(year, 4))
    }

    /// Hands out a datum.
    ///
    /// # Errors
    /// `from_the_future` where it is about a day after the freeze.
    pub fn see<'a, T: Dated>(&self, datum: &'a T) -> Result<&'a T, Problem> {
        if datum.last_day() > self.sees_until {
            let message = format!(
                "{} is dated {}, and this forecast sees nothing after {}",
                datum.name(),
                datum.last_day(),
                self.sees_until
            );
            return Err(Problem::new("from_the_future", message));
        }
        if datum.published_after(self.sees_until) {
            self.hindsight.set(self.hindsight.get() + 1);
        }
        Ok(datum)
    }

    /// All of a series that may be seen; the rest is left out, not refused, since nobody asked for it by name.
    pub fn seen<'a, T: Dated>(&self, series: impl IntoIterator<Item = &'a T>) -> Vec<&'a T> {
        series.into_iter().filter(|datum| self.see(*datum).is_ok()).collect()
    }

    /// The figures of a table that are selected and may be seen.
    pub fn select<'f>(&self, select: &Select<'_>, table: &'f [Figure]) -> Vec<&'f Figure> {
        self.seen(select.from(table))
    }

    /// The figure of a quarter.
    ///
    /// # Errors
    /// `no_data` where the table has none; `from_the_future`.
    pub fn at<'f>(&self, select: &Select<'_>, quarter: Quarter, table: &'f [Figure]) -> Result<&'f Figure, Problem> {
        let found = select.from(table).into_iter().find(|figure| figure.period.quarter() == quarter);
        let missing = || Problem::new("no_data", format!("there is no {} of {quarter}", select.series));
        self.see(found.ok_or_else(missing)?)
    }

    /// The rules as they stood: those of later dates do not exist yet. Days after the freeze are judged by them.
    pub fn book(&self, book: &RuleBook) -> RuleBook {
        let mut then = book.clone();
        then.as_of = then.as_of.min(self.sees_until);
        then
    }

    /// How many figures were handed out that were published only after the freeze.
    pub fn hindsight(&self) -> usize {
        self.hindsight.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::Facts;

    fn history() -> Vec<Figure> {
        Facts::load(None).unwrap().history
    }

    #[test]
    fn a_datum_dated_after_the_freeze_is_refused_by_name() {
        let vintage = Vintage::of(Quarter::new(2023, 4));
        let select = Select { entity: Some("h20-96"), bloc: Some("china"), ..Select::series("chip_sales_units") };
        let problem = vintage.at(&select, Quarter::new(2024, 1), &history()).unwrap_err();
        assert_eq!(problem.code, "from_the_future");
        assert!(problem.message.contains("h20-96") && problem.message.contains("2023-12-31"), "{problem}");
        assert_eq!(vintage.at(&select, Quarter::new(2021, 1), &history()).unwrap_err().code, "no_data");
    }

    #[test]
    fn the_last_day_of_the_freeze_is_seen_and_the_next_is_not() {
        let vintage = Vintage::year(2000);
        assert!(vintage.see(&(2000, 1.0)).is_ok());
        assert_eq!(vintage.see(&(2001, 1.0)).unwrap_err().code, "from_the_future");
        assert_eq!(vintage.seen(&[(1999, 1.0), (2000, 2.0), (2001, 3.0)]).len(), 2);
    }

    #[test]
    fn what_was_published_only_later_is_counted_as_hindsight() {
        let vintage = Vintage::of(Quarter::new(2023, 4));
        let all = history();
        let sales = vintage.select(&Select::series("chip_sales_units"), &all);
        // Sales of 2022 and 2023 were first estimated in 2026.
        assert!(!sales.is_empty() && vintage.hindsight() == sales.len(), "{}", vintage.hindsight());
        let revenue = Vintage::of(Quarter::new(2023, 4));
        assert_eq!(revenue.select(&Select::series("nvidia_data_centre_revenue_usd"), &all).len(), 8);
        assert_eq!(revenue.hindsight(), 0);
    }

    #[test]
    fn rules_of_later_dates_do_not_exist_yet() {
        let vintage = Vintage::of(Quarter::new(2025, 4));
        assert_eq!(vintage.book(&RuleBook::builtin()).as_of, vintage.sees_until);
    }
}
