//! Ensembles on disk: which inputs vary, what is read from each run, whose model it is, and where the runs are kept.
//!
//! | to | see |
//! |---|---|
//! | choose what varies | `exploration/factors.rs` |
//! | name what is read from a run of the world | `exploration/output.rs` |
//! | run the world | `exploration/world_model.rs` |
//! | describe a model of one's own | `exploration/space.rs` |
//! | run it | `exploration/own_model.rs` |
//! | begin, go on with and finish a folder | `exploration/place.rs` |
//! | see at a glance what came out | `exploration/summary.rs` |
//!
//! The runs themselves are kept by [`explore::store`], which reads them back as a table.

mod factors;
mod output;
mod own_model;
mod place;
mod space;
mod summary;
mod world_model;

use explore::{
    design::{DesignError, Kind, Scheme},
    store::{Shard, StoreError},
};
use units::{Problem, Problems};

pub use factors::{Camps, Factors};
pub use output::{Reading, default_outputs};
pub use own_model::OwnModel;
pub use place::{Begun, Place};
pub use space::{SCHEMA as SPACE_SCHEMA, Space};
pub use summary::{Failures, Quantiles, Summary};
pub use world_model::WorldModel;

/// What is asked for, whoever's model it is.
#[derive(Clone, Debug)]
pub struct Request {
    /// The design.
    pub design: Kind,
    /// The most runs; the design takes as many of them as it can use.
    pub runs: u64,
    /// Whether Saltelli's design is to give second-order indices.
    pub second_order: bool,
    /// Seed of every draw.
    pub seed: u64,
    /// The part of the runs that is wanted; none for all.
    pub shard: Option<Shard>,
    /// Patterns of the inputs that vary; none for all that can.
    pub inputs: Vec<String>,
    /// Whether sources that disagree are an input like others.
    pub camps: Camps,
}

impl Request {
    /// The design over so many inputs.
    fn scheme(&self, factors: &Factors) -> Result<Scheme, Problems> {
        let dimensions = factors.dimensions();
        if dimensions == 0 {
            return Err(Problem::new("nothing_varies", "no input varies: there is nothing to explore").into());
        }
        if let Some((first, second)) = factors.correlated().filter(|_| !self.design.takes_correlations()) {
            let message = format!(
                "{} moves one input while the others stand still, but '{first}' and '{second}' go together; use \
                 monte-carlo, latin-hypercube or sobol, or leave one of them out by --inputs",
                self.design
            );
            return Err(Problem::new("correlated_inputs", message).key("--design").into());
        }
        let bad = |error: DesignError| Problem::new("bad_design", error.message).key("--runs");
        let scheme = if self.second_order {
            Scheme::fit_second_order(self.design, self.runs, dimensions, self.seed)
        } else {
            Scheme::fit(self.design, self.runs, dimensions, self.seed)
        };
        let scheme = scheme.map_err(bad)?;
        scheme.points(dimensions).map_err(bad)?;
        Ok(scheme)
    }
}

/// What keeps runs from being written or read, as a problem of the user's.
pub fn problem(error: &StoreError) -> Problem {
    let problem = Problem::new(error.code, error.message.clone()).file(&error.file);
    match error.line {
        Some(line) => problem.line(line),
        None => problem,
    }
}

/// Whether a name matches a pattern, in which `*` stands for any letters and `?` for one.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    fn rest(pattern: &[u8], name: &[u8]) -> bool {
        match (pattern.first(), name.first()) {
            (None, None) => true,
            (Some(b'*'), _) => rest(&pattern[1..], name) || (!name.is_empty() && rest(pattern, &name[1..])),
            (Some(b'?'), Some(_)) => rest(&pattern[1..], &name[1..]),
            (Some(wanted), Some(letter)) if wanted == letter => rest(&pattern[1..], &name[1..]),
            _ => false,
        }
    }
    rest(pattern.as_bytes(), name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_a_shell_has_them() {
        for (pattern, name, wanted) in [
            ("*", "", true),
            ("chip_*", "chip_life_years", true),
            ("*_years", "chip_life_years", true),
            ("c?ip*", "chip", true),
            ("chip", "chips", false),
            ("*life*", "chip_life_years", true),
            ("?", "", false),
        ] {
            assert_eq!(matches(pattern, name), wanted, "{pattern} {name}");
        }
    }
}
