fn main() {
    let facts = facts::Facts::load(None).unwrap();
    let book = rules::RuleBook::builtin();
    let registry = world::Registry::load(None).unwrap();
    let past = study::hindcast::Past::new(&world::Sources { facts: &facts, book: &book, registry: &registry, folder: None });
    let names: Vec<String> = std::env::args().skip(1).collect();
    let t = std::time::Instant::now();
    for h in study::hindcast::run(&names, &past, |_, _| true).unwrap().unwrap() {
        println!("{} {:?} n={} ind={} {:?} placebo={:?}\n  reason {:?}\n  notes {:?}", h.id, h.status, h.n_points, h.n_independent, h.score, h.placebo, h.reason, h.notes);
        if names.len() == 1 { for p in &h.points { println!("   {} {}->{} truth {:.4} [{:?} {:?}] p {:.4} {:.4} {:.4} naive {:.4}", p.series, p.freeze, p.at, p.truth, p.truth_lo, p.truth_hi, p.p5, p.p50, p.p95, p.naive); } }
        eprintln!("{:?}", t.elapsed());
    }
}
