//! The questions that are put to a rule book.

use units::{Date, Problem, Warning};

use crate::{
    Answer, Figure, Iso2, Item, Outcome, Query, RuleBook,
    answer::{ChipLine, Metrics, QueryLine, RuleLine, Tariff},
    book::{GroupView, Snapshot},
    confirmation::Confirmation,
    evaluate::{InForce, Verdict, Wanted},
    margins, place,
    predicate::{Flag, Quantity, Scope, Truth, Word},
    rule::Rule,
};

/// What no answer covers.
const NOT_COVERED: [&str; 4] = ["entity list", "end use", "4A090 systems", "other countries"];

/// A query with its places looked up.
struct Resolved<'a> {
    to: Iso2,
    headquarters: Option<Iso2>,
    reexport: bool,
    /// The day on which rules and groups are looked up.
    day: Date,
    snapshot: Option<&'a Snapshot>,
}

impl RuleBook {
    /// The full answer.
    ///
    /// # Errors
    /// An unknown country or snapshot.
    pub fn check(&self, item: &Item, query: &Query) -> Result<Answer, Problem> {
        let resolved = self.resolve(query)?;
        let in_force = self.in_force(item, &resolved);
        let scope = self.scope(item, &resolved);
        let verdict = in_force.verdict(item, &scope, Wanted::OutcomeAndClass);
        let setter = verdict.rule.map(|index| in_force.rules[index]);
        let mut applied: Vec<String> = Vec::new();
        for (rule, _) in &verdict.blocks {
            let id = &in_force.rules[*rule].id;
            if !applied.contains(id) {
                applied.push(id.clone());
            }
        }
        Ok(Answer {
            chip: ChipLine {
                id: item.id.clone(),
                name: item.name.clone(),
                source: item.source,
                confidence: item.confidence,
            },
            query: QueryLine {
                to: resolved.to,
                on: query.on,
                headquartered_in: resolved.headquarters,
                reexport: query.reexport,
                snapshot: query.snapshot.clone(),
            },
            metrics: Metrics::of(item),
            outcome_text: verdict.outcome.text().into(),
            rule: setter.map(RuleLine::of),
            applied,
            margins: Some(margins::margins(&in_force.rules, &scope.figures)),
            tariff: self.tariff(&resolved, &scope),
            confirmation: self.confirmation(item, &resolved, &in_force, &verdict),
            notes: self.notes(item, &resolved, &in_force, &verdict, &scope),
            not_covered: NOT_COVERED,
            warnings: self.warnings(&resolved, query),
            class: verdict.class,
            classes: verdict.classes,
            outcome: verdict.outcome,
        })
    }

    /// The answers for many items, ordered by id, without margins.
    ///
    /// # Errors
    /// An unknown country or snapshot.
    pub fn table(&self, items: &[Item], query: &Query) -> Result<Vec<Answer>, Problem> {
        let mut rows = Vec::new();
        for item in items {
            rows.push(Answer { margins: None, ..self.check(item, query)? });
        }
        rows.sort_by(|a, b| a.chip.id.cmp(&b.chip.id));
        Ok(rows)
    }

    /// Only the outcome of a direct export to a buyer at home in the destination: what the world model asks.
    pub fn outcome(&self, item: &Item, to: Iso2, on: Date) -> Outcome {
        let resolved = Resolved { to, headquarters: None, reexport: false, day: on, snapshot: None };
        let scope = self.scope(item, &resolved);
        self.in_force(item, &resolved).verdict(item, &scope, Wanted::Outcome).outcome
    }

