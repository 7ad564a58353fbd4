//! The registry of uncertain inputs: `data/inputs.csv`.
//!
//! A future is a vector with one number an input, in the order of the registry. Sources that disagree on a
//! quantity stand in rows of different camps of one disagreement (`huawei_output/kessler`,
//! `huawei_output/semianalysis`), which are never averaged: one camp is active at a time.

mod distribution;
mod read;
mod vintage;

use std::path::Path;

use units::{Problem, Problems, Provenance, nearest, read_text};

use crate::tables::Sector;

pub use distribution::Distribution;

/// One view of a quantity on which sources disagree.
#[derive(Clone, Debug, PartialEq)]
pub struct CampView {
    /// The camp, such as `kessler`.
    pub camp: String,
    /// Its distribution.
    pub distribution: Distribution,
    /// Where it is from.
    pub provenance: Provenance,
    /// A remark.
    pub note: Option<String>,
}

/// How a figure was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// Read in a source.
    Measured,
    /// Computed from figures of sources.
    Derived,
    /// Ours, without a source.
    Assumption,
}

impl InputKind {
    /// The word of the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Derived => "derived",
            Self::Assumption => "assumption",
        }
    }
}

/// One input.
#[derive(Clone, Debug, PartialEq)]
pub struct InputSpec {
    /// Its key, such as `chip_learning_rate`.
    pub key: String,
    /// What it is, one sentence.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// The active distribution: that of the active camp, or the only one.
    pub distribution: Distribution,
    /// The disagreement that it belongs to, such as `huawei_output`; `None` = sources do not exclude one another.
    pub disagreement: Option<String>,
    /// The camps' views; empty where there is no disagreement.
    pub camps: Vec<CampView>,
    /// The active camp.
    pub camp: Option<String>,
    /// The camp that is active by default.
    pub camp_default: Option<String>,
    /// The equations that read it, such as `E4`.
    pub equations: Vec<String>,
    /// The claims whose mechanism reads it, such as `C5`.
    pub claims: Vec<String>,
    /// How it was come by.
    pub kind: InputKind,
    /// Where it is from.
    pub provenance: Provenance,
    /// A remark.
    pub note: Option<String>,
}

impl InputSpec {
    /// Whether it varies: otherwise it is held fixed, which the brief lists.
    pub fn is_sampled(&self) -> bool {
        self.distribution.low() < self.distribution.high()
    }
}

/// A disagreement between sources: its camps, the default first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// Its name, such as `china_adoption`.
    pub name: String,
    /// Its camps; the first is the default.
    pub camps: Vec<String>,
}

/// All inputs, in the order of a draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Registry {
    /// The inputs.
    pub inputs: Vec<InputSpec>,
}

impl Registry {
    /// The built-in table, or `inputs.csv` of a folder where it has one.
    ///
    /// # Errors
    /// All problems of the table.
    pub fn load(folder: Option<&Path>) -> Result<Self, Problems> {
        let (file, text) = table_text(folder, "inputs.csv", include_str!("../../../data/inputs.csv"))?;
        Self::of_sectors(&text, &file, &crate::tables::sectors(folder)?)
    }

    /// Reads a table. Its keys must be exactly those that the equations read, of the built-in sectors.
    ///
    /// # Errors
    /// All problems of the table, with line and column.
    pub fn parse(text: &str, file: &str) -> Result<Self, Problems> {
        Self::of_sectors(text, file, &crate::tables::sectors(None)?)
    }

    fn of_sectors(text: &str, file: &str, sectors: &[Sector]) -> Result<Self, Problems> {
        let registry = Self { inputs: read::read(file, text)? };
        crate::parameters::Keys::resolve(&registry, sectors, file)?;
        Ok(registry)
    }

    /// Number of inputs, the length of a draw.
    pub fn len(&self) -> usize {
        self.inputs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty()
    }

    /// Where an input stands in a draw.
    ///
    /// # Errors
    /// `unknown_input` with the nearest key.
    pub fn index(&self, key: &str) -> Result<usize, Problem> {
        self.inputs.iter().position(|input| input.key == key).ok_or_else(|| {
            let near = nearest(key, self.inputs.iter().map(|input| &input.key)).into_iter().next();
            Problem::new("unknown_input", format!("there is no input '{key}'")).key(key).suggest(near)
        })
    }

