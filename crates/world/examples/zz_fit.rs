#![allow(missing_docs, clippy::all, clippy::pedantic, clippy::print_stdout, clippy::unwrap_used)]
use ::world::*;
fn cube(seed: u64, length: usize) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (0..length)
        .map(|_| {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        })
        .collect()
}
fn main() {
    let facts = facts::Facts::load(None).unwrap();
    let book = rules::RuleBook::builtin();
    let mut registry = Registry::load(None).unwrap();
    let mut n = 150;
    for a in std::env::args().skip(1) {
        if let Some((d, c)) = a.split_once('/') {
            registry = registry.with_camp(d, c).unwrap();
        } else {
            n = a.parse().unwrap()
        }
    }
    let w =
        World::new(&Sources { facts: &facts, book: &book, registry: &registry, folder: None }, &RunOptions::default())
            .unwrap();
    let c = w.compile(&policy::builtin("history", &book).unwrap()).unwrap();
    let mut t = w.trajectory();
    let mut all = vec![];
    for seed in 0..n {
        let draw = registry.draw(&cube(seed, registry.sampled().len()));
        w.run(&c, &draw, &Variant::default(), &mut t);
        all.push(w.modelled(&draw, &t));
    }
    let central = registry.central();
    w.run(&c, &central, &Variant::default(), &mut t);
    let (mut inb, mut tot) = (0, 0);
    let mut last = String::new();
    let (mut si, mut st) = (0, 0);
    for (i, o) in w.observations().iter().enumerate() {
        let mut v: Vec<f64> = all.iter().map(|a| a[i]).filter(|x| x.is_finite()).collect();
        v.sort_by(f64::total_cmp);
        let q = |p: f64| v[((v.len() - 1) as f64 * p) as usize];
        let name = format!("{} {:?} {:?}", o.series, o.bloc, o.camp);
        if name != last {
            if st > 0 {
                println!("  -> {si}/{st}");
            }
            println!("{name} [{}]", o.unit);
            last = name;
            si = 0;
            st = 0;
        }
        let ok = q(0.05) <= o.high.unwrap_or(o.observed) && o.low.unwrap_or(o.observed) <= q(0.95);
        if !o.anchor {
            tot += 1;
            st += 1;
            if ok {
                inb += 1;
                si += 1;
            }
        }
        println!(
            "   {} obs {:.4e} p5 {:.4e} p50 {:.4e} p95 {:.4e} {} {}",
            o.quarter,
            o.observed,
            q(0.05),
            q(0.5),
            q(0.95),
            if o.anchor {
                "ANCHOR"
            } else if ok {
                "in"
            } else {
                "OUT"
            },
            format!("x{:.2}", q(0.5) / o.observed)
        );
    }
    println!("  -> {si}/{st}");
    println!("IN BAND {inb} of {tot} = {:.1} %", 100.0 * inb as f64 / tot as f64);
    let pr = |v: Variable| {
        for b in 0..=3 {
            print!("{} {}:", v.name(), b);
            for q in [0usize, 3, 7, 11, 15, 19, 23, 27, 31, 35, 45, 55] {
                print!(" {:.3e}", t.get(v, b)[q]);
            }
            println!();
        }
    };
    for v in [
        Variable::TrainFlop,
        Variable::EffectiveTrainFlop,
        Variable::AlgorithmicEfficiency,
        Variable::CapabilityIndex,
        Variable::CapabilityLag,
        Variable::ServicePrice,
        Variable::ServiceCost,
        Variable::Markup,
        Variable::Utilisation,
        Variable::TokensUsed,
        Variable::ServingSoftware,
        Variable::SmallerModels,
        Variable::AiCapex,
        Variable::TrainingUsd,
    ] {
        pr(v);
    }
    for v in [Variable::Adoption, Variable::Value] {
        for b in 0..=3 {
            for s in [0, 1, 2, 3, 4] {
                print!("{} b{} s{}:", v.name(), b, s);
                for q in [0usize, 7, 11, 15, 19, 23, 27, 31, 35, 45, 55] {
                    print!(" {:.3e}", t.sector(v, b, s)[q]);
                }
                println!();
            }
        }
    }
    let ticks =
        || std::fs::read_to_string("/proc/self/stat").unwrap().split(' ').nth(13).unwrap().parse::<f64>().unwrap();
    let start = ticks();
    for _ in 0..3000 {
        w.run(&c, &central, &Variant::default(), &mut t);
    }
    println!("us/run {:.1}", (ticks() - start) * 1e4 / 3000.0);
}
