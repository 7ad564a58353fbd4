//! A design by name: what a command line or a manifest says, and the points that follow from it.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use super::{Design, DesignError, Factorial, Method, Morris, Saltelli};
use crate::random::Draws;

/// The designs by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Independent points.
    MonteCarlo,
    /// A Latin hypercube.
    LatinHypercube,
    /// A scrambled Sobol' sequence.
    Sobol,
    /// Saltelli's crossings over a scrambled Sobol' sequence.
    Saltelli,
    /// Morris's trajectories.
    Morris,
    /// Every combination of levels.
    Factorial,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::MonteCarlo, Self::LatinHypercube, Self::Sobol, Self::Saltelli, Self::Morris, Self::Factorial];

    /// The name as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::MonteCarlo => "monte-carlo",
            Self::LatinHypercube => "latin-hypercube",
            Self::Sobol => "sobol",
            Self::Saltelli => "saltelli",
            Self::Morris => "morris",
            Self::Factorial => "factorial",
        }
    }

    /// Whether inputs may be correlated: the others move one input while the rest stand still, which correlated
    /// inputs do not.
    pub fn takes_correlations(self) -> bool {
        matches!(self, Self::MonteCarlo | Self::LatinHypercube | Self::Sobol)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = DesignError;

    fn from_str(text: &str) -> Result<Self, DesignError> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| DesignError {
            message: format!("'{text}' is no design; use one of {}", Self::ALL.map(Self::name).join(", ")),
        })
    }
}

/// A design with its number of runs and its seed: enough, with the number of inputs, to lay every point again.
///
/// # Examples
/// A thousand runs at most are 64 samples of Saltelli's design over eight inputs, 10 runs each:
/// ```
/// use explore::design::{Kind, Scheme};
///
/// let scheme = Scheme::fit(Kind::Saltelli, 1_000, 8, 1).unwrap();
/// assert_eq!((scheme.samples, scheme.runs), (64, 640));
/// assert_eq!(scheme.points(8).unwrap().rows(), 640);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    /// The design.
    pub design: Kind,
    /// Runs.
    pub runs: u64,
    /// Base samples of Saltelli's design, trajectories of Morris's; else as many as runs.
    pub samples: u64,
    /// Levels of each input, in a factorial design and in Morris's; else 0 (null in JSON).
    #[serde(with = "crate::absent")]
    pub levels: u32,
    /// Whether Saltelli's design has the samples for second-order indices.
    pub second_order: bool,
    /// Seed of every draw.
    pub seed: u64,
}

impl Scheme {
    /// Levels of Morris's design: four, as in Morris (1991).
    pub const MORRIS_LEVELS: u32 = 4;
    /// The quantiles at which Morris's outermost levels stand: an unbounded distribution has no value at 0 and 1.
    pub const MORRIS_SPAN: (f64, f64) = (0.05, 0.95);

    /// The largest design of at most `runs` runs over `dimensions` inputs.
    ///
    /// # Errors
    /// Fewer runs than the smallest such design has, which is named.
    pub fn fit(design: Kind, runs: u64, dimensions: u32, seed: u64) -> Result<Self, DesignError> {
        Self::fit_with(design, runs, dimensions, seed, false)
    }

    /// The same with the samples for second-order indices (of Saltelli's design only).
    ///
    /// # Errors
    /// As [`Scheme::fit`]; second order of another design.
    pub fn fit_second_order(design: Kind, runs: u64, dimensions: u32, seed: u64) -> Result<Self, DesignError> {
        if design != Kind::Saltelli {
            return Err(DesignError { message: format!("second order belongs to saltelli, not to {design}") });
        }
        Self::fit_with(design, runs, dimensions, seed, true)
    }

    fn fit_with(design: Kind, runs: u64, dimensions: u32, seed: u64, second_order: bool) -> Result<Self, DesignError> {
        let (inputs, mut scheme) =
            (u64::from(dimensions), Self { design, runs, samples: runs, levels: 0, second_order, seed });
        let too_few = |least: u64| DesignError {
            message: format!("{design} over {dimensions} inputs takes at least {least} runs, not {runs}"),
        };
        match design {
            Kind::MonteCarlo | Kind::LatinHypercube | Kind::Sobol => {
                if runs == 0 {
                    return Err(too_few(1));
                }
            }
            Kind::Saltelli => {
                let stride = 2 + if second_order { 2 * inputs } else { inputs };
                let most = runs / stride;
                if most == 0 {
                    return Err(too_few(stride));
                }
                // A power of two: there the sequence is balanced.
                scheme.samples = 1 << most.ilog2();
                scheme.runs = scheme.samples * stride;
            }
            Kind::Morris => {
                scheme.levels = Self::MORRIS_LEVELS;
                scheme.samples = runs / (inputs + 1);
                if scheme.samples == 0 {
                    return Err(too_few(inputs + 1));
                }
                scheme.runs = scheme.samples * (inputs + 1);
            }
            Kind::Factorial => {
                let all = |levels: u64| (0..inputs).try_fold(1u64, |rows, _| rows.checked_mul(levels));
                let fits = |levels: u64| all(levels).is_some_and(|rows| rows <= runs);
                if !fits(2) {
                    let least = all(2).map_or_else(|| format!("2^{inputs}"), |rows| rows.to_string());
                    let message = format!(
                        "factorial over {dimensions} inputs takes at least {least} runs, not {runs}; choose fewer inputs"
                    );
                    return Err(DesignError { message });
                }
                // The root, mended where it was rounded; with no input there is one row whatever the levels.
                let mut levels = (runs as f64).powf(1.0 / inputs.max(1) as f64).min(f64::from(u32::MAX)) as u64;
                while inputs > 0 && levels < u64::from(u32::MAX) && fits(levels + 1) {
                    levels += 1;
                }
                while levels > 2 && !fits(levels) {
                    levels -= 1;
                }
                let levels = levels.max(2);
                scheme.levels = levels as u32;
                scheme.runs = all(levels).unwrap_or(1);
                scheme.samples = scheme.runs;
            }
        }
        Ok(scheme)
    }

