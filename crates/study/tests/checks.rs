//! Statements about the model: those of `checks/world.toml` hold, a false one is found, a bad one is refused.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use facts::Facts;
use rules::RuleBook;
use study::checks::{self, Report};
use study::ensemble::Watch;
use study::ground::{Ground, Inputs};
use study::scenario::{Known, Scenario};
use world::Registry;

/// Runs statements over the default camps, ten policies and so many futures.
fn run(text: Option<&str>, futures: usize) -> Result<Report, units::Problems> {
    let (facts, book) = (Facts::load(None).expect("embedded facts"), RuleBook::builtin());
    let registry = Registry::load(None).expect("embedded inputs");
    let mut scenario = Scenario::builtin(&Known::of(&facts, &registry)).expect("the built-in scenario");
    for input in &mut scenario.inputs {
        if let study::scenario::Spread::Camps { camps, chosen, .. } = &mut input.spread {
            *chosen = study::scenario::Chosen::Only(camps[0].0.clone());
        }
    }
    let inputs = Inputs { facts: &facts, book: &book, registry: &registry, folder: None, policies_in: Path::new(".") };
    let ground = Ground::new(inputs, scenario).expect("a world");
    let statements = match text {
        Some(text) => checks::parse(&format!("schema = \"downstream/checks/1\"\n{text}"), "mine.toml")?,
        None => checks::builtin()?,
    };
    let watch = Watch { progress: &|_, _| {}, cancel: &AtomicBool::new(false) };
    Ok(checks::run(&ground, &statements, futures, watch)?.expect("nobody cancelled"))
}

#[test]
fn every_statement_holds_in_a_thousand_futures_under_ten_policies() {
    let report = run(None, 1000).unwrap();
    assert_eq!((report.policies.len(), report.camps.len()), (10, 1));
    for finding in &report.statements {
        assert!(finding.compared > 0, "{} compares nothing", finding.id);
        assert_eq!(finding.broken, 0, "{}: {:?}", finding.id, finding.first);
    }
}

#[test]
fn a_false_statement_is_counted_and_its_first_break_is_named() {
    let text = "[[check]]\nid = \"nobody_adopts\"\nsays = \"No one uses it.\"\neach = [\"adoption_fraction\"]\n\
                relation = \"at_most\"\nright = 0.0\n";
    let report = run(Some(text), 2).unwrap();
    let finding = &report.statements[0];
    assert!(finding.broken > 0 && finding.broken <= finding.compared, "{finding:?}");
    let first = finding.first.as_ref().unwrap();
    assert_eq!((first.camp.as_str(), first.future, first.policy.as_str()), ("default", 0, "history"));
    assert!(first.of.starts_with("adoption_fraction") && first.left > 0.0 && first.right == 0.0, "{first:?}");
}

#[test]
fn a_statement_that_means_nothing_is_refused_with_its_line() {
    let check = |body: &str| format!("[[check]]\nid = \"a\"\nsays = \"b\"\n{body}\n");
    let cases = [
        (check("each = [\"adoption\"]\nrelation = \"at_most\"\nright = 1.0"), "unknown_name", Some(5)),
        (check("relation = \"at_most\"\nright = 1.0"), "bad_check", Some(2)),
        (check("each = [\"adoption_fraction\"]\nrelation = \"below\"\nright = 1.0"), "bad_checks", Some(6)),
        (check("each = [\"adoption_fraction\"]\nrelation = \"at_most\"\nright = nan"), "bad_check", Some(2)),
        (
            check("each = [\"adoption_fraction\"]\nrelation = \"at_most\"\nright = 1.0\nwithin = 2.0"),
            "bad_check",
            Some(2),
        ),
        (
            check("each = [\"adoption_fraction\"]\nonly_for = \"mars\"\nrelation = \"at_most\"\nright = 1.0"),
            "unknown_name",
            Some(6),
        ),
        (
            check("left = [\"fleet_flop_per_s\", \"accounts.chips_bought\"]\nrelation = \"equals\"\nright = 1.0"),
            "bad_check",
            None,
        ),
        (String::new(), "no_checks", Some(1)),
        ("[[check]]\nid = ".into(), "bad_checks", Some(3)),
    ];
    for (text, code, line) in cases {
        let problems = run(Some(&text), 1).unwrap_err();
        assert_eq!((problems.0[0].code, problems.0[0].line), (code, line), "{text}\n{problems}");
    }
}
