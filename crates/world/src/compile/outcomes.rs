//! What the rules say of every chip, bloc and quarter.

use rules::{Item, Outcome, RuleBook};

use crate::{blocs::Bloc, catalogue::CatalogueChip, history, tables::GROUPS};

/// Destination weight by outcome, in the order of [`Outcome::ALL`], for each group of destinations.
type Row = [[f64; Outcome::ALL.len()]; GROUPS.len()];

/// The outcomes of all chips, blocs and quarters, equal rows once.
#[derive(Clone, Debug)]
pub(crate) struct Outcomes {
    pub rows: Vec<Row>,
    /// Which of the regimes holds, by quarter since [`history::FIRST`].
    regimes: Vec<u16>,
    /// Row by regime, chip, bloc.
    table: Vec<u16>,
    chips: usize,
    blocs: usize,
}

impl Outcomes {
    /// What a book says of the first quarters.
    pub fn of(book: &RuleBook, chips: &[CatalogueChip], blocs: &[Bloc], quarters: usize) -> Self {
        let (rows, regimes, table) = (Vec::new(), Vec::new(), Vec::new());
        Self { rows, regimes, table, chips: chips.len(), blocs: blocs.len() }.followed_by(book, chips, blocs, quarters)
    }

    /// These quarters, and what a book says of those after them. It is asked once for each stretch of quarters in
    /// which nothing changes, and for one of the countries that its rules do not tell apart.
    pub fn followed_by(&self, book: &RuleBook, chips: &[CatalogueChip], blocs: &[Bloc], quarters: usize) -> Self {
        let mut found = self.clone();
        let items: Vec<Item> = chips.iter().map(|entry| Item::from_chip(&entry.chip)).collect();
        let alike: Vec<Vec<usize>> = blocs
            .iter()
            .map(|bloc| book.alike(&bloc.destinations.iter().map(|(country, ..)| *country).collect::<Vec<_>>()))
            .collect();
        let mut last_regime = None;
        for quarter in self.regimes.len()..quarters {
            let day = (history::FIRST + quarter as i32).last_day();
            // Nothing can change in the outcome of a chip unless a policy's own rule starts or ends, or the table
            // speaks of a later day.
            let own = book.rules.iter().filter(|rule| rule.added);
            let in_force: Vec<bool> = own.map(|rule| rule.effective <= day && !rule.over(day)).collect();
            let regime = (in_force, day.min(book.as_of));
            if last_regime.as_ref() != Some(&regime) {
                for item in &items {
                    for (bloc, alike) in blocs.iter().zip(&alike) {
                        let mut row: Row = [[0.0; Outcome::ALL.len()]; GROUPS.len()];
                        let mut asked = vec![None; bloc.destinations.len()];
                        for ((country, weight, group), first) in bloc.destinations.iter().zip(alike) {
                            let outcome = *asked[*first].get_or_insert_with(|| book.outcome(item, *country, day));
                            row[*group][outcome as usize] += weight;
                        }
                        found.push(&row);
                    }
                }
                last_regime = Some(regime);
            }
            let regimes = found.table.len() / (found.chips * found.blocs).max(1);
            found.regimes.push((regimes - 1) as u16);
        }
        found
    }

    fn push(&mut self, row: &Row) {
        let known = self.rows.iter().position(|other| other == row).unwrap_or_else(|| {
            self.rows.push(*row);
            self.rows.len() - 1
        });
        self.table.push(known as u16);
    }

    /// Whether another regime holds in a quarter than in the one before; always in the first.
    pub fn differ(&self, quarter: usize) -> bool {
        quarter == 0 || self.regime(quarter) != self.regime(quarter - 1)
    }

    /// The regime of a quarter; after the last quarter the last one stays.
    fn regime(&self, quarter: usize) -> usize {
        usize::from(self.regimes[quarter.min(self.regimes.len() - 1)])
    }

    /// The row of a chip, bloc and quarter.
    pub fn row(&self, quarter: usize, chip: usize, bloc: usize) -> usize {
        usize::from(self.table[(self.regime(quarter) * self.chips + chip) * self.blocs + bloc])
    }
}
