//! Scenario files: what is read, what is refused, and where it is said to be wrong.

use proptest::prelude::*;
use study::scenario::{Bloc, Chosen, InputSetting, Known, Scenario, Shape, Spread, diff};
use units::{Problem, Quarter};

fn input(id: &str, unit: &str, spread: Spread) -> InputSetting {
    InputSetting { id: id.into(), unit: unit.into(), source: "WORLD E4".into(), spread }
}

fn triangle(low: f64, mode: f64, high: f64) -> Shape {
    Shape::of_registry(&world::Distribution::Triangular { low, mode, high })
}

fn fixed(value: f64) -> Shape {
    Shape::of_registry(&world::Distribution::Fixed { value })
}

/// A small world of names.
fn known() -> Known {
    let camps = vec![("kessler".to_string(), fixed(2.0e5)), ("semianalysis".to_string(), fixed(8.05e5))];
    let progress = Shape::of_registry(&world::Distribution::LogNormal { low: 1.7, central: 3.5, high: 7.2 });
    Known {
        inputs: vec![
            input("chip_learning_rate", "fraction", Spread::One(triangle(0.1, 0.18, 0.25))),
            input(
                "huawei_units_2025",
                "chips",
                Spread::Camps { disagreement: "huawei_output".into(), camps, chosen: Chosen::Each },
            ),
            input("algorithmic_progress_per_year", "ratio", Spread::One(progress)),
        ],
        bounds: vec![(0.0, 1.0), (0.0, 1e9), (0.0, 1e3)],
        policies: ["history", "no-controls", "hybrid"].map(String::from).to_vec(),
        countries: [("US", "United States"), ("CN", "China"), ("HK", "Hong Kong"), ("DE", "Germany")]
            .map(|(iso, name)| (iso.to_string(), vec![name.to_string()]))
            .to_vec(),
        blocs: vec![
            Bloc { id: "us".into(), members: vec!["US".into()] },
            Bloc { id: "rest".into(), members: vec!["*".into()] },
        ],
    }
}

fn problems(text: &str) -> Vec<Problem> {
    match Scenario::parse(text, "s.toml", &[], &known()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0,
    }
}

/// The one problem of a scenario with one fault.
fn problem(body: &str) -> Problem {
    let found = problems(&format!("schema = \"downstream/scenario/1\"\n{body}"));
    assert_eq!(found.len(), 1, "{body}\n{found:#?}");
    found[0].clone()
}

#[test]
fn the_builtin_scenario_covers_every_input_and_reads_back_to_itself() {
    let scenario = Scenario::builtin(&known()).unwrap();
    assert_eq!(scenario.inputs, known().inputs);
    assert_eq!((scenario.run.futures, scenario.run.policy_start), (1000, Quarter::new(2026, 1)));
    assert_eq!(scenario.changed().count(), 0);
    let again = Scenario::parse(&scenario.to_toml(), "resolved.toml", &[], &known()).unwrap();
    assert_eq!(again.changed().count(), 0, "every key comes from the file, and none says anything else");
    assert_eq!(Scenario { origins: scenario.origins.clone(), ..again }, scenario);
}

