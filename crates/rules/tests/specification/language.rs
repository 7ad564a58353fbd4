//! The language of conditions: what it accepts, what it refuses and how, and its three values.

use proptest::prelude::*;
use rules::{
    Figure, Iso2, RuleBook,
    book::Groups,
    predicate::{Flag, Predicate, Quantity, Scope, Truth, Word},
};
use units::Date;

/// An H100 on the way to China: TPP 15,832, density 19.45, 3,350 GB/s, 1,028 GB/s.
fn scope(groups: &Groups) -> Scope<'_> {
    let mut figures = [Figure::Inapplicable; Quantity::COUNT];
    figures[Quantity::Tpp as usize] = Figure::Known(15_832.0);
    figures[Quantity::Pd as usize] = Figure::Known(19.45);
    figures[Quantity::DramBw as usize] = Figure::Known(3350.0);
    figures[Quantity::Io as usize] = Figure::Known(1028.0);
    let mut flags = [Some(false); Flag::COUNT];
    flags[Flag::Dc as usize] = Some(true);
    flags[Flag::DesignerApproved as usize] = None;
    let mut words = [""; Word::ALL.len()];
    words[Word::Chip as usize] = "h100-sxm";
    words[Word::Vendor as usize] = "NVIDIA";
    words[Word::Current as usize] = "denial";
    let dest = Iso2::new("CN").unwrap();
    Scope { figures, flags, words, dest, groups: groups.on(Date::constant(2026, 1, 1), &[]) }
}

fn holds(text: &str) -> Truth {
    let book = RuleBook::none();
    let predicate = Predicate::parse(text, &book.groups).unwrap_or_else(|problem| panic!("{text}: {problem}"));
    predicate.holds(&scope(&book.groups))
}

#[test]
fn conditions_hold_as_they_would_in_python() {
    for text in [
        "tpp >= 4800",
        "4_800 <= tpp < 2e4",
        "tpp > 4800 and pd >= 5.92 or tpp < 0",
        "not tpp < 4800 and not not dc",
        "dram_bw + io >= 1700",
        "(dram_bw + io) - 378 == 4000",
        "-tpp < -4800",
        "tpp != 4800",
        "vendor in ('NVIDIA', \"AMD\")",
        "vendor not in ['Intel']",
        "chip == 'h100-sxm' and 'h100-sxm' == chip",
        "current in ('denial', 'licence')",
        "dest in D5 and dest in CN_MO and dest not in A5",
        "dest == 'China (PRC)' and dest != 'Macau' and dest in ('CN', D5)",
        "dest == 'Hong Kong'",
        "pd is not None and hbm_density is None",
        "not hbm_density > 2",
        "1 < 2",
        "tpp in (1, 15832)",
        "((((((((tpp >= 4800))))))))",
    ] {
        assert_eq!(holds(text), Truth::Yes, "{text}");
    }
    for text in ["tpp < 4800", "dc and from_us", "hbm_density > 2 or hbm_density <= 2", "kind == 'cpu'", "2 < 1"] {
        assert_eq!(holds(text), Truth::No, "{text}");
    }
    assert_eq!(holds("designer_approved"), Truth::Maybe);
    assert_eq!(holds("designer_approved and dc"), Truth::Maybe);
    assert_eq!(holds("designer_approved or dc"), Truth::Yes);
}

