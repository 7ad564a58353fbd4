//! Which runs are of interest.

use explore::statistics::quantile;
use serde::Serialize;
use units::{Problem, Problems, nearest};

use super::Runs;

/// Which runs are of interest.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Interest {
    /// Those in which an alternative has the best value of an output.
    Wins {
        /// The alternative.
        alternative: String,
        /// The output.
        output: String,
        /// Whether less of it is better.
        less_is_better: bool,
    },
    /// Those in which an output of the explained alternative is on one side of a value.
    Side {
        /// The output.
        output: String,
        /// Its unit.
        unit: String,
        /// Whether above the value.
        above: bool,
        /// The value, in the output's unit.
        value: f64,
    },
}

impl Interest {
    /// What was asked for. By default, among alternatives, those in which the one that most often has the best value of the
    /// first output has it; else those in which the first output is in its upper quarter (its lower one, where less is
    /// better).
    pub(super) fn parse(runs: &Runs) -> Result<Self, Problems> {
        let manifest = runs.manifest();
        let first = &manifest.outputs[runs.outputs[0]];
        let less_is_better = runs.less(&first.name);
        let wins = |alternative: &str| Self::Wins {
            alternative: alternative.into(),
            output: first.name.clone(),
            less_is_better,
        };
        let problem = |code, message: String| Problem::new(code, message).key("--interest");
        match &runs.ask.interest {
            None if manifest.alternatives.len() > 1 => {
                let mut counts = vec![0usize; manifest.alternatives.len()];
                for row in &runs.independent {
                    counts[best(runs, runs.outputs[0], *row, less_is_better)] += 1;
                }
                // The first of equal ones.
                let most = (0..counts.len()).rev().max_by_key(|index| counts[*index]).unwrap_or(0);
                Ok(wins(&manifest.alternatives[most]))
            }
            None => {
                let values = runs.pick(runs.table.output(runs.explained, runs.outputs[0]));
                let value = quantile(&values, if less_is_better { 0.25 } else { 0.75 }).unwrap_or(0.0);
                Ok(Self::Side { output: first.name.clone(), unit: first.unit.clone(), above: !less_is_better, value })
            }
            Some(text) => {
                if let Some(alternative) = text.strip_prefix("wins:") {
                    if manifest.alternatives.iter().any(|known| known == alternative) {
                        return Ok(wins(alternative));
                    }
                    let near = nearest(alternative, &manifest.alternatives).into_iter().next();
                    let message = format!("'{alternative}' is none of the alternatives of these runs");
                    let suggestion = near.map(|near| format!("wins:{near}"));
                    return Err(problem("unknown_policy", message).suggest(suggestion).into());
                }
                let side = text
                    .split_once('>')
                    .map(|parts| (true, parts))
                    .or(text.split_once('<').map(|parts| (false, parts)));
                let Some((above, (name, value))) = side else {
                    let message = format!("'{text}' says no runs; write wins:POLICY, OUTPUT>VALUE or OUTPUT<VALUE");
                    return Err(problem("bad_interest", message).into());
                };
                let name = name.trim();
                let Some(output) = manifest.outputs.iter().find(|output| output.name == name) else {
                    let near = nearest(name, manifest.outputs.iter().map(|output| &output.name)).into_iter().next();
                    let message = format!("'{name}' is no output of these runs");
                    return Err(problem("unknown_output", message).suggest(near).into());
                };
                match value.trim().parse::<f64>() {
                    Ok(value) if value.is_finite() => {
                        Ok(Self::Side { output: output.name.clone(), unit: output.unit.clone(), above, value })
                    }
                    _ => Err(problem("bad_interest", format!("'{}' is no finite number", value.trim())).into()),
                }
            }
        }
    }

    /// Whether each independent run is of interest.
    pub(super) fn of(&self, runs: &Runs) -> Vec<bool> {
        match self {
            Self::Wins { alternative, output, less_is_better } => {
                let wanted = runs.manifest().alternatives.iter().position(|known| known == alternative);
                let output = runs.table.output_named(output).unwrap_or(0);
                runs.independent.iter().map(|row| Some(best(runs, output, *row, *less_is_better)) == wanted).collect()
            }
            Self::Side { output, above, value, .. } => {
                let output = runs.table.output_named(output).unwrap_or(0);
                let column = runs.table.output(runs.explained, output);
                runs.independent
                    .iter()
                    .map(|row| if *above { column[*row] > *value } else { column[*row] < *value })
                    .collect()
            }
        }
    }
}

/// The alternative with the best value of an output in a row; the first of equal ones.
fn best(runs: &Runs, output: usize, row: usize, less_is_better: bool) -> usize {
    let value = |alternative: usize| {
        let value = runs.table.output(alternative, output)[row];
        if less_is_better { -value } else { value }
    };
    (0..runs.table.alternatives()).rev().max_by(|a, b| value(*a).total_cmp(&value(*b))).unwrap_or(0)
}
