//! A policy's rules: the short form, the full form, what is refused; unknown figures tried over all their values.

use proptest::prelude::*;
use rules::{Figure, Iso2, Item, Outcome, Query, RuleBook, predicate::Predicate};
use units::Date;

use crate::{FACTS, item};

const DAY: Date = Date::constant(2026, 6, 1);

fn china() -> Iso2 {
    Iso2::new("CN").unwrap()
}

fn with(text: &str, base: RuleBook) -> RuleBook {
    let rules = base.rules_from_toml(text, "policy.toml").unwrap_or_else(|problems| panic!("{problems}"));
    base.with_rules(rules).unwrap_or_else(|problems| panic!("{problems}"))
}

const INFERENCE: &str = r#"
schema = "downstream/policy/1"
id = "inference-chip-controls"
[[rule]]
effective = 2026-01-01
deny = "dram_bw >= 1400 or dram_bw + io >= 1700"
destinations = ["D5", "MO"]
[levers.enforcement]
us = 0.5
"#;

#[test]
fn without_rules_every_chip_is_free_everywhere() {
    let book = RuleBook::none();
    for chip in &FACTS.chips {
        assert_eq!(book.outcome(&Item::from_chip(chip), china(), DAY), Outcome::Free, "{}", chip.id);
    }
}

#[test]
fn the_short_form_denies_what_meets_its_condition_where_and_when_it_says() {
    let book = with(INFERENCE, RuleBook::none());
    assert_eq!(book.outcome(&item("h20-96"), china(), DAY), Outcome::Denial);
    assert_eq!(book.outcome(&item("l40s"), china(), DAY), Outcome::Free, "fast arithmetic, slow memory");
    assert_eq!(book.outcome(&item("h20-96"), Iso2::new("DE").unwrap(), DAY), Outcome::Free);
    assert_eq!(book.outcome(&item("h20-96"), china(), Date::constant(2025, 12, 31)), Outcome::Free);
    let late = with(&INFERENCE.replace("2026-01-01", "2030-01-01"), RuleBook::none());
    assert_eq!(late.outcome(&item("h20-96"), china(), Date::constant(2029, 12, 31)), Outcome::Free);
    assert_eq!(
        late.outcome(&item("h20-96"), china(), Date::constant(2030, 1, 1)),
        Outcome::Denial,
        "after the table's last day"
    );
}

#[test]
fn a_policys_rules_come_after_those_of_its_base_and_replace_one_of_the_same_id() {
    let stricter = with(INFERENCE, RuleBook::builtin());
    assert_eq!(
        stricter.outcome(&item("h200-sxm"), china(), DAY),
        Outcome::Denial,
        "the case-by-case rule comes before"
    );
    let repealed = r#"
[[rule]]
id = "us-2026-01-15-cbc"
title = "repealed"
kind = "regulation"
effective = 2026-01-15
end = 2026-01-15
"#;
    let book = with(repealed, RuleBook::builtin());
    assert_eq!(book.rules.len(), RuleBook::builtin().rules.len());
    assert_eq!(book.outcome(&item("h200-sxm"), china(), DAY), Outcome::Denial);
}

#[test]
fn all_problems_of_a_policys_rules_come_at_once_with_their_lines() {
    let text = r#"[[rule]]
effectiv = 2026-01-01
deny = "tpp >= "
destinations = ["D5", "Macao!"]

[[rule]]
id = "b"
title = "b"
kind = "regulations"
effective = "soon"
[[rule.licence]]
classes = ["3A090.a"]
destinations = ["*"]
effect = "requires"
outcome = "denied"
"#;
    let problems = RuleBook::none().rules_from_toml(text, "p.toml").unwrap_err();
    let found: Vec<(Option<u64>, &str)> = problems.0.iter().map(|problem| (problem.line, problem.code)).collect();
    assert_eq!(
        found,
        [
            (Some(1), "missing_key"),
            (Some(2), "unknown_key"),
            (Some(3), "bad_predicate"),
            (Some(4), "unknown_destination"),
            (Some(9), "unknown_kind"),
            (Some(10), "wrong_type"),
            (Some(14), "unknown_effect"),
            (Some(15), "unknown_outcome"),
        ]
    );
    let key = problems.0.iter().find(|problem| problem.code == "unknown_key").unwrap();
    assert_eq!(key.suggestion.as_deref(), Some("effective"));
    let unclosed = RuleBook::none().rules_from_toml("[[rule]]\nid = \"a\n", "p.toml").unwrap_err();
    assert_eq!((unclosed.0[0].code, unclosed.0[0].line), ("bad_toml", Some(2)));
}

#[test]
fn a_licence_for_a_class_that_nobody_defines_is_refused() {
    let text = r#"
[[rule]]
id = "b"
title = "b"
kind = "regulation"
effective = 2026-01-01
[[rule.licence]]
classes = ["3A090.a"]
destinations = ["*"]
effect = "require"
outcome = "denial"
"#;
    let rules = RuleBook::none().rules_from_toml(text, "p.toml").unwrap();
    let problems = RuleBook::none().with_rules(rules.clone()).unwrap_err();
    assert_eq!((problems.0[0].code, problems.0[0].line), ("unknown_class", Some(2)));
    assert!(RuleBook::builtin().with_rules(rules).is_ok());
}

