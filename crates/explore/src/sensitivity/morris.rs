//! Elementary effects: screening with few runs.
//!
//! The elementary effect of an input is the change of the output over a step of a trajectory, divided by the step (Morris
//! 1991). Over many trajectories its mean mu tells the direction, the mean of its size mu* the importance (Campolongo,
//! Cariboni and Saltelli, Environ. Model. Softw. 22, 2007), and its standard deviation sigma how far the effect depends on
//! where it is: on curvature, or on the other inputs.

use serde::{Deserialize, Serialize};

use super::Estimate;
use crate::design::Morris;
use crate::distribution::standard_normal_quantile;

/// The elementary effects of one input on one output.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// Mean effect, by unit of the span of levels.
    pub mu: f64,
    /// Mean size of the effect; a 95 % interval from its standard error, trajectories being independent.
    pub mu_star: Estimate,
    /// Standard deviation of the effect.
    pub sigma: f64,
}

/// The elementary effects of every input on one output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effects {
    /// By input.
    pub inputs: Vec<Effect>,
    /// Trajectories that were left out because a run of theirs has no finite output.
    pub dropped: u64,
}

/// Elementary effects on each output; an output holds one value a row of the design. `None` with fewer than two whole
/// trajectories.
///
/// # Panics
/// If an output has not one value a row.
///
/// # Examples
/// Of a linear model the effects are the coefficients, everywhere:
/// ```
/// use explore::{Draws, design::Morris, sensitivity::morris};
///
/// let design = Morris::new(10, 4, 2, Draws::new(1, 0)).unwrap();
/// let output = (0..design.rows()).map(|row| { let x = design.point(row); 3.0 * x[0] - x[1] }).collect();
/// let effects = morris::analyse(&design, &[output])[0].clone().unwrap();
/// assert!((effects.inputs[1].mu + 1.0).abs() < 1e-12 && effects.inputs[1].sigma < 1e-12);
/// assert!((effects.inputs[0].mu_star.value - 3.0).abs() < 1e-12);
/// ```
pub fn analyse(design: &Morris, outputs: &[Vec<f64>]) -> Vec<Option<Effects>> {
    outputs.iter().map(|output| analyse_one(design, output)).collect()
}

fn analyse_one(design: &Morris, output: &[f64]) -> Option<Effects> {
    assert_eq!(output.len() as u64, design.rows(), "an output has one value a row of the design");
    let mut effects = vec![Vec::new(); design.dimensions() as usize];
    for (path, trajectory) in output.chunks_exact(design.stride() as usize).zip(0..) {
        if path.iter().all(|value| value.is_finite()) {
            for (effects, (step, upward)) in effects.iter_mut().zip(design.moves(trajectory)) {
                let change = path[step as usize + 1] - path[step as usize];
                effects.push(if upward { change } else { -change } / design.step());
            }
        }
    }
    let whole = effects.first().map_or(0, Vec::len);
    (whole > 1).then(|| Effects {
        inputs: effects.iter().map(|effects| summary(effects)).collect(),
        dropped: design.trajectories() - whole as u64,
    })
}

fn summary(effects: &[f64]) -> Effect {
    let (mu, sigma) = mean_and_sd(effects);
    let sizes: Vec<f64> = effects.iter().map(|effect| effect.abs()).collect();
    let (value, sd) = mean_and_sd(&sizes);
    let half = standard_normal_quantile(0.975) * sd / (effects.len() as f64).sqrt();
    Effect { mu, mu_star: Estimate { value, low: value - half, high: value + half }, sigma }
}

fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Draws;
    use crate::known::{ishigami, morris};

    fn effects<const K: usize>(trajectories: u64, f: impl Fn(&[f64; K]) -> f64) -> Vec<Effect> {
        let design = Morris::new(trajectories, 4, K as u32, Draws::new(5, 0)).unwrap();
        let output = (0..design.rows()).map(|row| f(&design.point(row).try_into().unwrap())).collect();
        analyse(&design, &[output])[0].clone().unwrap().inputs
    }

    /// mu* and sigma over every step that a grid of four levels has: what endless trajectories come to.
    fn exhaustive(input: usize) -> (f64, f64) {
        let mut all = Vec::new();
        for place in 0..32 {
            let mut levels = [place / 8, place / 2 % 4, place % 2];
            levels.rotate_right((input + 1) % 3);
            let from = levels.map(|level| f64::from(level) / 3.0);
            let mut to = from;
            to[input] += 2.0 / 3.0;
            all.push((ishigami(&to) - ishigami(&from)) * 1.5);
        }
        let mean = all.iter().sum::<f64>() / 32.0;
        let sigma = (all.iter().map(|effect| (effect - mean).powi(2)).sum::<f64>() / 32.0).sqrt();
        (all.iter().map(|effect| effect.abs()).sum::<f64>() / 32.0, sigma)
    }

    /// Exact values by exhaustion; beside them the design notes' figures of 1,000 trajectories of another program:
    /// mu* 7.529, 7.875, 5.961, sigma 6.249, 7.878, 8.636.
    #[test]
    fn ishigami_has_its_known_effects() {
        let others = [(7.529, 6.249), (7.875, 7.878), (5.961, 8.636)];
        for (input, effect) in effects(4000, ishigami).iter().enumerate() {
            let (mu_star, sigma) = exhaustive(input);
            assert!((effect.mu_star.value - mu_star).abs() < 0.3, "{input}: {effect:?}, exactly {mu_star}");
            assert!(effect.mu_star.low <= mu_star + 1e-9 && mu_star <= effect.mu_star.high + 1e-9);
            assert!((effect.sigma - sigma).abs() < 0.15, "{input}: {effect:?}, exactly {sigma}");
            // Standard errors of the others' figures: up to 0.2 for mu*, 0.14 for sigma; three of them.
            assert!((mu_star - others[input].0).abs() < 0.6, "{mu_star} {others:?}");
            assert!((sigma - others[input].1).abs() < 0.42, "{sigma} {others:?}");
        }
    }

    /// Morris 1991, figure 1: inputs 1 to 7 with large mu* and sigma, 8 to 10 large and nearly constant, the rest small.
    #[test]
    fn the_function_of_morris_falls_into_his_three_groups() {
        let effects = effects(400, morris);
        let (curved, rest) = effects.split_at(7);
        let (linear, idle) = rest.split_at(3);
        assert!(curved.iter().all(|effect| effect.mu_star.value > 15.0 && effect.sigma > 15.0), "{curved:?}");
        // 2 x 20, plus terms of size 2 x sqrt(19/3) at the most.
        assert!(
            linear.iter().all(|effect| (effect.mu_star.value - 40.0).abs() < 3.0 && effect.sigma < 8.0),
            "{linear:?}"
        );
        assert!(idle.iter().all(|effect| effect.mu_star.value < 8.0), "{idle:?}");
    }

    #[test]
    fn a_failed_run_takes_its_trajectory_with_it() {
        let design = Morris::new(5, 4, 2, Draws::new(5, 0)).unwrap();
        let mut output: Vec<f64> = (0..design.rows()).map(|row| design.point(row)[0]).collect();
        output[4] = f64::INFINITY;
        let effects = analyse(&design, &[output.clone()])[0].clone().unwrap();
        assert_eq!(effects.dropped, 1);
        assert!((effects.inputs[0].mu - 1.0).abs() < 1e-12 && effects.inputs[1].mu_star.value == 0.0);
        assert_eq!(analyse(&design, &[vec![f64::NAN; output.len()]]), [None]);
    }
}
