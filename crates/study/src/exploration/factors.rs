//! What varies: inputs by their distributions, and disagreements between sources by their camps.
//!
//! Under [`Camps::Sampled`] each disagreement is an input of its own, `camp:NAME`, whose values 0, 1, ... stand for its
//! camps, each as often as the others: an ensemble is a way to look at all of them, and no camp is given a probability.
//! Values of different camps are never averaged into an input.

use explore::{
    correlation::{Correlations, RankCorrelation},
    design::Points,
    distribution::Form,
    store::Input,
};
use units::{Problem, Problems, nearest};

use super::matches;
use crate::scenario::{Correlation, InputSetting, Shape, Spread};

/// What is done about sources that disagree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Camps {
    /// Each disagreement is an input, its camps alike often.
    #[default]
    Sampled,
    /// The default camps hold.
    Default,
}

/// What varies, in the order of the design's dimensions.
#[derive(Clone, Debug)]
pub struct Factors {
    columns: Vec<Input>,
    /// Where each of the model's inputs comes from.
    sources: Vec<Source>,
    /// Dimension and number of camps of each disagreement that varies.
    disagreements: Vec<(u32, usize)>,
    correlations: Correlations,
    correlated: Option<(String, String)>,
}

/// Where a model input comes from.
#[derive(Clone, Debug)]
struct Source {
    /// Its own dimension, if it varies within some camp.
    dimension: Option<u32>,
    /// The disagreement that decides its shape.
    disagreement: Option<usize>,
    /// Its shape by camp; one where there is no disagreement.
    shapes: Vec<Shape>,
}

impl Factors {
    /// What varies of these inputs.
    ///
    /// # Errors
    /// A pattern that names no input that varies; correlations that contradict one another, or between inputs that do not
    /// vary.
    pub fn new(
        inputs: &[InputSetting],
        correlations: &[Correlation],
        camps: Camps,
        patterns: &[String],
    ) -> Result<Self, Problems> {
        let all = disagreements(inputs, camps);
        let could_vary = |input: &InputSetting| shapes(input, &all).1.iter().any(Shape::varies);
        let names: Vec<String> = inputs
            .iter()
            .filter(|input| could_vary(input))
            .map(|input| input.id.clone())
            .chain(all.iter().map(Disagreement::name))
            .collect();
        let chosen = choose(&names, inputs, patterns)?;
        let mut factors = Self {
            columns: Vec::new(),
            sources: Vec::new(),
            disagreements: Vec::new(),
            correlations: Correlations::default(),
            correlated: None,
        };
        let sampled: Vec<&Disagreement> = all.iter().filter(|known| chosen.contains(&known.name())).collect();
        for input in inputs {
            let (known, mut shapes) = shapes(input, &all);
            let disagreement = known.and_then(|name| sampled.iter().position(|entry| entry.id == name));
            if disagreement.is_none() {
                shapes.truncate(1);
            }
            let varies = chosen.contains(&input.id) && shapes.iter().any(Shape::varies);
            let dimension = varies.then(|| {
                let distribution = (shapes.len() == 1).then(|| shapes[0].form());
                factors.column(&input.id, &input.unit, distribution, Vec::new())
            });
            factors.sources.push(Source { dimension, disagreement, shapes });
        }
        for entry in sampled {
            let levels: Vec<f64> = (0..entry.camps.len()).map(|level| level as f64).collect();
            let form = Form { values: Some(levels), ..Form::of("discrete") };
            let dimension = factors.column(&entry.name(), "", Some(form), entry.camps.clone());
            factors.disagreements.push((dimension, entry.camps.len()));
        }
        factors.correlate(inputs, correlations, &chosen)?;
        Ok(factors)
    }

    fn column(&mut self, name: &str, unit: &str, distribution: Option<Form>, levels: Vec<String>) -> u32 {
        self.columns.push(Input { name: name.into(), unit: unit.into(), distribution, levels });
        self.columns.len() as u32 - 1
    }

    fn correlate(
        &mut self,
        inputs: &[InputSetting],
        correlations: &[Correlation],
        chosen: &[String],
    ) -> Result<(), Problems> {
        let mut wanted = Vec::new();
        for correlation in correlations {
            let mut of = Vec::new();
            // An input that was left out stands still: the others go together without it.
            for id in correlation.inputs.iter().filter(|id| chosen.contains(id)) {
                let index = inputs.iter().position(|input| input.id == *id);
                if let Some(dimension) = index.and_then(|index| self.sources[index].dimension) {
                    of.push((id, dimension));
                }
            }
            for id in &correlation.inputs {
                let still = inputs.iter().find(|input| input.id == *id).is_none_or(|input| {
                    !matches!(&input.spread, Spread::Camps { camps, .. } if camps.iter().any(|(_, shape)| shape.varies()))
                        && !input.spread.default_shape().varies()
                });
                if still {
                    let message = format!("'{id}' does not vary, so that it cannot go together with another input");
                    return Err(Problem::new("bad_correlation", message).key("correlations.inputs").into());
                }
            }
            for (index, (first, one)) in of.iter().enumerate() {
                for (second, other) in &of[index + 1..] {
                    wanted.push(RankCorrelation { dimensions: (*one, *other), rank: correlation.rank });
                    self.correlated.get_or_insert_with(|| ((*first).clone(), (*second).clone()));
                }
            }
        }
        self.correlations = Correlations::new(&wanted)
            .map_err(|error| Problem::new("bad_correlation", error.message).key("correlations"))?;
        Ok(())
    }