#[test]
fn an_unknown_figure_is_free_only_where_every_value_of_it_is() {
    let book = RuleBook::builtin();
    let mut chip = item("h20-96");
    let on = |chip: &Item, day: &str| book.check(chip, &Query::new("CN", day.parse().unwrap())).unwrap();
    chip.performance_density = Figure::Unknown;
    assert_eq!(on(&chip, "2024-01-01").outcome, Outcome::Indeterminate, "density 3.2 would make it 3A090.b");
    chip.tpp = Figure::Known(1599.0);
    assert_eq!(on(&chip, "2024-01-01").outcome, Outcome::Free, "below 1,600 no density matters");
    chip.tpp = Figure::Known(4800.0);
    let denied = on(&chip, "2024-01-01");
    assert_eq!((denied.outcome, denied.class.as_str()), (Outcome::Denial, "3A090.a"), "above 4,800 none does either");
    chip.io_gb_per_s = Figure::Unknown;
    chip.dram_bw_gb_per_s = Figure::Unknown;
    chip.tpp = Figure::Unknown;
    let unknown = on(&chip, "2026-06-01");
    assert_eq!((unknown.outcome, unknown.class.as_str()), (Outcome::Indeterminate, "indeterminate"));
    assert!(unknown.margins.unwrap().iter().any(|margin| margin.value.is_none() && margin.met.is_none()));
    assert_eq!(on(&chip, "2020-01-01").outcome, Outcome::Free, "there was no rule to depend on");
}

#[test]
fn a_sum_of_two_unknown_figures_is_tried_on_both_sides() {
    let text =
        |condition: &str| format!("[[rule]]\neffective = 2026-01-01\ndeny = \"{condition}\"\ndestinations = [\"*\"]\n");
    let outcome = |condition: &str| {
        let mut chip = item("h20-96");
        chip.io_gb_per_s = Figure::Unknown;
        chip.dram_bw_gb_per_s = Figure::Unknown;
        with(&text(condition), RuleBook::none()).outcome(&chip, china(), DAY)
    };
    assert_eq!(outcome("dram_bw + io >= 1700"), Outcome::Indeterminate);
    assert_eq!(
        outcome("dram_bw + io >= 1700 or dram_bw < 1000 or io < 1000"),
        Outcome::Denial,
        "one of them always holds"
    );
    assert_eq!(outcome("dram_bw + io < 1000 and dram_bw > 600 and io > 600"), Outcome::Free, "never together");
    assert_eq!(outcome("dram_bw - io > 5 or io - dram_bw > 5"), Outcome::Indeterminate);
    assert_eq!(outcome("dram_bw - io >= 0 or io - dram_bw > 0"), Outcome::Denial);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_settled_with_an_unknown_figure_is_the_outcome_for_every_value(
        tpp in 0.0_f64..40_000.0, pd in 0.0_f64..30.0, io in 0.0_f64..3000.0, day in 0_i32..1500, unknown in 0_usize..3,
    ) {
        let book = RuleBook::builtin();
        let day = Date::constant(2022, 9, 1).checked_add(jiff::Span::new().days(day)).unwrap();
        let mut chip = item("h20-96");
        chip.tpp = Figure::Known(tpp);
        chip.performance_density = Figure::Known(pd);
        chip.io_gb_per_s = Figure::Known(io);
        let known = book.outcome(&chip, china(), day);
        match unknown {
            0 => chip.tpp = Figure::Unknown,
            1 => chip.performance_density = Figure::Unknown,
            _ => chip.io_gb_per_s = Figure::Unknown,
        }
        let general = book.outcome(&chip, china(), day);
        prop_assert!(general == Outcome::Indeterminate || general == known, "{general} {known}");
    }

    #[test]
    fn arbitrary_toml_never_panics(text in "\\PC{0,200}", key in "[a-z_]{1,12}", value in "[0-9a-z\"'\\[\\]{}=., -]{0,20}") {
        let _ = RuleBook::parse(&text, "t");
        let _ = RuleBook::none().rules_from_toml(&format!("[[rule]]\n{key} = {value}\ndeny = \"{text}\"\n"), "t");
    }
}

#[test]
fn the_table_is_refused_with_all_its_problems() {
    let table = include_str!("../../../../data/export_rules.toml");
    assert!(RuleBook::parse(table, "t").is_ok());
    let broken = table
        .replace("as_of = \"2026-11-23\"", "as_off = \"2026-11-23\"")
        .replace("licence = 7 ", "licence = 6 ")
        .replace("D5 = [", "D5 = [\"Atlantis\",")
        .replace("rules = [\"us-2022-08-letters\"]", "rules = [\"us-2022-08-letter\"]")
        .replacen("effect = \"require\"", "efect = \"require\"", 1);
    let problems = RuleBook::parse(&broken, "t").unwrap_err();
    let codes: Vec<&str> = problems.0.iter().map(|problem| problem.code).collect();
    for code in ["missing_key", "bad_rank", "unknown_country", "unknown_rule", "unknown_key"] {
        assert!(codes.contains(&code), "{code} is not among {codes:?}");
    }
    assert!(problems.0.iter().all(|problem| problem.line.is_some()));
    assert!(Predicate::parse("tpp > 1", &RuleBook::none().groups).is_ok());
}
