//! The names that a condition may use: the `[variables]` of the rule table, `current` and `cls`.

/// A figure: what is compared with thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// Total processing performance [TOPS x bit].
    Tpp,
    /// Performance density [TOPS x bit / mm2].
    Pd,
    /// Total DRAM bandwidth [GB/s].
    DramBw,
    /// Transfer rate over all other interfaces, both directions [GB/s].
    Io,
    /// Bandwidth density of a stand-alone memory stack [GB/s/mm2].
    HbmDensity,
    /// Transistors [1e9].
    TransistorsB,
}

impl Quantity {
    /// How many there are.
    pub const COUNT: usize = 6;

    /// Every figure, in the order of its index.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Tpp, Self::Pd, Self::DramBw, Self::Io, Self::HbmDensity, Self::TransistorsB];

    /// Its name in a condition.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tpp => "tpp",
            Self::Pd => "pd",
            Self::DramBw => "dram_bw",
            Self::Io => "io",
            Self::HbmDensity => "hbm_density",
            Self::TransistorsB => "transistors_b",
        }
    }
}

/// A yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// Designed or marketed for data centres.
    Dc,
    /// The package contains HBM.
    HasHbm,
    /// The purchaser or its ultimate parent is headquartered in Macau or a D:5 country.
    HqD5,
    /// Exported directly from the United States.
    FromUs,
    /// The designer is an approved or authorised one; in no table, so unknown.
    DesignerApproved,
}

impl Flag {
    /// How many there are.
    pub const COUNT: usize = 5;

    /// Every flag, in the order of its index.
    pub const ALL: [Self; Self::COUNT] = [Self::Dc, Self::HasHbm, Self::HqD5, Self::FromUs, Self::DesignerApproved];

    /// Its name in a condition.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dc => "dc",
            Self::HasHbm => "has_hbm",
            Self::HqD5 => "hq_d5",
            Self::FromUs => "from_us",
            Self::DesignerApproved => "designer_approved",
        }
    }
}

/// A word that is compared with quoted words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// The chip's id.
    Chip,
    /// Its vendor.
    Vendor,
    /// `gpu`, `asic`, `soc`, `cpu`, `memory`.
    Kind,
    /// Country of the design house [ISO 3166 alpha-2].
    Origin,
    /// The outcome so far (in a licence block's `when`).
    Current,
    /// The class for which a licence block fires (in its `item`).
    Cls,
}

impl Word {
    /// Every word, in the order of its index.
    pub const ALL: [Self; 6] = [Self::Chip, Self::Vendor, Self::Kind, Self::Origin, Self::Current, Self::Cls];

    /// Its name in a condition.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chip => "chip",
            Self::Vendor => "vendor",
            Self::Kind => "kind",
            Self::Origin => "origin",
            Self::Current => "current",
            Self::Cls => "cls",
        }
    }
}

/// The destination, which is compared with countries and groups.
pub const DEST: &str = "dest";

/// Every name, for suggestions and for the `[variables]` of a rule table.
pub fn all() -> impl Iterator<Item = &'static str> {
    let quantities = Quantity::ALL.into_iter().map(Quantity::name);
    let flags = Flag::ALL.into_iter().map(Flag::name);
    let words = Word::ALL.into_iter().map(Word::name);
    quantities.chain(flags).chain(words).chain([DEST])
}
