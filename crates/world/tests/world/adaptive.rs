//! Adaptive policies: a switch is decided on what was seen, and holds from the next quarter on.

use super::{BUILT, at, future, run};
use units::{Problem, Problems};
use world::{Policy, Trajectory, Variable, Variant, policy};

const HEAD: &str = "schema = \"downstream/policy/1\"\nid = \"mine\"\nbase = \"builtin:no-controls\"\n";

fn parse(text: &str) -> Result<Policy, Problems> {
    let no_file = |name: &str| Err(Problem::new("unreadable_file", format!("no file {name}")));
    policy::parse(text, "mine.toml", &BUILT.book, &no_file)
}

fn adaptive(switch: &str, draw: &[f64]) -> Trajectory {
    let policy = parse(&format!("{HEAD}{switch}")).unwrap();
    let mut trajectory = BUILT.world.trajectory();
    BUILT.world.run(&BUILT.world.compile(&policy).unwrap(), draw, &Variant::default(), &mut trajectory);
    trajectory
}

#[test]
fn before_its_switch_a_policy_is_as_without_it_and_after_it_differs() {
    let draw = future(1);
    let got = adaptive(
        "[[switch]]\nto = \"builtin:all-chip-controls\"\nvariable = \"fleet_byte_per_s\"\nbloc = \"china\"\n\
         of = \"world\"\nabove = 0.0\nquarters = 2\nfrom = \"2027Q1\"\n",
        &draw,
    );
    assert_eq!(got.switched, [("2027Q3".parse().unwrap(), "all-chip-controls".to_string())]);
    got.check_accounts().unwrap();
    let without = run("no-controls", &draw, &Variant::default());
    let whole = run("all-chip-controls", &draw, &Variant::default());
    let fleet = |of: &Trajectory, quarter| at(of, Variable::FleetByte, 1, quarter);
    assert_eq!(fleet(&got, "2027Q2"), fleet(&without, "2027Q2"));
    assert!(fleet(&got, "2030Q4") < fleet(&without, "2030Q4"), "controls, though late, leave the target less");
    assert!(fleet(&got, "2028Q4") > fleet(&whole, "2028Q4"), "but for a time more than controls from the start do");
}

#[test]
fn a_signpost_that_never_shows_changes_nothing() {
    let draw = future(2);
    let got = adaptive(
        "[[switch]]\nto = \"builtin:all-chip-controls\"\nvariable = \"adoption_fraction\"\nbloc = \"us\"\nabove = 1.5\n",
        &draw,
    );
    assert_eq!(got, run("no-controls", &draw, &Variant::default()));
}

#[test]
fn the_first_switch_that_is_shown_is_made_and_the_new_policy_watches_its_own_signposts() {
    let text = "[[switch]]\nto = \"builtin:history\"\nvariable = \"utilisation_fraction\"\nbloc = \"us\"\nbelow = -1.0\n\
                [[switch]]\nto = \"builtin:hybrid\"\nvariable = \"gdp_usd_per_year\"\nbloc = \"world\"\nabove = 0.0\n";
    let got = adaptive(text, &future(3));
    assert_eq!(got.switched, [("2026Q2".parse().unwrap(), "hybrid".to_string())], "hybrid has no switch of its own");
    got.check_accounts().unwrap();
}

#[test]
fn bad_switches_are_refused_all_at_once_with_their_lines() {
    let text = "[[switch]]\nto = \"builtin:hybird\"\nvariable = \"fleet_chip\"\nbloc = \"china\"\nabove = 1\nbelow = 2\n\
                [[switch]]\nbloc = \"us\"\nquarters = 0\nfrom = \"soon\"\nwhen = 3\n";
    let problems = parse(&format!("{HEAD}{text}")).unwrap_err();
    let found: Vec<(&str, Option<u64>)> = problems.0.iter().map(|problem| (problem.code, problem.line)).collect();
    for wanted in [
        ("unknown_policy", Some(5)),
        ("unknown_variable", Some(6)),
        ("missing_key", Some(4)),
        ("unknown_key", Some(14)),
        ("out_of_range", Some(12)),
    ] {
        assert!(found.contains(&wanted), "{wanted:?} in {found:?}");
    }
    let nearest = problems.0.iter().find(|problem| problem.code == "unknown_variable").unwrap();
    assert_eq!(nearest.suggestion.as_deref(), Some("fleet_chips"));
    let unknown = parse(&format!(
        "{HEAD}[[switch]]\nto = \"builtin:hybrid\"\nvariable = \"fleet_chips\"\nbloc = \"mars\"\nabove = 1\n"
    ));
    assert_eq!(BUILT.world.compile(&unknown.unwrap()).unwrap_err().0[0].code, "unknown_bloc");
}
