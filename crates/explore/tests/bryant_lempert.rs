//! PRIM on the runs of Bryant and Lempert, "Thinking inside the box" (Technol. Forecast. Soc. Change 77, 2010), against the
//! box that the EMA Workbench 2.5.3 finds there. The runs are in the shared data; without it the test is skipped.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails loudly and says what it skips")]

use explore::discovery::{Sample, prim::Prim};

type Runs = (Vec<String>, Vec<Vec<f64>>, Vec<bool>);

/// Bryant and Lempert's runs: nine inputs by name, and the runs of interest.
fn bryant_lempert() -> Option<Runs> {
    let shared = std::env::var_os("DOWNSTREAM_SHARED").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        std::path::PathBuf::from,
    );
    let path = shared.join("data/exploratory/bryant_lempert_2010.csv");
    let text = String::from_utf8(std::fs::read(path).ok()?).unwrap();
    let mut lines = text.lines();
    let names: Vec<String> = lines.next().unwrap().split(',').map(str::to_string).collect();
    let rows: Vec<Vec<f64>> = lines.map(|line| line.split(',').map(|field| field.parse().unwrap()).collect()).collect();
    let inputs = (2..11).map(|column| rows.iter().map(|row| row[column]).collect()).collect();
    let of_interest = rows.iter().map(|row| row[15] == 1.0).collect();
    Some((names[2..11].to_vec(), inputs, of_interest))
}

/// The design notes' figures: box 21 of the trajectory with peels of one tenth.
#[test]
fn the_box_of_bryant_and_lempert_is_found() {
    let Some((names, inputs, of_interest)) = bryant_lempert() else {
        eprintln!("skipped: the shared data is not there");
        return;
    };
    assert_eq!((of_interest.len(), of_interest.iter().filter(|interest| **interest).count()), (882, 89));
    let sample = Sample::new(&inputs, &of_interest).unwrap();
    let trajectory = Prim { peel: 0.1, ..Prim::default() }.find(&sample).unwrap();
    let found = &trajectory[21];
    assert!((found.coverage - 0.752_809).abs() < 1e-6, "{found:?}");
    assert!((found.density - 0.770_115).abs() < 1e-6, "{found:?}");
    assert!((found.mass - 0.098_639).abs() < 1e-6, "{found:?}");
    let wanted = [
        ("Total biomass", None, Some(755.8)),
        ("Demand elasticity", Some(-0.422), None),
        ("Biomass backstop price", Some(150.05), None),
        ("Cellulosic cost", Some(72.65), None),
    ];
    assert_eq!(found.restricted(), wanted.len());
    for (name, low, high) in wanted {
        let limits = found.limits[names.iter().position(|other| other == name).unwrap()];
        for (got, wanted) in [(limits.low, low), (limits.high, high)] {
            assert_eq!(got.is_some(), wanted.is_some(), "{name}: {limits:?}");
            let gap = got.unwrap_or(0.0) - wanted.unwrap_or(0.0);
            assert!(gap.abs() < 5e-4 * wanted.unwrap_or(1.0).abs().max(1.0), "{name}: {limits:?}");
        }
    }
}