    /// The columns of a table of runs.
    pub fn columns(&self) -> &[Input] {
        &self.columns
    }

    /// Dimensions of the design.
    pub fn dimensions(&self) -> u32 {
        self.columns.len() as u32
    }

    /// Two inputs that go together, if any do.
    pub fn correlated(&self) -> Option<(&str, &str)> {
        self.correlated.as_ref().map(|(first, second)| (first.as_str(), second.as_str()))
    }

    /// A run of the design: what each column holds, and what each of the model's inputs is.
    pub fn draw(&self, points: &Points, run: u64) -> (Vec<f64>, Vec<f64>) {
        let mut columns = vec![0.0; self.columns.len()];
        points.fill(run, &mut columns);
        self.correlations.apply(&mut columns);
        let camp = |(dimension, camps): &(u32, usize)| {
            ((columns[*dimension as usize] * *camps as f64) as usize).min(camps.saturating_sub(1))
        };
        let camps: Vec<usize> = self.disagreements.iter().map(camp).collect();
        let mut draw = Vec::with_capacity(self.sources.len());
        for source in &self.sources {
            let shape = &source.shapes[source.disagreement.map_or(0, |disagreement| camps[disagreement])];
            draw.push(match source.dimension {
                Some(dimension) if shape.varies() => {
                    let value = shape.quantile(columns[dimension as usize]);
                    columns[dimension as usize] = value;
                    value
                }
                Some(dimension) => {
                    columns[dimension as usize] = shape.central();
                    shape.central()
                }
                None => shape.central(),
            });
        }
        for ((dimension, _), camp) in self.disagreements.iter().zip(camps) {
            columns[*dimension as usize] = camp as f64;
        }
        (columns, draw)
    }
}

/// A disagreement between sources: its camps, the default first.
struct Disagreement {
    id: String,
    camps: Vec<String>,
}

impl Disagreement {
    fn name(&self) -> String {
        format!("camp:{}", self.id)
    }
}

/// Every disagreement of which more than one camp is to be run.
fn disagreements(inputs: &[InputSetting], camps: Camps) -> Vec<Disagreement> {
    let mut all: Vec<Disagreement> = Vec::new();
    for input in inputs.iter().filter(|_| camps == Camps::Sampled) {
        let Spread::Camps { disagreement, camps, .. } = &input.spread else { continue };
        if input.spread.other_camps().is_empty() {
            continue;
        }
        let index = all.iter().position(|known| known.id == *disagreement).unwrap_or_else(|| {
            all.push(Disagreement { id: disagreement.clone(), camps: Vec::new() });
            all.len() - 1
        });
        for (name, _) in camps {
            if !all[index].camps.contains(name) {
                all[index].camps.push(name.clone());
            }
        }
    }
    all
}

/// An input's disagreement, and its shapes in the order of the disagreement's camps: of a camp that it does not know, the
/// default one.
fn shapes<'a>(input: &'a InputSetting, all: &'a [Disagreement]) -> (Option<&'a str>, Vec<Shape>) {
    if let Spread::Camps { disagreement, camps, .. } = &input.spread
        && !input.spread.other_camps().is_empty()
        && let Some(known) = all.iter().find(|known| known.id == *disagreement)
    {
        let shape = |name: &String| {
            let own = camps.iter().find(|(camp, _)| camp == name).map(|(_, shape)| shape);
            own.unwrap_or_else(|| input.spread.default_shape()).clone()
        };
        return (Some(&known.id), known.camps.iter().map(shape).collect());
    }
    (None, vec![input.spread.default_shape().clone()])
}

