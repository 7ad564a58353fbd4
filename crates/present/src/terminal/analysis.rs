//! What the runs of an exploration say, in short: what one must believe, the inputs that matter, the choice.

use study::analysis::{Analysis, Influence};

use super::grid::{Grid, Side, heading, paragraph};
use crate::{Style, explore::beliefs};

/// Inputs that are listed for each output.
const LISTED: usize = 5;

/// The beliefs, the inputs that matter most, the policies by regret.
pub fn analysis(analysis: &Analysis, style: &Style) -> String {
    let mut out = heading("What one must believe", style);
    match &analysis.belief {
        Some(belief) => {
            for sentence in beliefs(belief, &analysis.inputs) {
                out.push_str(&paragraph(&sentence, style));
            }
        }
        None => out.push_str(&paragraph("These runs do not say: see the page for the reason.", style)),
    }
    out.push('\n');
    out.push_str(&heading("Inputs that matter most", style));
    let mut grid = Grid::new(
        style,
        &[("output", Side::Left), ("input", Side::Left), ("measure", Side::Left), ("value", Side::Right)],
    );
    for one in &analysis.influence {
        let (measure, sizes) = sizes(one);
        let mut order: Vec<usize> = (0..sizes.len()).filter(|place| sizes[*place].is_finite()).collect();
        order.sort_by(|a, b| sizes[*b].total_cmp(&sizes[*a]));
        for (number, place) in order.into_iter().take(LISTED).enumerate() {
            let output = if number == 0 { one.output.clone() } else { String::new() };
            grid.row(vec![output, analysis.inputs[place].name.clone(), measure.into(), format!("{:.3}", sizes[place])]);
        }
    }
    out.push_str(&grid.text(style));
    if let Some(choice) = &analysis.choice {
        out.push('\n');
        out.push_str(&heading("Regret, all objectives alike, 95th percentile of the futures", style));
        let mut grid = Grid::new(
            style,
            &[("policy", Side::Left), ("regret", Side::Right), ("largest", Side::Right), ("suffices", Side::Right)],
        );
        for (one, regrets) in choice.alternatives.iter().zip(&choice.regret) {
            let regret = regrets.get(choice.objectives.len()).copied().unwrap_or(f64::NAN);
            grid.row(vec![
                one.name.clone(),
                format!("{regret:.3}"),
                format!("{:.3}", one.largest_regret),
                format!("{:.0} %", 100.0 * one.satisficing),
            ]);
        }
        out.push_str(&grid.text(style));
    }
    out
}

/// The best measure that there is of an output's inputs, by input.
fn sizes(one: &Influence) -> (&'static str, Vec<f64>) {
    if let Some(sobol) = &one.sobol {
        return ("total Sobol' index", sobol.total.iter().map(|one| one.value).collect());
    }
    if let Some(given) = &one.given {
        return ("first-order index", given.iter().map(|one| one.value).collect());
    }
    let effects =
        one.morris.as_ref().map_or_else(Vec::new, |morris| morris.iter().map(|one| one.mu_star.value).collect());
    ("mean size of the elementary effect", effects)
}