#[test]
fn a_file_changes_what_it_names_and_nothing_else() {
    let text = r#"schema = "downstream/scenario/1"
name = "half a study"
base = "builtin:default"
[run]
futures = 10
[inputs.chip_learning_rate]
dist = "fixed"
value = 0.2
unit = "fraction"
source = "mine"
[[correlations]]
inputs = ["chip_learning_rate", "algorithmic_progress_per_year"]
rank = 0.3
"#;
    let sets = ["run.seed=7", "inputs.huawei_units_2025.camp=semianalysis", "blocs.rest=[\"*\"]"].map(String::from);
    let scenario = Scenario::parse(text, "s.toml", &sets, &known()).unwrap();
    assert_eq!((scenario.run.futures, scenario.run.seed), (10, 7));
    assert_eq!(scenario.run.policies, known().policies);
    assert_eq!(scenario.inputs[0].spread, Spread::One(fixed(0.2)));
    assert_eq!(scenario.inputs[1].spread.default_shape(), &fixed(8.05e5));
    assert!(scenario.inputs[1].spread.other_camps().is_empty());
    let origin = |key: &str| scenario.origins.iter().find(|(path, _)| path == key).map(|(_, origin)| origin.clone());
    assert_eq!(origin("run.futures").map(|origin| (origin.layer, origin.line)), Some(("s.toml".into(), Some(5))));
    assert_eq!(origin("run.seed").map(|origin| (origin.layer, origin.line)), Some(("--set".into(), None)));
    assert_eq!(origin("run.start").map(|origin| origin.layer), Some("builtin:default".into()));
    let again = Scenario::parse(&scenario.to_toml(), "resolved.toml", &[], &known()).unwrap();
    assert_eq!(Scenario { origins: scenario.origins.clone(), ..again }, scenario);
}

#[test]
fn each_fault_is_named_with_its_line_and_what_to_write_instead() {
    let cases: [(&str, &str, u64, Option<&str>); 17] = [
        ("[inptus]\nseed = 1", "unknown_key", 2, Some("inputs")),
        ("[run]\nfuturs = 1", "unknown_key", 3, Some("futures")),
        ("[run]\nfutures = 0", "bad_number", 3, None),
        ("[run]\nfutures = -4", "bad_number", 3, None),
        ("[run]\npolicy_start = \"2040Q1\"", "policy_start_outside", 3, None),
        ("[run]\nuntil = \"2021Q4\"", "bad_quarter", 3, None),
        ("[run]\npolicies = [\"histroy\"]", "unknown_policy", 3, Some("history")),
        ("[blocs]\na = [\"US\", \"CN\"]\nb = [\"China\", \"*\"]", "country_twice", 4, None),
        ("[blocs]\na = [\"US\", \"CN\", \"HK\"]", "country_in_no_bloc", 2, Some("[\"*\"]")),
        ("[blocs]\na = [\"Germny\", \"*\"]", "unknown_country", 3, Some("DE")),
        ("[inputs.chip_lerning_rate]\ndist = \"fixed\"", "unknown_input", 2, Some("chip_learning_rate")),
        (
            "[inputs.chip_learning_rate]\ndist = \"fixed\"\nvalue = 0.1\nunit = \"percent\"\nsource = \"x\"",
            "wrong_unit",
            5,
            Some("fraction"),
        ),
        ("[inputs.chip_learning_rate]\ndist = \"fixed\"\nvalue = 0.1\nunit = \"fraction\"", "missing_key", 2, None),
        (
            "[inputs.chip_learning_rate]\ndist = \"uniform\"\nlow = 0.3\nhigh = 0.2\nunit = \"fraction\"\nsource = \"x\"",
            "bad_distribution",
            5,
            None,
        ),
        (
            "[inputs.chip_learning_rate]\ndist = \"fixed\"\nvalue = nan\nunit = \"fraction\"\nsource = \"x\"",
            "bad_distribution",
            4,
            None,
        ),
        (
            "[inputs.chip_learning_rate]\ndist = \"fixed\"\nvalue = -1\nunit = \"fraction\"\nsource = \"x\"",
            "out_of_bounds",
            4,
            None,
        ),
        ("[inputs.huawei_units_2025]\ncamp = \"kesler\"", "unknown_camp", 3, Some("kessler")),
    ];
    for (body, code, line, suggestion) in cases {
        let found = problem(body);
        assert_eq!((found.code, found.line, found.suggestion.as_deref()), (code, Some(line), suggestion), "{found:?}");
        assert!(found.column.is_some() && found.file.as_deref() == Some("s.toml"));
    }
}

