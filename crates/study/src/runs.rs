//! `runs.csv`: one row a policy, camp and future: inputs, metrics, votes.

use std::io::{self, Write};
use units::Quarter;
use world::{Trajectory, Variable};

use crate::claims::{Ballot, Future};
use crate::findings::ClaimId;
use crate::reading::{at, total};

/// What each row tells of each bloc: name and how it is read.
const BY_BLOC: [(&str, Variable); 9] = [
    ("value_usd", Variable::Value),
    ("fleet_flop_per_s", Variable::FleetFlop),
    ("fleet_byte_per_s", Variable::FleetByte),
    ("train_flop_per_s", Variable::TrainFlop),
    ("effective_train_flop", Variable::EffectiveTrainFlop),
    ("serve_capacity_tok_per_s", Variable::ServeCapacity),
    ("tokens_used_per_s", Variable::TokensUsed),
    ("service_price_usd_per_mtok", Variable::ServicePrice),
    ("adoption_fraction", Variable::Adoption),
];

/// The numbers of a run's row.
pub fn metrics(run: &Trajectory, (from, horizon): (Quarter, Quarter)) -> Vec<f64> {
    let mut numbers = Vec::with_capacity(BY_BLOC.len() * run.blocs().len());
    for bloc in 0..run.blocs().len() {
        for (_, variable) in BY_BLOC {
            numbers.push(match variable {
                Variable::Value => total(run, variable, bloc, from, horizon),
                _ => at(run, variable, bloc, horizon),
            });
        }
    }
    numbers
}

/// The same of several runs.
pub fn metrics_of(future: &Future<'_>, policies: usize, span: (Quarter, Quarter)) -> Vec<Vec<f64>> {
    (0..policies).map(|policy| metrics(&future.runs[policy], span)).collect()
}

/// Writes the table as results come.
pub struct RunsWriter<'a> {
    out: io::BufWriter<&'a mut (dyn Write + Send)>,
    policies: Vec<String>,
    /// Indices of the inputs that vary in some camp.
    inputs: Vec<usize>,
    /// The claims of the ballots; `None` where a future has no vote of its own.
    claims: Vec<Option<ClaimId>>,
}

impl<'a> RunsWriter<'a> {
    /// Writes the header.
    pub fn new(
        out: &'a mut (dyn Write + Send),
        policies: Vec<String>,
        inputs: &[(usize, String)],
        blocs: &[String],
        claims: Vec<Option<ClaimId>>,
    ) -> io::Result<Self> {
        let mut writer = Self {
            out: io::BufWriter::with_capacity(1 << 16, out),
            policies,
            inputs: inputs.iter().map(|(index, _)| *index).collect(),
            claims,
        };
        write!(writer.out, "policy,camp,future")?;
        for (_, id) in inputs {
            write!(writer.out, ",input:{id}")?;
        }
        for bloc in blocs {
            for (name, _) in BY_BLOC {
                write!(writer.out, ",{name}:{bloc}")?;
            }
        }
        for claim in ClaimId::ALL {
            write!(writer.out, ",{claim}")?;
        }
        writeln!(writer.out)?;
        Ok(writer)
    }

    /// Writes the rows of one future.
    pub fn future(
        &mut self,
        camp: &str,
        row: u64,
        draw: &[f64],
        metrics: &[Vec<f64>],
        ballots: &[&Ballot],
    ) -> io::Result<()> {
        let mut shared = String::new();
        for index in &self.inputs {
            push(&mut shared, draw[*index], 4);
        }
        let mut votes = String::new();
        for claim in ClaimId::ALL {
            votes.push(',');
            if let Some(position) = self.claims.iter().position(|known| *known == Some(claim)) {
                votes.push_str(ballots[position].vote.name());
            }
        }
        for (policy, numbers) in self.policies.iter().zip(metrics) {
            let mut own = String::new();
            for number in numbers {
                push(&mut own, *number, 6);
            }
            writeln!(self.out, "{policy},{camp},{row}{shared}{own}{votes}")?;
        }
        Ok(())
    }

    /// Writes what is buffered.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A number with so many significant digits; nothing where there is none. An input needs few, since the seed gives it
/// in full; metrics need more, since policies differ in small parts of them.
fn push(text: &mut String, value: f64, digits: usize) {
    use std::fmt::Write;
    text.push(',');
    if value.is_finite() {
        let _ = write!(text, "{value:.*e}", digits - 1);
    }
}
