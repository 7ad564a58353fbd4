//! The numbers behind the plots, as tables.

use std::io::{self, Write};

use super::{Analysis, Belief, Leaf, Number};

/// A table's name and what writes it.
type Rows = Vec<Vec<String>>;

impl Analysis {
    /// Every table as CSV text, by file name.
    ///
    /// # Errors
    /// Those of writing, which text in memory does not have.
    pub fn tables(&self) -> io::Result<Vec<(&'static str, String)>> {
        let mut tables = vec![("methods.csv", self.methods()), ("influence.csv", self.influence_rows())];
        if self.influence.iter().any(|one| one.sobol.as_ref().is_some_and(|sobol| !sobol.second.is_empty())) {
            tables.push(("second_order.csv", self.second_order()));
        }
        if let Some(belief) = &self.belief {
            tables.push(("peeling.csv", peeling(belief)));
            tables.push(("boxes.csv", self.boxes(belief)));
            tables.push(("separation.csv", self.separation(belief)));
            tables.push(("stacking.csv", self.stacking(belief)));
            tables.push(("camps.csv", camps(belief)));
            tables.push(("parallel.csv", self.parallel(belief)));
        }
        if self.choice.is_some() {
            tables.push(("regret.csv", self.regret()));
            tables.push(("criteria.csv", self.criteria()));
        }
        tables.into_iter().map(|(name, rows)| Ok((name, csv_text(&rows)?))).collect()
    }

    fn methods(&self) -> Rows {
        let mut rows = head(&["method", "used", "why_not"]);
        rows.extend(self.methods.iter().map(|method| {
            vec![method.id.into(), method.why_not.is_none().to_string(), method.why_not.unwrap_or("").into()]
        }));
        rows
    }

    /// One row an output, input and measure.
    fn influence_rows(&self) -> Rows {
        let mut rows = head(&["output", "input", "measure", "value", "low", "high"]);
        for one in &self.influence {
            for (index, input) in self.inputs.iter().enumerate() {
                let mut add = |measure: &str, found: Option<Number>| {
                    if let Some(found) = found {
                        let texts = [Some(found.value), found.low, found.high].map(number);
                        let names = [one.output.clone(), input.name.clone(), measure.into()];
                        rows.push(names.into_iter().chain(texts).collect());
                    }
                };
                let at = |list: &Option<Vec<Number>>| list.as_ref().map(|list| list[index]);
                let plain = |value: f64| Number { value, low: None, high: None };
                let swing = one.tornado.get(index);
                add("mean_where_low", swing.map(|swing| plain(swing.low)));
                add("mean_where_high", swing.map(|swing| plain(swing.high)));
                add("sobol_first", one.sobol.as_ref().map(|sobol| sobol.first[index]));
                add("sobol_total", one.sobol.as_ref().map(|sobol| sobol.total[index]));
                add("given_first", at(&one.given));
                add("delta", at(&one.delta));
                let pawn = one.pawn.as_ref().and_then(|pawn| pawn[index]);
                add("pawn_median", pawn.map(|pawn| plain(pawn.median)));
                add("pawn_largest", pawn.map(|pawn| plain(pawn.largest)));
                add("pawn_noise", pawn.map(|pawn| plain(pawn.noise)));
                let effect = one.morris.as_ref().map(|morris| morris[index]);
                add("morris_mu", effect.map(|effect| plain(effect.mu)));
                add("morris_mu_star", effect.map(|effect| effect.mu_star));
                add("morris_sigma", effect.map(|effect| plain(effect.sigma)));
            }
        }
        rows
    }

    fn second_order(&self) -> Rows {
        let mut rows = head(&["output", "input", "other_input", "value", "low", "high"]);
        for one in &self.influence {
            for pair in one.sobol.iter().flat_map(|sobol| &sobol.second) {
                let names = [pair.inputs.0, pair.inputs.1].map(|input| self.inputs[input].name.clone());
                let texts = [Some(pair.index.value), pair.index.low, pair.index.high].map(number);
                rows.push(std::iter::once(one.output.clone()).chain(names).chain(texts).collect());
            }
        }
        rows
    }

    /// One row a box, or leaf, and condition.
    fn boxes(&self, belief: &Belief) -> Rows {
        let mut rows = head(&[
            "method",
            "box",
            "coverage",
            "density",
            "mass",
            "runs",
            "of_interest",
            "input",
            "unit",
            "low",
            "high",
            "levels",
            "share_of_runs",
            "quasi_p",
        ]);
        let mut add = |method: &str, leaves: &[Leaf]| {
            for (place, leaf) in leaves.iter().enumerate() {
                let of_leaf = [leaf.coverage, leaf.density, leaf.mass].map(|value| number(Some(value)));
                let mut start = vec![method.to_string(), (place + 1).to_string()];
                start.extend(of_leaf);
                start.extend([leaf.runs.to_string(), leaf.of_interest.to_string()]);
                if leaf.conditions.is_empty() {
                    rows.push(start.iter().cloned().chain(std::iter::repeat_n(String::new(), 7)).collect());
                }
                for condition in &leaf.conditions {
                    let input = &self.inputs[condition.input];
                    let mut row = start.clone();
                    row.extend([input.name.clone(), input.unit.clone(), number(condition.low), number(condition.high)]);
                    row.push(condition.levels.join(" "));
                    row.extend([number(Some(condition.share_of_runs)), number(Some(condition.quasi_p))]);
                    rows.push(row);
                }
            }
        };
        add("prim", &belief.boxes);
        add("cart", &belief.tree);
        rows
    }

