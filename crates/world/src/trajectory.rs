//! What a run leaves behind: every variable of CONTRACTS section 7, dense, quarter by quarter.

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
    /// The origin of the model (a bloc), the vendor of the chip, or the published series.
    pub origin: Option<String>,
    /// `open` or `closed`.
    pub openness: Option<&'static str>,
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
    /// Of it, not spent, since nothing could be had [USD].
    pub unspent_usd: f64,
}

/// All series of one run. Made once by [`crate::World::trajectory`] and filled by every run.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    shape: Shape,
    /// Where each variable's first series begins, in series.
    offsets: Vec<usize>,
    values: Vec<f64>,
    /// Accounts by bloc.
    pub accounts: Vec<Accounts>,
    /// The switches of policy that were made: the quarter from which each held, and the policy's id.
    pub switched: Vec<(Quarter, String)>,
}

/// The names along the dimensions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    pub quarters: Vec<Quarter>,
    pub blocs: Vec<String>,
    pub sectors: Vec<String>,
    pub vendors: Vec<String>,
    pub published: Vec<PublishedName>,
}

/// A published series in a trajectory: the variable that it shows, its name and its bloc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedName {
    /// The variable.
    pub variable: Variable,
    /// Its name, such as `firms_of_us`.
    pub name: String,
    /// The bloc that it is about; `None` = the world.
    pub bloc: Option<String>,
}

impl Shape {
    /// Series of a variable.
    fn series(&self, variable: Variable) -> usize {
        let blocs = self.blocs.len() + 1;
        match variable.dimension() {
            Dimension::Bloc => blocs,
            Dimension::BlocSector => blocs * (self.sectors.len() + 1),
            Dimension::BlocOriginOpenness => blocs * self.blocs.len() * 2,
            Dimension::Vendor => self.vendors.len(),
            Dimension::Published => self.of(variable).count(),
        }
    }
}

impl Shape {
    /// The published series of a variable.
    fn of(&self, variable: Variable) -> impl Iterator<Item = &PublishedName> {
        self.published.iter().filter(move |series| series.variable == variable)
    }
}

impl Trajectory {
    pub(crate) fn new(shape: Shape) -> Self {
        let mut offsets = Vec::with_capacity(Variable::ALL.len());
        let mut series = 0;
        for variable in Variable::ALL {
            offsets.push(series);
            series += shape.series(variable);
        }
        let values = vec![0.0; series * shape.quarters.len()];
        let accounts = vec![Accounts::default(); shape.blocs.len()];
        Self { shape, offsets, values, accounts, switched: Vec::new() }
    }

    /// Writes one value; `quarter` counts from the first that is recorded.
    #[inline]
    pub(crate) fn put(&mut self, variable: Variable, index: usize, quarter: usize, value: f64) {
        let length = self.shape.quarters.len();
        self.values[(self.offsets[variable as usize] + index) * length + quarter] = value;
    }

    /// Takes over what another run of the same world left behind, without the names.
    ///
    /// # Panics
    /// Where the other is of another shape.
    pub fn fill(&mut self, other: &Self) {
        self.values.copy_from_slice(&other.values);
        self.accounts.copy_from_slice(&other.accounts);
        self.switched.clone_from(&other.switched);
    }

    /// Every value, for a check of all.
    pub(crate) fn values(&self) -> &[f64] {
        &self.values
    }

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

    /// A variable by bloc alone; `bloc` = [`Trajectory::world`] for the aggregate: the sum of what is counted, the
    /// mean of shares and prices (by product or by tokens), the best of capability and efficiency.
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

    /// The published series that [`Trajectory::published`] knows, by variable.
    pub fn published_names(&self) -> &[PublishedName] {
        &self.shape.published
    }

    /// A variable as a published series shows it; `None` where the variable has no series of that name.
    pub fn published(&self, variable: Variable, name: &str) -> Option<&[f64]> {
        let index = self.shape.of(variable).position(|series| series.name == name)?;
        Some(self.series(variable, index))
    }

