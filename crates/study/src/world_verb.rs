//! Trajectories of one policy or several side by side: what `downstream world` prints (CONTRACTS, section 7).

use std::io::{self, Write};
use std::sync::atomic::Ordering;
use units::Problems;
use world::Variant;

use crate::bands::{Chosen, Kept, MOST_KEPT};
use crate::ensemble::Watch;
use crate::findings::{PolicySeries, Trajectories};
use crate::ground::Ground;
use crate::sampling::{CampKey, Sampler};

/// Runs the scenario's policies: one future at median inputs, or bands over `futures` of them, default camp.
///
/// `None` where it was cancelled. With more futures than the thousand whose series fit in memory, policies are run one
/// after another and the bands are those of the first thousand.
///
/// # Errors
/// Correlations that contradict one another.
pub fn run(ground: &Ground<'_>, futures: Option<usize>, watch: Watch<'_>) -> Result<Option<Trajectories>, Problems> {
    let scenario = &ground.scenario;
    let rows = futures.unwrap_or(1).max(1);
    let sampler = Sampler::new(scenario, &CampKey::DEFAULT, rows, scenario.run.seed)?;
    let like = ground.world.trajectory();
    let chosen = Chosen::all(&like);
    let rows = (rows as u64).min(MOST_KEPT);
    let in_all = rows * ground.policies.len() as u64;
    let mut policies: Vec<PolicySeries> = Vec::new();
    for (number, prepared) in ground.policies.iter().enumerate() {
        let mut kept = Kept::default();
        let before = number as u64 * rows;
        let one = |row: u64| {
            let draw = if futures.is_some() { sampler.draw(row) } else { sampler.central() };
            let mut run = ground.world.trajectory();
            ground.world.run(&prepared.compiled, &draw, &Variant::default(), &mut run);
            chosen.values(&run)
        };
        let progress = |done: u64| (watch.progress)(before + done, in_all);
        let ended = explore::Ensemble::new(0..rows).progress(&progress).cancel(watch.cancel).run(one, |_, values| {
            kept.push(values);
            Ok::<(), std::convert::Infallible>(())
        });
        if ended.is_ok_and(|ended| ended.cancelled) || watch.cancel.load(Ordering::Relaxed) {
            return Ok(None);
        }
        policies.push(kept.bands(&chosen, &like, &prepared.policy.id, scenario.run.policy_start));
    }
    Ok(Some(Trajectories {
        quarters: like.quarters().to_vec(),
        blocs: like.blocs().to_vec(),
        sectors: like.sectors().to_vec(),
        policies,
    }))
}

/// The trajectories as CSV: `policy,variable,bloc,sector,origin,openness,quarter,unit,p5,p50,p95`.
///
/// # Errors
/// Those of writing.
pub fn write_csv(trajectories: &Trajectories, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new().from_writer(out);
    table.write_record([
        "policy", "variable", "bloc", "sector", "origin", "openness", "quarter", "unit", "p5", "p50", "p95",
    ])?;
    for policy in &trajectories.policies {
        for series in &policy.series {
            for (index, quarter) in trajectories.quarters.iter().enumerate() {
                let text = |value: &Option<String>| value.clone().unwrap_or_default();
                let number = |value: Option<f64>| {
                    value.filter(|value| value.is_finite()).map_or_else(String::new, |value| format!("{value}"))
                };
                let end = |band: &Option<Vec<f64>>| number(band.as_ref().map(|band| band[index]));
                table.write_record([
                    policy.id.clone(),
                    series.variable.clone(),
                    text(&series.bloc),
                    text(&series.sector),
                    text(&series.origin),
                    text(&series.openness),
                    quarter.to_string(),
                    series.unit.clone(),
                    end(&series.p5),
                    number(Some(series.p50[index])),
                    end(&series.p95),
                ])?;
            }
        }
    }
    table.flush()
}