#[test]
fn a_file_without_schema_or_without_anything_is_refused() {
    assert_eq!(problems("")[0].code, "empty_file");
    assert_eq!(problems("# nothing\n")[0].code, "empty_file");
    assert_eq!(problems("name = \"x\"")[0].code, "missing_key");
    assert_eq!(problems("schema = \"downstream/scenario/2\"")[0].code, "wrong_schema");
    assert_eq!(problems("schema = ")[0].code, "bad_toml");
}

#[test]
fn all_faults_are_reported_at_once_in_their_order() {
    let text =
        "schema = \"downstream/scenario/1\"\n[run]\nfutures = 0\nseed = -1\npolicies = [\"nope\"]\n[blocs]\na = []";
    let codes: Vec<&str> = problems(text).iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["bad_number", "bad_number", "unknown_policy", "country_in_no_bloc", "empty_bloc"]);
}

#[test]
fn a_wrong_override_is_refused() {
    let refused = |set: &str| {
        Scenario::parse("schema = \"downstream/scenario/1\"", "s", &[set.to_string()], &known()).unwrap_err().0[0]
            .clone()
    };
    assert_eq!(refused("run.futures").code, "bad_set");
    assert_eq!(refused("run.futurs=3").suggestion.as_deref(), Some("futures"));
    assert_eq!(refused("chip_learning_rate=0.2").suggestion.as_deref(), Some("inputs.chip_learning_rate"));
    assert_eq!(refused("inputs.chip_learning_rate=2").code, "out_of_bounds");
    assert_eq!(refused("inputs.chip_lerning_rate=0.2").suggestion.as_deref(), Some("chip_learning_rate"));
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}") {
        let _ = Scenario::parse(&text, "s.toml", &[], &known());
    }

    #[test]
    fn no_scenario_with_one_line_put_elsewhere_makes_it_panic(from in 0usize..40, to in 0usize..40, cut in 0usize..60) {
        let text = Scenario::builtin(&known()).unwrap().to_toml();
        let mut lines: Vec<String> = text.lines().map(String::from).collect();
        let moved = lines.remove(from % lines.len());
        lines.insert(to % lines.len(), moved.chars().take(cut).collect());
        let _ = Scenario::parse(&lines.join("\n"), "s.toml", &[], &known());
    }

    #[test]
    fn no_override_makes_it_panic(set in "(run|inputs|blocs|name)?\\.?[a-z_]{0,10}\\.?[a-z]{0,5}=?\\PC{0,20}") {
        let _ = Scenario::parse("schema = \"downstream/scenario/1\"", "s.toml", &[set], &known());
    }
}

#[test]
fn two_scenarios_differ_in_the_keys_that_are_said_differently_and_in_no_other() {
    let read = |body: &str| {
        let text = format!("schema = \"downstream/scenario/1\"\n{body}");
        Scenario::parse(&text, "s.toml", &[], &known()).unwrap()
    };
    let builtin = Scenario::builtin(&known()).unwrap();
    assert_eq!(diff(&builtin, &read("")), []);
    let other = read(
        "[run]\nfutures = 50\n[inputs.chip_learning_rate]\ndist = \"triangular\"\nlow = 0.1\nmode = 0.2\nhigh = 0.25\nunit = \"fraction\"\nsource = \"WORLD E4\"\n\
         [[correlations]]\ninputs = [\"chip_learning_rate\", \"algorithmic_progress_per_year\"]\nrank = 0.3\n",
    );
    let said: Vec<(String, Option<String>, Option<String>)> =
        diff(&builtin, &other).into_iter().map(|found| (found.key, found.a, found.b)).collect();
    let text = |word: &str| Some(word.to_string());
    assert_eq!(
        said,
        [
            ("run.futures".to_string(), text("1000"), text("50")),
            ("inputs.chip_learning_rate.mode".to_string(), text("0.18"), text("0.2")),
            (
                "correlations.[\"chip_learning_rate\", \"algorithmic_progress_per_year\"].rank".to_string(),
                None,
                text("0.3")
            ),
        ]
    );
}