    /// The same by its place among the variable's series.
    pub fn published_at(&self, variable: Variable, index: usize) -> &[f64] {
        self.series(variable, index)
    }

    /// The index of a quarter.
    pub fn at(&self, quarter: Quarter) -> Option<usize> {
        self.shape.quarters.iter().position(|known| *known == quarter)
    }

    /// Every series with what it is about, by variable in the order of CONTRACTS section 7, then bloc (`world`
    /// last), sector (all of them together last), origin, openness.
    pub fn all(&self) -> Vec<(SeriesInfo, &[f64])> {
        let mut all = Vec::new();
        for variable in Variable::ALL {
            for index in 0..self.shape.series(variable) {
                all.push((self.info(variable, index), self.series(variable, index)));
            }
        }
        all
    }

    /// Whether chips and money reconcile: chips bought = in use + idle + retired; programmes + science +
    /// enforcement + capital = envelope; capital = spent + unspent; nothing is negative or not a number. A broken
    /// account is a failure of ours.
    ///
    /// # Errors
    /// Which account is broken, and by how much.
    pub fn check_accounts(&self) -> Result<(), String> {
        let close = |what: &str, bloc: &str, a: f64, b: f64| {
            let broken = (a - b).abs() > 1e-6 * a.abs().max(b.abs()).max(1.0);
            if broken { Err(format!("{what} of {bloc} do not reconcile: {a} is not {b}")) } else { Ok(()) }
        };
        for (bloc, account) in self.shape.blocs.iter().zip(&self.accounts) {
            let chips = account.chips_in_use + account.chips_idle + account.chips_retired;
            close("chips", bloc, account.chips_bought, chips)?;
            let uses = account.programme_usd_per_year
                + account.open_science_usd_per_year
                + account.enforcement_usd_per_year
                + account.capital_usd_per_year;
            close("the policy's money", bloc, account.envelope_usd_per_year, uses)?;
            close("AI capital", bloc, account.capex_usd, account.spent_usd + account.unspent_usd)?;
        }
        match self.values().iter().position(|value| !value.is_finite()) {
            None => Ok(()),
            Some(at) => {
                let series = at / self.shape.quarters.len();
                let variable = self.offsets.iter().rposition(|offset| *offset <= series).unwrap_or(0);
                Err(format!("{} is not a number", Variable::ALL[variable].name()))
            }
        }
    }

    /// The series at a place of [`Trajectory::all`], without the names.
    ///
    /// # Panics
    /// Where there are not so many.
    pub fn row(&self, place: usize) -> &[f64] {
        let length = self.shape.quarters.len();
        &self.values[place * length..][..length]
    }

    fn info(&self, variable: Variable, index: usize) -> SeriesInfo {
        let name = |bloc: usize| self.shape.blocs.get(bloc).map_or("world", String::as_str).to_string();
        let mut info = SeriesInfo { variable, bloc: None, sector: None, origin: None, openness: None };
        match variable.dimension() {
            Dimension::Bloc => info.bloc = Some(name(index)),
            Dimension::BlocSector => {
                let sectors = self.shape.sectors.len() + 1;
                info.bloc = Some(name(index / sectors));
                info.sector = Some(self.shape.sectors.get(index % sectors).map_or("all", String::as_str).to_string());
            }
            Dimension::BlocOriginOpenness => {
                let origins = self.shape.blocs.len();
                info.bloc = Some(name(index / (2 * origins)));
                info.origin = Some(name(index / 2 % origins));
                info.openness = Some(if index.is_multiple_of(2) { "closed" } else { "open" });
            }
            Dimension::Vendor => info.origin = Some(self.shape.vendors[index].clone()),
            Dimension::Published => {
                let series = self.shape.of(variable).nth(index);
                info.origin = series.map(|series| series.name.clone());
                info.bloc = series.and_then(|series| series.bloc.clone());
            }
        }
        info
    }

    fn series(&self, variable: Variable, index: usize) -> &[f64] {
        let length = self.shape.quarters.len();
        let start = (self.offsets[variable as usize] + index) * length;
        &self.values[start..start + length]
    }
}
