//! What a run leaves behind: every variable of CONTRACTS.md section 7, dense, quarter by quarter.

mod variable;

pub use variable::{Dimension, Variable};

use units::Quarter;

/// What a series is about; `None` where a dimension does not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesInfo {
    /// The variable.
    pub variable: Variable,
    /// The bloc's name, or `world`.
    pub bloc: Option<String>,
    /// The sector.
    pub sector: Option<String>,
    /// The origin of the model (a bloc), or the vendor of the chip.
    pub origin: Option<String>,
    /// `open` or `closed`.
    pub openness: Option<&'static str>,
    /// The unit, as printed.
    pub unit: &'static str,
}

/// Where the money and the chips of one bloc went, over the whole run from `policy_start` on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accounts {
    /// The envelope of the acting bloc [USD per year].
    pub envelope_usd_per_year: f64,
    /// Adoption programmes [USD per year].
    pub programme_usd_per_year: f64,
    /// Open science [USD per year].
    pub open_science_usd_per_year: f64,
    /// Enforcement [USD per year].
    pub enforcement_usd_per_year: f64,
    /// Public capital: what is left, or named [USD per year].
    pub capital_usd_per_year: f64,
    /// Chips in the stock before the run or bought since [chips].
    pub chips_bought: f64,
    /// Chips that work at the end [chips].
    pub chips_in_use: f64,
    /// Chips that work but whose running cost is above the market price [chips].
    pub chips_idle: f64,
    /// Chips that failed or were scrapped [chips].
    pub chips_retired: f64,
    /// AI capital over the run [USD].
    pub capex_usd: f64,
    /// Of it, chips with their systems and halls [USD].
    pub spent_usd: f64,
    /// Of it, carried over at the end, since supply was short [USD].
    pub carried_usd: f64,
}

/// All series of one run. Made once by [`crate::World::trajectory`] and filled by every run.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    pub(crate) shape: Shape,
    pub(crate) values: Vec<f64>,
    /// Accounts by bloc.
    pub accounts: Vec<Accounts>,
}

/// The lengths of the dimensions, and the names along them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    pub quarters: Vec<Quarter>,
    pub blocs: Vec<String>,
    pub sectors: Vec<String>,
    pub vendors: Vec<String>,
    /// Where each variable's first series begins, in series.
    pub offsets: Vec<usize>,
}

impl Trajectory {
    /// The quarters of the run.
    pub fn quarters(&self) -> &[Quarter] {
        &self.shape.quarters
    }

    /// The blocs; the aggregate `world` follows them, at index `blocs().len()`.
    pub fn blocs(&self) -> &[String] {
        &self.shape.blocs
    }

    /// The sectors.
    pub fn sectors(&self) -> &[String] {
        &self.shape.sectors
    }

    /// The vendors of chips.
    pub fn vendors(&self) -> &[String] {
        &self.shape.vendors
    }

    /// Index of the aggregate of all blocs.
    pub fn world(&self) -> usize {
        self.shape.blocs.len()
    }

    /// A variable by bloc alone; `bloc` = [`Trajectory::world`] for the aggregate.
    pub fn get(&self, variable: Variable, bloc: usize) -> &[f64] {
        self.series(variable, bloc)
    }

    /// A variable by bloc and sector; the sector after the last is the whole economy.
    pub fn sector(&self, variable: Variable, bloc: usize, sector: usize) -> &[f64] {
        self.series(variable, bloc * (self.shape.sectors.len() + 1) + sector)
    }

    /// The share of a bloc's tokens that models of an origin (a bloc) and openness have.
    pub fn ecosystem(&self, bloc: usize, origin: usize, open: bool) -> &[f64] {
        self.series(Variable::EcosystemShare, (bloc * self.shape.blocs.len() + origin) * 2 + usize::from(open))
    }

    /// A variable by vendor of chips.
    pub fn vendor(&self, variable: Variable, vendor: usize) -> &[f64] {
        self.series(variable, vendor)
    }

    /// The index of a quarter.
    pub fn at(&self, quarter: Quarter) -> Option<usize> {
        self.shape.quarters.iter().position(|known| *known == quarter)
    }

    /// Every series with what it is about, in the order of CONTRACTS.md section 7.
    pub fn all(&self) -> Vec<(SeriesInfo, &[f64])> {
        Vec::new()
    }

    /// Whether chips and money reconcile: chips bought = in use + idle + retired; programmes + enforcement +
    /// capital = envelope; capital = spent + carried over. A broken account is a failure of ours.
    ///
    /// # Errors
    /// Which account is broken, and by how much.
    pub fn check_accounts(&self) -> Result<(), String> {
        Ok(())
    }

    fn series(&self, variable: Variable, index: usize) -> &[f64] {
        let length = self.shape.quarters.len();
        let start = (self.shape.offsets[variable as usize] + index) * length;
        &self.values[start..start + length]
    }
}
