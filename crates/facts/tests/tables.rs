//! The built-in tables: what holds for every row, and known answers of the look-ups.

#![allow(clippy::unwrap_used)] // a test may stop where it stands

use std::collections::{BTreeMap, BTreeSet};

use facts::{Facts, Kind, ProviderClass, Select, country::Country};
use units::{Confidence, Date, Provenance};

fn facts() -> Facts {
    Facts::load(None).unwrap_or_else(|problems| panic!("{problems}"))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn every_provenance(facts: &Facts) -> Vec<(String, &Provenance)> {
    let mut all = Vec::new();
    macro_rules! add {
        ($($table:ident),*) => {
            $(all.extend(facts.$table.iter().map(|row| (stringify!($table).to_string(), &row.provenance)));)*
        };
    }
    add!(chips, models, model_scores, countries, rental_prices, capital_costs, electricity_prices, api_prices);
    add!(workloads, sectors, macro_economy, supply, history, events, lever_effects, licence_flow, successors);
    all
}

#[test]
fn every_built_in_table_loads_and_is_not_empty() {
    let facts = facts();
    assert_eq!(facts.chips.len(), 102);
    assert_eq!(facts.countries.len(), 249, "ISO 3166-1 has 249 codes");
    for (_, kind) in &Kind::WORDS {
        assert!(!facts.list(*kind).is_empty(), "{}", kind.name());
    }
    assert!(facts.export_rules_text.contains("[[rule]]"));
    assert!(facts.texts().iter().map(|(name, _)| name).is_sorted());
}

#[test]
fn the_readme_states_how_many_rows_each_table_has() {
    let readme = include_str!("../../../data/README.md");
    let mut checked = 0;
    for line in readme.lines().filter(|line| line.starts_with("| ") && line.contains(".csv")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        for (name, rows) in cells[1].split(", ").zip(cells[2].split(", ")).filter(|(_, rows)| !rows.is_empty()) {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(name);
            let text = units::read_text(&path).unwrap();
            let records = csv::Reader::from_reader(text.as_bytes()).into_records().count();
            assert_eq!(rows.parse(), Ok(records), "{name}");
            checked += 1;
        }
    }
    assert!(checked >= 23, "only {checked} tables state their rows");
}

#[test]
fn every_listed_row_says_where_it_is_from_and_has_an_id_of_its_own() {
    let facts = facts();
    for (name, kind) in Kind::WORDS {
        let rows = facts.list(kind);
        let ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert!(ids.is_sorted(), "{name}");
        for pair in ids.windows(2) {
            assert_ne!(pair[0], pair[1], "{name}");
        }
        for row in &rows {
            for key in ["source", "date", "licence", "confidence"] {
                assert!(row[key].as_str().is_some_and(|text| !text.is_empty()), "{name} {} {key}", row["id"]);
            }
        }
    }
}

#[test]
fn what_is_recalled_or_assumed_is_never_more_than_low() {
    for (table, provenance) in every_provenance(&facts()) {
        let source = provenance.source.to_lowercase();
        let weak = ["recalled", "unverified", "assumption", "not recorded"].iter().any(|word| source.starts_with(word));
        assert!(!weak || provenance.confidence == Confidence::Low, "{table}: {}", provenance.source);
    }
}

#[test]
fn no_row_names_a_path_of_some_machine() {
    for (table, provenance) in every_provenance(&facts()) {
        assert!(!provenance.source.contains("/work") && !provenance.source.contains("data/world"), "{table}");
    }
}

#[test]
fn history_holds_nothing_of_2026() {
    for figure in &facts().history {
        assert!(figure.period.last <= day("2025-12-31"), "{}", figure.id());
    }
}

#[test]
fn a_name_finds_one_thing_only() {
    let facts = facts();
    let mut owner: BTreeMap<String, &str> = BTreeMap::new();
    for chip in &facts.chips {
        for name in chip.aliases.iter().chain([&chip.id]) {
            assert_eq!(owner.insert(name.to_lowercase(), &chip.id), None, "{name}");
        }
    }
    let mut owner: BTreeMap<String, &str> = BTreeMap::new();
    for country in &facts.countries {
        for name in country.aliases.iter().chain([&country.id]) {
            // A country may have one name twice, in capitals and not.
            assert_eq!(*owner.entry(name.to_lowercase()).or_insert(&country.id), country.id, "{name}");
        }
    }
}

#[test]
fn chips_are_found_by_their_common_names() {
    let facts = facts();
    for (name, id) in [
        ("h100", "h100-sxm"),
        ("H100", "h100-sxm"),
        ("h200", "h200-sxm"),
        ("a100", "a100-80-sxm"),
        ("b200", "b200"),
        ("mi300x", "mi300x"),
        ("gb200", "gb200-nvl72"),
        ("h20", "h20-96"),
        ("910c", "ascend-910c"),
        (" trillium ", "tpu-v6e"),
    ] {
        assert_eq!(facts.chip(name).unwrap().id, id);
    }
    let problem = facts.chip("h100-smx").unwrap_err();
    assert_eq!((problem.code, problem.suggestion.as_deref()), ("unknown_chip", Some("h100-sxm")));
}

#[test]
fn geforce_cards_run_16_bit_work_at_half_the_peak_that_the_rules_count() {
    let facts = facts();
    let card = facts.chip("rtx-4090").unwrap();
    assert_eq!(card.tpp().unwrap().0.round(), 5_285.0);
    assert_eq!(card.dense_op_per_s.of(units::Dtype::Bf16), Some(165.15e12));
    let server = facts.chip("h100").unwrap();
    assert_eq!(server.dense_op_per_s.of(units::Dtype::Bf16), Some(989.5e12));
}

#[test]
fn countries_are_found_by_code_common_name_and_the_regulations_spelling() {
    let facts = facts();
    let id = |name: &str| facts.country(name).unwrap().id.clone();
    for name in ["cn", "China", "China (PRC)", "PRC"] {
        assert_eq!(id(name), "CN");
    }
    assert_eq!([id("Korea, South"), id("South Korea"), id("kr")], ["KR", "KR", "KR"]);
    assert_eq!([id("UAE"), id("Turkey"), id("Türkiye"), id("Burma")], ["AE", "TR", "TR", "MM"]);
    assert_eq!(facts.country("Hong Kong").map(Country::rules_code).unwrap(), "CN");
    assert_eq!(facts.country("Macau").map(Country::rules_code).unwrap(), "MO");
    assert_eq!(facts.country("Germny").unwrap_err().suggestion.as_deref(), Some("DE"));
}

#[test]
fn every_country_in_the_groups_of_the_export_rules_is_known() {
    let facts = facts();
    let rules: toml::Table = facts.export_rules_text.parse().unwrap();
    let groups = rules["groups"].as_table().unwrap();
    let mut codes = 0;
    for code in groups.values().filter_map(toml::Value::as_array).flatten().filter_map(toml::Value::as_str) {
        assert_eq!(facts.country(code).unwrap().id, code);
        codes += 1;
    }
    assert!(codes > 100, "{codes}");
}

#[test]
fn the_rent_of_an_h100_is_the_median_of_what_neoclouds_asked_in_september_2026() {
    // Voltage Park 1.99, Hyperstack 3.20, RunPod 3.49, Nebius 3.85, Crusoe 3.90, Lambda 3.99, Together 3.99,
    // DigitalOcean 4.41, CoreWeave 6.155: the fifth of nine.
    let price = facts().rental("h100-sxm", day("2026-11-23")).unwrap();
    assert_eq!((price.median, price.low, price.high, price.rows), (3.9, 1.99, 6.155, 9));
    assert_eq!(price.provider_class, ProviderClass::Neocloud);
    assert_eq!(price.period.to_string(), "2026-09-19");
}

#[test]
fn rent_falls_back_on_another_class_of_provider_and_says_so_but_never_on_another_chip() {
    let facts = facts();
    let tpu = facts.rental("tpu-v6e", day("2024-12-01")).unwrap();
    assert_eq!(tpu.provider_class, ProviderClass::Hyperscaler);
    assert_eq!(facts.rental("h20-96", day("2026-01-01")).unwrap_err().code, "no_rental_price");
}

#[test]
fn prices_of_tables_belong_to_chips_and_models_that_exist() {
    let facts = facts();
    for row in &facts.rental_prices {
        assert_eq!(facts.chip(&row.chip).unwrap().id, row.chip);
    }
    for chip in facts.capital_costs.iter().filter_map(|row| row.chip.as_ref()) {
        assert_eq!(&facts.chip(chip).unwrap().id, chip);
    }
    for id in facts.api_prices.iter().flat_map(|row| &row.model_ids) {
        assert_eq!(&facts.model(id).unwrap().id, id);
    }
}

#[test]
fn owning_takes_the_nearest_price_of_a_server_or_of_the_chip() {
    let facts = facts();
    let h100 = facts.chip("h100").unwrap();
    // An eight-chip server at 285,000 USD.
    let now = facts.owning(h100, day("2026-11-23")).unwrap();
    assert_eq!(now.server_usd.central, 285_000.0 / 8.0);
    // In 2023 a chip was 34,641 USD, and no server price is as near: times 1.29.
    let then = facts.owning(h100, day("2023-06-01")).unwrap();
    assert!((then.server_usd.central - 34_641.0 * 1.29).abs() < 0.01);
    assert!(now.allin_w.unwrap().central == 1370.0 && now.pue.low <= now.pue.central);
    // By hand: (35,625 x 1.233 / 5 y + 11.43 x 1370 / 14 y) over 8766 h, plus 1.37 kW x 0.71 x 1.14 x 0.0862,
    // times 1.275, is 1.56 USD/h; SemiAnalysis has 1.55 for neoclouds in July 2026.
    let capital = now.server_usd.central * (1.0 + now.network_fraction.central) / now.server_life_years.central
        + now.facility_usd_per_w.central * 1370.0 / now.facility_life_years.central;
    let power = 1.37 * now.power_utilisation_fraction.central * now.pue.central * 0.0862;
    let per_hour = (capital / 8766.0 + power) * (1.0 + now.overhead_fraction.central);
    assert!((per_hour - 1.56).abs() < 0.01, "{per_hour}");
    assert!((per_hour / 1.55 - 1.0).abs() < 0.05);
    let unknown = facts.chip("ascend-950dt").unwrap();
    assert_eq!(facts.owning(unknown, day("2026-01-01")).unwrap_err().code, "no_purchase_price");
}

#[test]
fn electricity_is_that_of_the_country_or_unknown() {
    let facts = facts();
    let us = facts.electricity("US", None, day("2025-07-01")).unwrap();
    assert_eq!((us.class.as_str(), us.usd_per_kwh.central, us.region.as_deref()), ("industrial", 0.0862, None));
    let subsidised = facts.electricity("CN", Some("subsidised"), day("2026-01-01")).unwrap();
    assert_eq!(subsidised.usd_per_kwh.central, 0.056);
    assert_eq!(facts.electricity("AQ", None, day("2026-01-01")).unwrap_err().code, "no_electricity_price");
}

#[test]
fn a_token_price_is_the_latest_of_each_provider_on_the_day() {
    let facts = facts();
    let deepseek = |on: &str| {
        let rows = facts.api_prices_of("deepseek-ai/DeepSeek-V3", day(on));
        rows.into_iter().find(|row| row.provider == "deepseek").map(|row| row.output_usd_per_mtok)
    };
    // DeepSeek's own price list: 0.28 at the launch of V3, 1.10 from 8 February 2025.
    assert_eq!(deepseek("2025-01-15"), Some(0.28));
    assert_eq!(deepseek("2025-03-01"), Some(1.1));
    assert_eq!(deepseek("2024-12-01"), None);
    assert_eq!(deepseek("2026-06-01"), None, "by then the offer serves a later model");
    assert!(!facts.api_prices_of("gpt-5", day("2026-01-01")).is_empty(), "a closed model by its own name");
    assert!(facts.api_prices.iter().all(|row| row.output_usd_per_mtok > 0.0), "a free tier is no price");
}

#[test]
fn the_chinese_share_of_bandwidth_rises_with_the_h20_and_falls_after_april_2025() {
    let facts = facts();
    let share = |quarter: &str| {
        let rows = Select::series("china_cumulative_share_bandwidth_fraction").from(&facts.history);
        rows.iter().find(|row| row.period.to_string() == quarter).unwrap().value
    };
    // WORLD V5: 11.2, then 20.0, then 16.0 %.
    assert_eq!([share("2023Q4"), share("2024Q4"), share("2025Q4")], [0.1122, 0.1999, 0.1599]);
}

#[test]
fn sales_of_a_chip_to_china_never_exceed_its_sales_to_the_world() {
    let facts = facts();
    let of = |bloc| {
        let select = Select { series: "chip_sales_units", bloc: Some(bloc), ..Select::default() };
        select.from(&facts.history).into_iter().map(|f| ((f.entity.clone(), f.period), f.value))
    };
    let world: BTreeMap<_, _> = of("world").collect();
    let mut compared = 0;
    for (key, value) in of("china") {
        // Huawei's and Cambricon's sales are in the Chinese rows alone.
        let Some(all) = world.get(&key) else { continue };
        assert!(value <= all * 1.0001, "{key:?}");
        compared += 1;
    }
    assert!(compared > 15, "{compared}");
}

#[test]
fn a_fact_is_shown_by_id_alias_or_group() {
    let facts = facts();
    let shown = facts.show(Kind::Chips, "h100").unwrap();
    assert_eq!((shown.len(), shown[0]["id"].as_str()), (1, Some("h100-sxm")));
    assert_eq!(shown[0]["tpp"].as_f64().map(f64::round), Some(15_832.0));
    let prices = facts.show(Kind::Prices, "H100").unwrap();
    assert!(prices.len() > 30 && prices.iter().all(|row| row["chip"] == "h100-sxm"));
    let health = facts.show(Kind::Sectors, "healthcare").unwrap();
    let series: BTreeSet<&str> = health.iter().filter_map(|row| row["series"].as_str()).collect();
    assert!(series.contains("value_added_share_fraction") && series.contains("llm_task_exposure_beta_fraction"));
    assert_eq!(facts.show(Kind::Sectors, "helthcare").unwrap_err().suggestion.as_deref(), Some("healthcare"));
    assert_eq!(facts.show(Kind::Chips, "h1000-sxm").unwrap_err().code, "unknown_chip");
}

#[test]
fn memory_that_drivers_report_is_close_to_the_label_read_in_powers_of_two() {
    let facts = Facts::load(None).unwrap();
    let known: Vec<_> = facts.chips.iter().filter_map(|chip| Some((chip, chip.memory_driver_bytes?))).collect();
    assert!(known.len() >= 30);
    for (chip, reported) in known {
        let label = chip.memory_bytes / 1e9 * f64::from(1 << 30);
        let share = reported / label;
        assert!((0.93..1.01).contains(&share), "{}: {reported} of {label}", chip.id);
    }
    // 81,559 MiB, modal-labs/modal-client pull request 2797.
    assert_eq!(facts.chip("h100").unwrap().memory_driver_bytes, Some(85_520_809_984.0));
}