#[test]
fn anything_else_is_refused_with_its_column_and_what_was_meant() {
    let deep = "(".repeat(100_000);
    let book = RuleBook::none();
    for (text, column, suggestion) in [
        ("tpp >= 4800 && dc", 13, Some("and")),
        ("tpp = 4800", 5, Some("==")),
        ("tpp >= 4800 or", 15, None),
        ("tpps >= 4800", 1, Some("tpp")),
        ("tpp >= 4800 and dcc", 17, Some("dc")),
        ("dest in D55", 9, Some("D5")),
        ("dest == 'Chnia'", 9, Some("CN")),
        ("tpp", 1, None),
        ("4800", 1, None),
        ("'a'", 1, None),
        ("vendor > 'a'", 8, None),
        ("dc == True", 7, Some("the name alone, such as 'dc'")),
        ("tpp == None", 5, Some("is None")),
        ("tpp is 4800", 8, Some("==")),
        ("vendor in 'NVIDIA'", 11, None),
        ("current == 'free_'", 12, Some("free")),
        ("kind == 'gpus'", 9, None),
        ("tpp * 2 > 1", 5, None),
        ("tpp >= 4800 dc", 13, None),
        ("(tpp >= 4800", 13, None),
        ("tpp >= 48oo", 8, None),
        ("vendor in ()", 11, None),
        ("vendor == 'NVIDIA", 11, None),
        ("tpp not 4800", 9, None),
        ("os.system", 3, None),
        ("", 1, None),
        (deep.as_str(), 65, None),
    ] {
        let shown = &text[..text.len().min(20)];
        let problem = Predicate::parse(text, &book.groups).expect_err(shown);
        assert_eq!((problem.line, problem.column), (Some(1), Some(column)), "{shown}: {problem}");
        assert_eq!(problem.suggestion.as_deref(), suggestion, "{shown}");
    }
}

#[test]
fn a_bad_condition_is_found_at_its_place_in_the_file() {
    let text = "[[rule]]\neffective = 2026-01-01\ndeny = \"tpp >= 4800 && dc\"\ndestinations = [\"D5\", \"MO\"]\n";
    let problems = RuleBook::none().rules_from_toml(text, "policy.toml").unwrap_err();
    let problem = &problems.0[0];
    // `deny = "` takes eight characters; `&&` stands at the thirteenth of the condition.
    assert_eq!((problem.line, problem.column, problem.key.as_deref()), (Some(3), Some(8 + 13), Some("deny")));
    assert_eq!(problem.file.as_deref(), Some("policy.toml"));
}

/// Conditions of the language, to be taken apart at random places too.
fn condition() -> impl Strategy<Value = String> {
    let quantity = prop_oneof![Just("tpp"), Just("pd"), Just("io"), Just("dram_bw"), Just("dram_bw + io")];
    let relation = prop_oneof![Just("<"), Just("<="), Just(">"), Just(">="), Just("=="), Just("!=")];
    let leaf = (quantity, relation, 0_u32..40_000).prop_map(|(q, r, number)| format!("{q} {r} {number}"));
    let flag = prop_oneof![Just("dc".to_string()), Just("hq_d5".to_string()), Just("dest in D5".to_string())];
    prop_oneof![leaf, flag].prop_recursive(4, 24, 3, |inner| {
        (inner.clone(), inner, 0..3).prop_map(|(a, b, shape)| match shape {
            0 => format!("({a}) and ({b})"),
            1 => format!("({a}) or ({b})"),
            _ => format!("not ({a})"),
        })
    })
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "\\PC*") {
        let _ = Predicate::parse(&text, &RuleBook::none().groups);
    }

    #[test]
    fn broken_conditions_never_panic(text in condition(), cut in 0_usize..200, noise in "[()'\"\\[\\]., a-z0-9<>=!+-]{0,8}") {
        let cut = cut.min(text.len());
        let broken = format!("{}{noise}{}", &text[..cut], &text[cut..]);
        let _ = Predicate::parse(&broken, &RuleBook::none().groups);
    }

    #[test]
    fn a_condition_and_its_opposite_are_opposites_also_where_a_figure_is_unknown(text in condition(), unknown in 0_usize..4) {
        let book = RuleBook::none();
        let mut scope = scope(&book.groups);
        scope.figures[unknown] = Figure::Unknown;
        let plain = Predicate::parse(&text, &book.groups).unwrap().holds(&scope);
        let opposite = Predicate::parse(&format!("not ({text})"), &book.groups).unwrap().holds(&scope);
        prop_assert_eq!(opposite, !plain);
    }

    #[test]
    fn what_holds_with_an_unknown_figure_holds_for_every_value_of_it(text in condition(), value in 0.0_f64..40_000.0) {
        let book = RuleBook::none();
        let predicate = Predicate::parse(&text, &book.groups).unwrap();
        let mut scope = scope(&book.groups);
        scope.figures[Quantity::Io as usize] = Figure::Unknown;
        let general = predicate.holds(&scope);
        scope.figures[Quantity::Io as usize] = Figure::Known(value);
        let single = predicate.holds(&scope);
        prop_assert!(general == Truth::Maybe || general == single);
    }
}
