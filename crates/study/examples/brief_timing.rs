#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]
use study::{
    brief,
    ensemble::Watch,
    ground::{Ground, Inputs},
    scenario::{Known, Scenario},
};
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let facts = facts::Facts::load(None).unwrap();
    let book = rules::RuleBook::builtin();
    let registry = world::Registry::load(None).unwrap();
    let known = Known::of(&facts, &registry);
    let scenario = Scenario::load(None, &args, &known).unwrap();
    let t = std::time::Instant::now();
    let ground = Ground::new(
        Inputs {
            facts: &facts,
            book: &book,
            registry: &registry,
            folder: None,
            policies_in: std::path::Path::new("."),
        },
        scenario,
    )
    .unwrap();
    eprintln!("ground {:?}", t.elapsed());
    let mut run = ground.world.trajectory();
    let draw = registry.central();
    let t1 = std::time::Instant::now();
    for _ in 0..200 {
        ground.world.run(&ground.policies[0].compiled, &draw, &world::Variant::default(), &mut run);
    }
    eprintln!("one run {:?}, series {}", t1.elapsed() / 200, run.all().len());
    eprintln!("{:?}", run.check_accounts());
    let dir = std::env::var("OUT_DIR_BRIEF").unwrap_or("/tmp/brief".into());
    let folder = study::run_folder::RunFolder::begin(std::path::Path::new(&dir), "brief", true).unwrap();
    let mut file = folder.create("runs.csv").unwrap();
    let t = std::time::Instant::now();
    let last = std::sync::Mutex::new(std::time::Duration::ZERO);
    let progress = |d: u64, n: u64| {
        if d == 1 || d == n {
            let e = t.elapsed();
            *last.lock().unwrap() = e;
            eprintln!("{d}/{n} {e:?}");
        }
    };
    static NO: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
    let brief::Ended::Done(b) = brief::run(&ground, Watch { progress: &progress, cancel: &NO }, &mut file).unwrap()
    else {
        panic!()
    };
    eprintln!("brief {:?}", t.elapsed());
    folder.write_brief(&b, &ground, "0.1.0").unwrap();
    folder.finish("brief").unwrap();
    println!("{:?}", b.counts);
    for c in &b.claims {
        println!(
            "{} {:?} (votes {:?}) {:?} needs {:?} built_in {:?}",
            c.id,
            c.verdict,
            c.verdict_by_votes,
            c.votes,
            c.needs,
            c.built_in.as_ref().map(|x| (x.verdict, x.same_verdict))
        );
        println!(
            "   camps {:?}",
            c.camps
                .iter()
                .map(|k| format!("{} {}/{}/{}", k.camp, k.votes.in_favour, k.votes.against, k.votes.neither))
                .collect::<Vec<_>>()
        );
        println!(
            "   horizons {:?}",
            c.horizons.iter().map(|h| format!("{} {:?}", h.quarter, h.verdict)).collect::<Vec<_>>()
        );
        println!(
            "   depends {:?} of {}",
            c.depends_on
                .iter()
                .map(|d| format!("{} {:?}->{:?}", d.input, d.verdict_low, d.verdict_high))
                .collect::<Vec<_>>(),
            c.depends_on_tested.len()
        );
        for (k, m) in &c.metrics {
            println!("     {k} [{}] {:?} {:?} {:?} n{}", m.unit, m.p5, m.p50, m.p95, m.n);
        }
        println!("   counter {:?}", c.counter_case.codes);
        for (k, m) in &c.counter_case.metrics {
            println!("     {k} [{}] {:?} {:?} {:?}", m.unit, m.p5, m.p50, m.p95);
        }
    }
}