    fn separation(&self, belief: &Belief) -> Rows {
        let mut rows = head(&["input", "unit", "distance", "at", "more_above", "p_value"]);
        for (input, one) in self.inputs.iter().zip(&belief.separation) {
            let numbers = [number(Some(one.distance)), number(Some(one.at))];
            let mut row = vec![input.name.clone(), input.unit.clone()];
            row.extend(numbers);
            row.extend([one.above.to_string(), number(Some(one.p_value))]);
            rows.push(row);
        }
        rows
    }

    fn stacking(&self, belief: &Belief) -> Rows {
        let Some(stack) = &belief.stack else { return head(&["share_of_interest"]) };
        let names =
            |inputs: &[usize]| inputs.iter().map(|input| format!("bin_of_{}", self.inputs[*input].name)).collect();
        let mut header: Vec<String> = names(&stack.rows);
        header.extend::<Vec<String>>(names(&stack.columns));
        header.push("share_of_interest".into());
        let mut rows = vec![header];
        let bins = |place: usize| vec![(place / stack.bins + 1).to_string(), (place % stack.bins + 1).to_string()];
        for (row, cells) in stack.cells.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                rows.push(bins(row).into_iter().chain(bins(column)).chain([number(*cell)]).collect());
            }
        }
        rows
    }

    fn parallel(&self, belief: &Belief) -> Rows {
        let mut header: Vec<String> = belief.shown.iter().map(|input| self.inputs[*input].name.clone()).collect();
        header.push("of_interest".into());
        let mut rows = vec![header];
        for (values, interest) in &belief.picture {
            rows.push(values.iter().map(|value| number(Some(*value))).chain([interest.to_string()]).collect());
        }
        rows
    }

    fn regret(&self) -> Rows {
        let mut rows = head(&["alternative", "column", "regret95_fraction"]);
        if let Some(choice) = &self.choice {
            for (alternative, regrets) in choice.alternatives.iter().zip(&choice.regret) {
                for (column, regret) in choice.columns.iter().zip(regrets) {
                    rows.push(vec![alternative.name.clone(), column.clone(), number(Some(*regret))]);
                }
            }
        }
        rows
    }

    fn criteria(&self) -> Rows {
        let mut rows = head(&["alternative", "objective", "criterion", "value"]);
        if let Some(choice) = &self.choice {
            for one in &choice.alternatives {
                let mut add = |objective: &str, criterion: &str, value: Option<f64>| {
                    rows.push(vec![one.name.clone(), objective.into(), criterion.into(), number(value)]);
                };
                for (objective, rating) in choice.objectives.iter().zip(&one.ratings) {
                    add(objective, "mean", Some(rating.mean));
                    add(objective, "low_end_5", Some(rating.low_end));
                    add(objective, "worst", Some(rating.worst));
                    add(objective, "hurwicz_half", Some(rating.hurwicz));
                    add(objective, "mean_variance", Some(rating.mean_variance));
                    add(objective, "signal_to_noise", rating.signal_to_noise);
                    add(objective, "largest_regret", Some(rating.largest_regret));
                }
                add("all", "satisficing_fraction", Some(one.satisficing));
                add("all", "largest_regret_fraction", Some(one.largest_regret));
                add("all", "pareto_of_means", Some(f64::from(u8::from(one.pareto_of_means))));
                add("all", "pareto_of_low_ends", Some(f64::from(u8::from(one.pareto_of_low_ends))));
            }
        }
        rows
    }
}

fn peeling(belief: &Belief) -> Rows {
    let mut rows = head(&["step", "coverage", "density", "mass", "restricted_inputs", "taken"]);
    for (step, peel) in belief.trajectory.iter().enumerate() {
        let numbers = [peel.coverage, peel.density, peel.mass].map(|value| number(Some(value)));
        let mut row = vec![step.to_string()];
        row.extend(numbers);
        row.extend([peel.restricted.to_string(), peel.taken.to_string()]);
        rows.push(row);
    }
    rows
}

fn camps(belief: &Belief) -> Rows {
    let mut rows = head(&["disagreement", "camp", "share_of_interest", "share_of_interest_in_box"]);
    for camp in &belief.camps {
        rows.push(vec![
            camp.disagreement.clone(),
            camp.camp.clone(),
            number(Some(camp.share)),
            number(camp.share_in_box),
        ]);
    }
    rows
}

fn head(names: &[&str]) -> Rows {
    vec![names.iter().map(ToString::to_string).collect()]
}

fn number(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map_or_else(String::new, |value| format!("{value}"))
}

fn csv_text(rows: &Rows) -> io::Result<String> {
    let mut bytes = Vec::new();
    {
        let mut table = csv::WriterBuilder::new().from_writer(&mut bytes as &mut dyn Write);
        for row in rows {
            table.write_record(row)?;
        }
        table.flush()?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