    /// The points over `dimensions` inputs.
    ///
    /// # Errors
    /// What the design itself refuses, and a number of runs that is not that of the design.
    pub fn points(&self, dimensions: u32) -> Result<Points, DesignError> {
        let draws = Draws::new(self.seed, 0);
        let spread = |method| Design::new(method, self.runs, dimensions, draws).map(Points::Spread);
        let points = match self.design {
            Kind::MonteCarlo => spread(Method::MonteCarlo)?,
            Kind::LatinHypercube => spread(Method::LatinHypercube)?,
            Kind::Sobol => spread(Method::Sobol)?,
            Kind::Saltelli => {
                let saltelli = Saltelli::new(Method::Sobol, self.samples, dimensions, draws)?;
                Points::Saltelli(if self.second_order { saltelli.second_order() } else { saltelli })
            }
            Kind::Morris => {
                let (low, high) = Self::MORRIS_SPAN;
                Points::Morris(Morris::new(self.samples, self.levels, dimensions, draws)?.within(low, high)?)
            }
            Kind::Factorial => Points::Factorial(Factorial::new(&vec![self.levels; dimensions as usize])?),
        };
        if points.rows() != self.runs {
            let message =
                format!("{} has {} runs over {dimensions} inputs, not {}", self.design, points.rows(), self.runs);
            return Err(DesignError { message });
        }
        Ok(points)
    }
}

/// The points of a design, whichever it is.
#[derive(Clone, Debug)]
pub enum Points {
    /// Monte Carlo, a Latin hypercube, Sobol' points.
    Spread(Design),
    /// Saltelli's crossings.
    Saltelli(Saltelli),
    /// Morris's trajectories.
    Morris(Morris),
    /// Every combination of levels.
    Factorial(Factorial),
}

impl Points {
    /// Number of rows.
    pub fn rows(&self) -> u64 {
        match self {
            Self::Spread(design) => design.rows(),
            Self::Saltelli(design) => design.rows(),
            Self::Morris(design) => design.rows(),
            Self::Factorial(design) => design.rows(),
        }
    }

    /// All coordinates of a row, into a buffer of as many entries as there are dimensions.
    ///
    /// # Panics
    /// If the row lies outside the design.
    pub fn fill(&self, row: u64, point: &mut [f64]) {
        match self {
            Self::Spread(design) => design.fill(row, point),
            Self::Saltelli(design) => design.fill(row, point),
            Self::Morris(design) => point.copy_from_slice(&design.point(row)),
            Self::Factorial(design) => point.copy_from_slice(&design.point(row)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_scheme_never_exceeds_what_was_asked_and_lays_as_many_points_as_it_says(
            runs in 1u64..3000, dimensions in 1u32..9, seed: u64, second: bool,
        ) {
            for kind in Kind::ALL {
                let fitted = if second && kind == Kind::Saltelli {
                    Scheme::fit_second_order(kind, runs, dimensions, seed)
                } else {
                    Scheme::fit(kind, runs, dimensions, seed)
                };
                let Ok(scheme) = fitted else { continue };
                prop_assert!((1..=runs).contains(&scheme.runs), "{scheme:?}");
                let points = scheme.points(dimensions).unwrap();
                prop_assert_eq!(points.rows(), scheme.runs);
                let mut point = vec![f64::NAN; dimensions as usize];
                points.fill(scheme.runs - 1, &mut point);
                prop_assert!(point.iter().all(|u| (0.0..1.0).contains(u) && *u > 0.0), "{kind}: {point:?}");
            }
        }
    }

    #[test]
    fn the_least_number_of_runs_is_named() {
        let message = |kind, runs, dimensions| Scheme::fit(kind, runs, dimensions, 1).unwrap_err().message;
        assert!(message(Kind::Saltelli, 9, 8).contains("at least 10 runs, not 9"));
        assert!(message(Kind::Morris, 8, 8).contains("at least 9 runs"));
        assert!(message(Kind::Factorial, 7, 3).contains("at least 8 runs"));
        assert!(message(Kind::Factorial, 1000, 100).contains("2^100"));
        assert!(message(Kind::Sobol, 0, 3).contains("at least 1 runs"));
    }

    #[test]
    fn names_read_back() {
        for kind in Kind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert!("sobl".parse::<Kind>().unwrap_err().message.contains("latin-hypercube"));
    }
}