    fn resolve(&self, query: &Query) -> Result<Resolved<'_>, Problem> {
        let snapshot = query.snapshot.as_deref().map(|id| self.snapshot(id)).transpose()?;
        Ok(Resolved {
            to: place::country(&query.to)?,
            headquarters: query.headquartered_in.as_deref().map(place::country).transpose()?,
            reexport: query.reexport,
            day: snapshot.map_or(query.on, |snapshot| snapshot.date),
            snapshot,
        })
    }

    /// The rules in force for an item, by the calendar or by the snapshot's list. The table's own rules are
    /// evaluated as of its last day where the day is later; a policy's follow the calendar.
    fn in_force(&self, item: &Item, resolved: &Resolved) -> InForce<'_> {
        let by_date =
            |rule: &&Rule| rule.in_force(&item.id, if rule.added { resolved.day } else { self.known(resolved.day) });
        let rules = match resolved.snapshot {
            Some(snapshot) => self.rules.iter().filter(|rule| snapshot.rules.contains(&rule.id)).collect(),
            None => self.rules.iter().filter(by_date).collect(),
        };
        InForce { rules, day: resolved.day }
    }

    /// The day, or the table's last.
    fn known(&self, day: Date) -> Date {
        day.min(self.as_of)
    }

    fn groups<'a>(&'a self, resolved: &Resolved<'a>) -> GroupView<'a> {
        let named = resolved.snapshot.map_or(&[][..], |snapshot| &snapshot.groups);
        self.groups.on(self.known(resolved.day), named)
    }

    fn scope<'a>(&'a self, item: &'a Item, resolved: &Resolved<'a>) -> Scope<'a> {
        let groups = self.groups(resolved);
        let dest = resolved.to.under_the_rules();
        let home = resolved.headquarters.map_or(dest, Iso2::under_the_rules);
        let mut figures = [Figure::Inapplicable; Quantity::COUNT];
        figures[Quantity::Tpp as usize] = item.tpp;
        figures[Quantity::Pd as usize] = item.performance_density;
        figures[Quantity::Io as usize] = item.io_gb_per_s;
        figures[Quantity::DramBw as usize] = item.dram_bw_gb_per_s;
        figures[Quantity::HbmDensity as usize] = item.hbm_density;
        figures[Quantity::TransistorsB as usize] = item.transistors_b;
        let mut flags = [None; Flag::COUNT];
        flags[Flag::Dc as usize] = Some(item.datacenter);
        flags[Flag::HasHbm as usize] = Some(item.has_hbm);
        flags[Flag::HqD5 as usize] = Some(groups.holds_named("D5", home) || home == Iso2::MACAU);
        flags[Flag::FromUs as usize] = Some(!resolved.reexport);
        let mut words = [""; Word::ALL.len()];
        words[Word::Chip as usize] = &item.id;
        words[Word::Vendor as usize] = &item.vendor;
        words[Word::Kind as usize] = &item.kind;
        words[Word::Origin as usize] = &item.origin;
        Scope { figures, flags, words, dest, groups }
    }

    /// The duty of the day. A tariff never binds by date in the sense of an outcome, so its own dates are asked.
    fn tariff(&self, resolved: &Resolved, scope: &Scope) -> Option<Tariff> {
        let day = self.known(resolved.day);
        let live = self.rules.iter().filter(|rule| rule.effective <= day && !rule.over(day));
        live.filter_map(|rule| rule.duty.as_ref().map(|duty| (rule, duty)))
            .find(|(_, duty)| duty.band.holds(scope) == Truth::Yes)
            .map(|(rule, duty)| Tariff { rate_fraction: duty.rate_fraction, rule: rule.id.clone() })
    }

    /// Whether a public statement confirms the verdict: one on the same regime, else on the same outcome by the
    /// same rule, the nearest in time. That a chip is free under other rules confirms nothing.
    fn confirmation(&self, item: &Item, resolved: &Resolved, in_force: &InForce, verdict: &Verdict) -> &'static str {
        let effective = with_effect(in_force.rules.iter().copied());
        if verdict.outcome.rank().is_none() || effective.is_empty() {
            return "none";
        }
        let setter = verdict.rule.map(|index| in_force.rules[index].id.as_str());
        let direct = !resolved.reexport && resolved.headquarters.is_none_or(|home| home == resolved.to);
        let about = |row: &&Confirmation| {
            row.chip == item.id
                && row.destination == resolved.to.under_the_rules()
                && row.outcome == verdict.outcome
                && row.rule.as_deref() == setter
        };
        let rows = self.confirmations.iter().filter(|row| direct && about(row));
        let with_snapshots = rows.filter_map(|row| Some((row, self.snapshot(&row.snapshot).ok()?)));
        let distance = |snapshot: &Snapshot| {
            let listed = self.rules.iter().filter(|rule| snapshot.rules.contains(&rule.id));
            let same_regime = with_effect(listed) == effective;
            (same_regime || setter.is_some()).then(|| {
                let days = snapshot.date.duration_since(resolved.day).as_hours().abs();
                (!same_regime, days)
            })
        };
        with_snapshots
            .filter_map(|(row, snapshot)| Some((distance(snapshot)?, row)))
            .min_by_key(|(distance, _)| *distance)
            .map_or("arithmetic", |(_, row)| if row.whole { "yes" } else { "partial" })
    }

    /// Conditions of the blocks that held, then the measures that change no outcome but concern the item.
    fn notes(
        &self,
        item: &Item,
        resolved: &Resolved,
        in_force: &InForce,
        verdict: &Verdict,
        scope: &Scope,
    ) -> Vec<String> {
        let mut notes = Vec::new();
        for (rule, block) in &verdict.blocks {
            let rule = in_force.rules[*rule];
            notes.extend(rule.licences[*block].notes.as_ref().map(|text| format!("{}: {text}", rule.id)));
        }
        let day = self.known(resolved.day);
        for rule in self.rules.iter().filter(|rule| !rule.kind.binds() && rule.duty.is_none()) {
            let somewhere = rule.destinations.is_empty()
                || rule.destinations.iter().any(|destination| destination.holds(scope.dest, &scope.groups));
            let some_chip = rule.chips.is_empty() || rule.chips.contains(&item.id);
            if rule.effective <= day && !rule.over(day) && somewhere && some_chip {
                notes.push(format!("{} ({}): {}", rule.id, rule.effective, rule.title));
            }
        }
        notes
    }

    fn warnings(&self, resolved: &Resolved, query: &Query) -> Vec<Warning> {
        let mut warnings = Vec::new();
        match resolved.snapshot {
            Some(snapshot) if snapshot.counterfactual => {
                let message = format!("snapshot {} never was in force; it says what might have been", snapshot.id);
                warnings.push(Warning::new("counterfactual", message));
            }
            Some(_) => {}
            None => {
                let first = self.rules.iter().filter(|rule| rule.kind.binds()).map(|rule| rule.effective).min();
                if let Some(first) = first.filter(|first| query.on < *first) {
                    let message = format!("no chip rule is modelled before {first}; earlier controls are not covered");
                    warnings.push(Warning::new("before_first_rule", message));
                }
                if query.on > self.as_of {
                    let message = format!("the rules are known until {}; evaluated as of then", self.as_of);
                    warnings.push(Warning::new("after_as_of", message));
                }
            }
        }
        let dest = resolved.to.under_the_rules();
        if self.groups(resolved).holds_named("embargoed", dest) {
            let message = "this destination is under an embargo (15 CFR 746), which is not modelled";
            warnings.push(Warning::new("embargo_not_modelled", message));
        }
        warnings
    }
}

/// Ids of the rules that can change an outcome at all.
fn with_effect<'a>(rules: impl Iterator<Item = &'a Rule>) -> Vec<&'a str> {
    rules.filter(|rule| !rule.licences.is_empty()).map(|rule| rule.id.as_str()).collect()
}

impl Metrics {
    fn of(item: &Item) -> Self {
        Self {
            tpp: item.tpp.value(),
            tpp_dtype: item.tpp_dtype.clone(),
            performance_density: item.performance_density.value(),
            die_area_mm2: item.die_area_mm2,
            io_gb_per_s: item.io_gb_per_s.value(),
            dram_bw_gb_per_s: item.dram_bw_gb_per_s.value(),
            datacenter: item.datacenter,
        }
    }
}

impl RuleLine {
    fn of(rule: &Rule) -> Self {
        Self {
            id: rule.id.clone(),
            title: rule.title.clone(),
            citation: rule.citation.clone(),
            effective: rule.effective,
            source: rule.source.clone(),
            confidence: rule.confidence,
        }
    }
}