/// The names that match a pattern; all of them where there is none.
fn choose(names: &[String], inputs: &[InputSetting], patterns: &[String]) -> Result<Vec<String>, Problems> {
    if patterns.is_empty() {
        return Ok(names.to_vec());
    }
    let mut problems = Problems::default();
    for pattern in patterns {
        if names.iter().any(|name| matches(pattern, name)) {
            continue;
        }
        let problem = if inputs.iter().any(|input| matches(pattern, &input.id)) {
            let message = format!("'{pattern}' does not vary here; it has one value");
            Problem::new("does_not_vary", message)
        } else {
            let near = nearest(pattern, names);
            let hint = if near.is_empty() { String::new() } else { format!("; near it: {}", near.join(", ")) };
            let message = format!("'{pattern}' matches no input that varies{hint}");
            Problem::new("unknown_input", message).suggest(near.into_iter().next())
        };
        problems.push(problem.key("--inputs"));
    }
    let chosen = names.iter().filter(|name| patterns.iter().any(|pattern| matches(pattern, name)));
    problems.check(chosen.cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Chosen;
    use explore::{
        design::{Kind, Scheme},
        statistics::spearman,
    };

    fn one(id: &str, low: f64, high: f64) -> InputSetting {
        let form = Form { low: Some(low), high: Some(high), ..Form::of("uniform") };
        let spread = Spread::One(Shape::read(form).unwrap());
        InputSetting { id: id.into(), unit: "m".into(), source: "test".into(), spread }
    }

    fn fixed(value: f64) -> Shape {
        Shape::read(Form { value: Some(value), ..Form::of("fixed") }).unwrap()
    }

    fn in_camps(id: &str, camps: Vec<(&str, Shape)>) -> InputSetting {
        let camps = camps.into_iter().map(|(name, shape)| (name.to_string(), shape)).collect();
        let spread = Spread::Camps { disagreement: "output".into(), camps, chosen: Chosen::Each };
        InputSetting { spread, ..one(id, 0.0, 1.0) }
    }

    fn inputs() -> Vec<InputSetting> {
        let wide = one("x", 5.0, 9.0).spread.default_shape().clone();
        vec![
            one("length", 1.0, 3.0),
            in_camps("made", vec![("low", fixed(2.0)), ("high", fixed(8.0))]),
            in_camps("sold", vec![("low", fixed(1.0)), ("high", wide)]),
            InputSetting { spread: Spread::One(fixed(4.0)), ..one("still", 0.0, 1.0) },
            one("width", 0.0, 1.0),
        ]
    }

    fn table(factors: &Factors, runs: u64) -> Vec<(Vec<f64>, Vec<f64>)> {
        let points = Scheme::fit(Kind::LatinHypercube, runs, factors.dimensions(), 1).unwrap();
        let points = points.points(factors.dimensions()).unwrap();
        (0..runs).map(|run| factors.draw(&points, run)).collect()
    }

    #[test]
    fn a_disagreement_is_an_input_and_moves_all_that_hang_on_it() {
        let factors = Factors::new(&inputs(), &[], Camps::Sampled, &[]).unwrap();
        let names: Vec<&str> = factors.columns().iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["length", "sold", "width", "camp:output"]);
        assert_eq!(factors.columns()[3].levels, ["low", "high"]);
        let rows = table(&factors, 1000);
        let high = rows.iter().filter(|(columns, _)| columns[3] == 1.0).count();
        assert_eq!(high, 500, "camps alike often");
        for (columns, draw) in &rows {
            assert_eq!((draw[0], draw[4], draw[3]), (columns[0], columns[2], 4.0));
            if columns[3] == 1.0 {
                assert!(draw[1] == 8.0 && (5.0..9.0).contains(&draw[2]) && columns[1] == draw[2]);
            } else {
                assert!(draw[1] == 2.0 && draw[2] == 1.0 && columns[1] == 1.0);
            }
        }
    }

    #[test]
    fn default_camps_leave_nothing_of_the_others() {
        let factors = Factors::new(&inputs(), &[], Camps::Default, &[]).unwrap();
        assert_eq!(factors.dimensions(), 2);
        assert!(table(&factors, 50).iter().all(|(_, draw)| draw[1] == 2.0 && draw[2] == 1.0));
    }

    #[test]
    fn what_is_not_chosen_stands_at_its_centre() {
        let factors = Factors::new(&inputs(), &[], Camps::Sampled, &["wi*".into()]).unwrap();
        assert_eq!(factors.columns().len(), 1);
        assert!(table(&factors, 50).iter().all(|(_, draw)| draw[..4] == [2.0, 2.0, 1.0, 4.0]));
        let unknown = Factors::new(&inputs(), &[], Camps::Sampled, &["widht".into()]).unwrap_err();
        assert_eq!(unknown.0[0].suggestion.as_deref(), Some("width"));
        let still = Factors::new(&inputs(), &[], Camps::Sampled, &["still".into()]).unwrap_err();
        assert_eq!(still.0[0].code, "does_not_vary");
    }

    #[test]
    fn rank_correlations_hold_and_distributions_are_kept() {
        let wanted = [Correlation { inputs: vec!["length".into(), "width".into()], rank: -0.7 }];
        let factors = Factors::new(&inputs(), &wanted, Camps::Sampled, &[]).unwrap();
        let rows = table(&factors, 5000);
        let column = |index: usize| -> Vec<f64> { rows.iter().map(|(columns, _)| columns[index]).collect() };
        let got = spearman(&column(0), &column(2)).unwrap();
        assert!((got + 0.7).abs() < 0.03, "{got}");
        let mean = column(0).iter().sum::<f64>() / 5000.0;
        // A uniform of width 2 has standard deviation 0.577: four standard errors of the mean are 0.033.
        assert!((mean - 2.0).abs() < 0.033, "{mean}");
        assert_eq!(factors.correlated(), Some(("length", "width")));
        let alone = Factors::new(&inputs(), &wanted, Camps::Sampled, &["length".into()]).unwrap();
        assert_eq!(alone.correlated(), None);
        let still = [Correlation { inputs: vec!["length".into(), "still".into()], rank: 0.5 }];
        assert_eq!(Factors::new(&inputs(), &still, Camps::Sampled, &[]).unwrap_err().0[0].code, "bad_correlation");
    }
}
