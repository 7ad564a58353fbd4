//! Shocks and switches do what their names say, to what they name.

use super::{BUILT, at, run};
use units::Quarter;
use world::{CapitalShock, Currency, FleetShock, Purpose, Switches, Variable, Variant};

fn shock(currency: Currency) -> Variant {
    let shock = FleetShock { bloc: 0, factor: 0.9, currency, from: Quarter::new(2026, 1) };
    Variant { fleet_shock: Some(shock), ..Variant::default() }
}

#[test]
fn a_fleet_shock_takes_a_tenth_of_its_currency_and_none_of_the_other() {
    let draw = BUILT.registry.central();
    let base = run("history", &draw, &Variant::default());
    for (currency, variable, other) in [
        (Currency::Flop, Variable::FleetFlop, Variable::FleetByte),
        (Currency::Bandwidth, Variable::FleetByte, Variable::FleetFlop),
    ] {
        let shocked = run("history", &draw, &shock(currency));
        let ratio = |variable| at(&shocked, variable, 0, "2026Q1") / at(&base, variable, 0, "2026Q1");
        assert!((ratio(variable) - 0.9).abs() < 1e-9 && (ratio(other) - 1.0).abs() < 1e-9);
        // Serving needs both, so that it loses something and at most a tenth.
        let served = ratio(Variable::ServeCapacity);
        assert!((0.9 - 1e-9..1.0).contains(&served), "{currency:?}: {served}");
        assert_eq!(at(&shocked, variable, 1, "2026Q1"), at(&base, variable, 1, "2026Q1"));
    }
}

#[test]
fn capital_added_to_one_purpose_adds_to_its_capacity_only() {
    let draw = BUILT.registry.central();
    let base = run("history", &draw, &Variant::default());
    for purpose in [Purpose::Training, Purpose::Serving] {
        let shock = CapitalShock { bloc: 1, share: 0.01, purpose, from: Quarter::new(2026, 1) };
        let shocked = run("history", &draw, &Variant { capital_shock: Some(shock), ..Variant::default() });
        let grew = |variable| at(&shocked, variable, 1, "2026Q2") > at(&base, variable, 1, "2026Q2") * (1.0 + 1e-9);
        assert_eq!(grew(Variable::TrainFlop), purpose == Purpose::Training);
        let capex = at(&shocked, Variable::AiCapex, 1, "2026Q1") / at(&base, Variable::AiCapex, 1, "2026Q1");
        assert!(capex > 1.0 && capex < 1.011, "{capex}");
    }
}

#[test]
fn every_switch_changes_what_it_names_and_history_stays() {
    let draw = BUILT.registry.central();
    let on = Switches::default();
    let cases: [(&str, Switches, &str, Variable); 11] = [
        ("learning", Switches { learning: false, ..on }, "history", Variable::ServiceCost),
        ("design_trend", Switches { design_trend: false, ..on }, "history", Variable::ServiceCost),
        ("algorithms", Switches { algorithms: false, ..on }, "history", Variable::ServiceCost),
        ("model_size", Switches { model_size: false, ..on }, "history", Variable::ServiceCost),
        ("markup", Switches { markup: false, ..on }, "open-source-embrace", Variable::Markup),
        ("rent", Switches { rent: false, ..on }, "history", Variable::Markup),
        ("trade_in_tokens", Switches { trade_in_tokens: false, ..on }, "history", Variable::TokensServed),
        ("lever_effects", Switches { lever_effects: false, ..on }, "diffusion-first", Variable::Gdp),
        ("stances", Switches { stances: false, ..on }, "open-source-embrace", Variable::ServicePrice),
        ("performance_ratios", Switches { performance_ratios: false, ..on }, "no-controls", Variable::SalesByte),
        ("leakage", Switches { leakage: false, ..on }, "all-chip-controls", Variable::LeakUnits),
    ];
    for (name, switches, id, variable) in cases {
        let base = run(id, &draw, &Variant::default());
        let off = run(id, &draw, &Variant { switches, ..Variant::default() });
        let world = base.world();
        assert_ne!(at(&base, variable, world, "2030Q4"), at(&off, variable, world, "2030Q4"), "{name}");
        off.check_accounts().unwrap();
    }
}

#[test]
fn licensing_all_that_is_denied_leaves_nothing_denied() {
    let draw = BUILT.registry.central();
    let all = Variant { licensed_share_of_denied: 1.0, ..Variant::default() };
    let trajectory = run("training-chip-controls", &draw, &all);
    assert!(at(&trajectory, Variable::ExportValueDenied, 1, "2027Q4") < 1.0);
    let none = run("training-chip-controls", &draw, &Variant::default());
    assert!(at(&none, Variable::ExportValueDenied, 1, "2027Q4") > 1e9);
}

#[test]
fn a_partner_that_never_keeps_to_it_is_no_partner() {
    let draw = BUILT.registry.central();
    let defects = Variant { defection_probability: Some(1.0), ..Variant::default() };
    let kept = run("diplomacy", &draw, &Variant::default());
    let broken = run("diplomacy", &draw, &defects);
    assert_ne!(
        at(&kept, Variable::AlgorithmicEfficiency, 0, "2030Q4"),
        at(&broken, Variable::AlgorithmicEfficiency, 0, "2030Q4")
    );
}
