//! The ten presets are those of POLICIES; a user's file is resolved over its base or refused with its line.

use super::{BUILT, compiled};
use rules::Outcome;
use units::{Problem, Quarter};
use world::policy::Money;
use world::{Policy, Stance, policy};

fn parse(text: &str) -> Result<Policy, units::Problems> {
    let no_file = |name: &str| Err(Problem::new("unreadable_file", format!("no file {name}")));
    policy::parse(text, "mine.toml", &BUILT.book, &no_file)
}

fn outcome(id: &str, chip: &str, bloc: usize) -> Outcome {
    let index = BUILT.world.chips().iter().position(|entry| entry.chip.id == chip).unwrap();
    let mut outcomes = compiled(id).outcomes(index, bloc, Quarter::new(2026, 4));
    outcomes.sort_by(|a, b| b.1.total_cmp(&a.1));
    outcomes[0].0
}

#[test]
fn training_controls_deny_operations_and_inference_controls_deny_bandwidth() {
    // H20: TPP 2,368 at 4,000 GB/s. Of the two chips cut from the B200 one passes each control.
    let cases = [
        ("training-chip-controls", "h20-96", Outcome::Free),
        ("training-chip-controls", "b200", Outcome::Denial),
        ("training-chip-controls", "b200-cut-operations", Outcome::Free),
        ("training-chip-controls", "b200-cut-bandwidth", Outcome::Denial),
        ("inference-chip-controls", "h20-96", Outcome::Denial),
        ("inference-chip-controls", "b200-cut-operations", Outcome::Denial),
        ("inference-chip-controls", "b200-cut-bandwidth", Outcome::Free),
        ("all-chip-controls", "b200-cut-bandwidth", Outcome::Denial),
        ("all-chip-controls", "l20", Outcome::Denial),
        ("no-controls", "vr200", Outcome::Free),
        ("history", "vr200", Outcome::Denial),
        ("history", "h200-sxm", Outcome::LicenceCbc),
    ];
    for (id, chip, wanted) in cases {
        assert_eq!(outcome(id, chip, 1), wanted, "{chip} to China under {id}");
    }
    assert_eq!(outcome("all-chip-controls", "b200", 2), Outcome::Free, "most of the rest is free");
}

#[test]
fn presets_pull_the_levers_of_the_table() {
    let built = |id: &str| policy::builtin(id, &BUILT.book).unwrap();
    assert_eq!(built("all-chip-controls").levers.enforcement["us"], 0.8);
    assert!(built("all-chip-controls").levers.location_checks["us"]);
    assert_eq!(built("training-chip-controls").levers.enforcement["us"], 0.5);
    assert_eq!(built("diffusion-first").levers.adoption_programme["us"], Money::Share(1.0));
    assert_eq!(built("open-source-retreat").levers.open_stance["us"], Stance::Closed);
    assert_eq!(built("open-source-embrace").levers.open_science["us"], Money::Share(0.5));
    assert_eq!(built("hybrid").levers.open_stance["us"], Stance::Open);
    assert_eq!(built("diplomacy").levers.cooperation.len(), 2);
    assert!(built("diplomacy").book_for_accepting.is_some());
    assert!(built("no-controls").book.rules.is_empty());
}

#[test]
fn a_file_overrides_its_base_and_nothing_else() {
    let mine = parse(
        "schema = \"downstream/policy/1\"\nid = \"mine\"\nbase = \"builtin:hybrid\"\nstrength = 0.5\n\
         [levers.open_stance]\nchina = \"closed\"\n[flow.licence_cbc]\nlow = 0.1\nmode = 0.2\nhigh = 0.3\n",
    )
    .unwrap();
    assert_eq!(mine.strength, 0.5);
    assert_eq!(mine.levers.open_stance["us"], Stance::Open);
    assert_eq!(mine.levers.open_stance["china"], Stance::Closed);
    assert_eq!(mine.flow.len(), 1);
    BUILT.world.compile(&mine).unwrap();
}

#[test]
fn all_that_is_wrong_with_a_file_is_said_at_once_with_lines_and_suggestions() {
    let problems = parse(
        "schema = \"downstream/policy/1\"\nid = \"mine\"\nbase = \"builtin:history\"\nstrenght = 0.5\n\
         [levers.enforcment]\nus = 0.5\n[levers.enforcement]\nus = 5\n[levers.open_stance]\nus = \"opn\"\n\
         [flow.denied]\nlow = 0\nmode = 0\nhigh = 0\n",
    )
    .unwrap_err();
    let found: Vec<_> =
        problems.0.iter().map(|problem| (problem.line.unwrap(), problem.suggestion.as_deref())).collect();
    let wanted = [(4, Some("strength")), (5, Some("enforcement")), (8, None), (10, Some("open")), (11, Some("denial"))];
    assert_eq!(found, wanted, "{problems}");
}

#[test]
fn a_file_without_schema_an_unknown_base_and_an_unknown_bloc_are_refused() {
    assert!(parse("").unwrap_err().0.iter().any(|problem| problem.code == "missing_key"));
    let base = "schema = \"downstream/policy/1\"\nid = \"x\"\nbase = \"builtin:hybird\"\n";
    assert_eq!(parse(base).unwrap_err().0[0].suggestion.as_deref(), Some("hybrid"));
    let bloc = "schema = \"downstream/policy/1\"\nid = \"x\"\n[levers.enforcement]\nchna = 0.5\n";
    let problems = BUILT.world.compile(&parse(bloc).unwrap()).unwrap_err();
    assert_eq!(problems.0[0].suggestion.as_deref(), Some("china"));
}

#[test]
fn bases_that_name_each_other_come_to_an_end() {
    let ring = "schema = \"downstream/policy/1\"\nid = \"x\"\nbase = \"file:x.toml\"\n";
    let problems = policy::parse(ring, "x.toml", &BUILT.book, &|_| Ok(ring.to_string())).unwrap_err();
    assert!(problems.0.iter().any(|problem| problem.code == "bad_base"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_makes_the_reader_panic(text in "[a-z_=\\[\\]{}\". 0-9\n]{0,200}") {
        let _ = parse(&text);
    }
}