    /// The draw in which every input has its central value.
    pub fn central(&self) -> Vec<f64> {
        self.inputs.iter().map(|input| input.distribution.central()).collect()
    }

    /// The draw at a point of the unit cube: one number a [`Registry::sampled`] input, in that order; the others
    /// have their central value.
    pub fn draw(&self, unit_cube: &[f64]) -> Vec<f64> {
        let mut uniform = unit_cube.iter();
        self.inputs
            .iter()
            .map(|input| match input.is_sampled().then(|| uniform.next()).flatten() {
                Some(u) => input.distribution.quantile(*u),
                None => input.distribution.central(),
            })
            .collect()
    }

    /// Indices of the inputs that vary.
    pub fn sampled(&self) -> Vec<usize> {
        (0..self.len()).filter(|index| self.inputs[*index].is_sampled()).collect()
    }

    /// Indices of the inputs that are held fixed.
    pub fn held_fixed(&self) -> Vec<usize> {
        (0..self.len()).filter(|index| !self.inputs[*index].is_sampled()).collect()
    }

    /// The disagreements, in order of first appearance.
    pub fn disagreements(&self) -> Vec<Disagreement> {
        let mut found: Vec<Disagreement> = Vec::new();
        for input in &self.inputs {
            if let (Some(name), Some(default)) = (&input.disagreement, &input.camp_default)
                && !found.iter().any(|known| known.name == *name)
            {
                let others = input.camps.iter().map(|view| view.camp.clone()).filter(|camp| camp != default);
                let camps = std::iter::once(default.clone()).chain(others).collect();
                found.push(Disagreement { name: name.clone(), camps });
            }
        }
        found
    }

    /// This registry with one camp active in a disagreement.
    ///
    /// # Errors
    /// An unknown disagreement or camp.
    pub fn with_camp(mut self, disagreement: &str, camp: &str) -> Result<Self, Problem> {
        let known = self.disagreements();
        let Some(found) = known.iter().find(|known| known.name == disagreement) else {
            let near = nearest(disagreement, known.iter().map(|known| &known.name)).into_iter().next();
            let message = format!("there is no disagreement '{disagreement}'");
            return Err(Problem::new("unknown_disagreement", message).suggest(near));
        };
        if !found.camps.iter().any(|known| known == camp) {
            let near = nearest(camp, &found.camps).into_iter().next();
            let message = format!("'{disagreement}' has no camp '{camp}'; it has {}", found.camps.join(", "));
            return Err(Problem::new("unknown_camp", message).suggest(near));
        }
        for input in self.inputs.iter_mut().filter(|input| input.disagreement.as_deref() == Some(disagreement)) {
            if let Some(view) = input.camps.iter().find(|view| view.camp == camp) {
                input.distribution = view.distribution.clone();
                input.provenance = view.provenance.clone();
                input.camp = Some(camp.to_string());
            }
        }
        Ok(self)
    }

    /// This registry with another distribution for one input, in the input's own unit.
    ///
    /// # Errors
    /// An unknown input, or another unit than the registered one.
    pub fn with_distribution(mut self, key: &str, unit: &str, distribution: Distribution) -> Result<Self, Problem> {
        let index = self.index(key)?;
        let input = &mut self.inputs[index];
        if input.unit != unit {
            let message = format!("'{key}' is in '{}', not in '{unit}'", input.unit);
            return Err(Problem::new("wrong_unit", message).key(key).suggest(Some(input.unit.clone())));
        }
        input.distribution = distribution;
        Ok(self)
    }
}

/// The name and text of a table: a user's file of that name, else the embedded one.
pub(crate) fn table_text(
    folder: Option<&Path>,
    name: &str,
    embedded: &'static str,
) -> Result<(String, String), Problems> {
    if let Some(path) = folder.map(|folder| folder.join(name)).filter(|path| path.is_file()) {
        return Ok((path.display().to_string(), read_text(&path)?));
    }
    Ok((format!("data/{name}"), embedded.to_string()))
}
