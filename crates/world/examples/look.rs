#![allow(clippy::all, clippy::pedantic, clippy::print_stdout, clippy::unwrap_used)]
use ::world::*;
fn main() {
    let t = std::time::Instant::now();
    let facts = facts::Facts::load(None).unwrap_or_else(|e| panic!("{e}"));
    let book = rules::RuleBook::builtin();
    let registry = Registry::load(None).unwrap_or_else(|e| panic!("{e}"));
    println!("facts {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let sources = Sources { facts: &facts, book: &book, registry: &registry, folder: None };
    let wd = World::new(&sources, &RunOptions::default()).unwrap_or_else(|e| panic!("{e}"));
    println!("world {:?} chips {}", t.elapsed(), wd.chips().len());
    let args: Vec<String> = std::env::args().collect();
    if args.get(1).map(String::as_str) == Some("chips") {
        for c in wd.chips() {
            println!(
                "{:38} {} {} flop {:.2e} bw {:.2e} price {:.0} P {:.0} D {:.0} e {:.2} pw {:.0}",
                c.chip.id,
                c.available,
                c.withdrawn,
                c.flop_per_s,
                c.byte_per_s,
                c.price_usd,
                c.prefill_tok_per_s,
                c.decode_tok_per_s,
                c.decode_bandwidth_elasticity,
                c.power_w
            );
        }
        return;
    }
    let draw = registry.central();
    if args.get(1).map(String::as_str) == Some("time") {
        let mut tr = wd.trajectory();
        let c = wd.compile(&policy::builtin("history", &book).unwrap()).unwrap();
        let t = std::time::Instant::now();
        for _ in 0..20000 {
            wd.run(&c, &draw, &Variant::default(), &mut tr);
        }
        println!("run {:?}", t.elapsed() / 20000);
        return;
    }
    if args.get(1).map(String::as_str) == Some("sum") {
        let mut tr = wd.trajectory();
        let at = 35;
        for id in policy::builtin_ids() {
            let pol = policy::builtin(id, &book).unwrap();
            let c = wd.compile(&pol).unwrap();
            wd.run(&c, &draw, &Variant::default(), &mut tr);
            let s = |v: Variable, b: usize| tr.get(v, b)[at];
            let n = tr.sectors().len();
            println!(
                "{id:24} T tok {:.3e} train {:.2e} eff {:.2e} price {:.2e} adopt {:.4} V {:.3e} | U tok {:.2e} V {:.4e} ad {:.4} capex {:.3e} | R price {:.3e} V {:.3e} CNshare {:.3} USshare {:.3} | denied {:.2e} lost {:.2e} leak {:.2e} dom {:.2e} imp {:.2e} {:?}",
                s(Variable::TokensUsed, 1),
                s(Variable::TrainFlop, 1),
                s(Variable::EffectiveTrainFlop, 1),
                s(Variable::ServicePrice, 1),
                tr.sector(Variable::Adoption, 1, n)[at],
                tr.sector(Variable::Value, 1, n)[at],
                s(Variable::TokensUsed, 0),
                tr.sector(Variable::Value, 0, n)[at],
                tr.sector(Variable::Adoption, 0, n)[at],
                s(Variable::AiCapex, 0),
                s(Variable::ServicePrice, 2),
                tr.sector(Variable::Value, 2, n)[at],
                tr.ecosystem(2, 1, true)[at] + tr.ecosystem(2, 1, false)[at],
                tr.ecosystem(2, 0, true)[at] + tr.ecosystem(2, 0, false)[at],
                s(Variable::ExportValueDenied, 1),
                s(Variable::VendorRevenueForegone, 0),
                s(Variable::LeakUnits, 1),
                s(Variable::DomesticUnits, 1),
                s(Variable::ImportUnits, 1),
                tr.check_accounts()
            );
        }
        return;
    }
    let mut tr = wd.trajectory();
    let ids: Vec<&str> =
        if args.len() > 1 { args[1..].iter().map(String::as_str).collect() } else { policy::builtin_ids().to_vec() };
    for id in ids {
        let t = std::time::Instant::now();
        let pol = policy::builtin(id, &book).unwrap_or_else(|e| panic!("{e}"));
        let c = wd.compile(&pol).unwrap();
        let tc = t.elapsed();
        let t = std::time::Instant::now();
        for _ in 0..100 {
            wd.run(&c, &draw, &Variant::default(), &mut tr);
        }
        println!("== {id} compile {:?} run {:?} accounts {:?}", tc, t.elapsed() / 100, tr.check_accounts());
        let qs = [0usize, 8, 15, 16, 19, 27, 35, 55];
        println!(
            "{:44} {}",
            "",
            qs.iter().map(|q| format!("{:>10}", tr.quarters()[*q].to_string())).collect::<String>()
        );
        for v in Variable::ALL {
            let nb = tr.blocs().len();
            match v.dimension() {
                Dimension::Bloc => {
                    for b in 0..=nb {
                        let s = tr.get(v, b);
                        println!(
                            "{:36} {:6} {}",
                            v.name(),
                            if b < nb { &tr.blocs()[b] } else { "world" },
                            qs.iter().map(|q| format!("{:>10.3e}", s[*q])).collect::<String>()
                        );
                    }
                }
                Dimension::BlocSector => {
                    for b in 0..=nb {
                        let s = tr.sector(v, b, tr.sectors().len());
                        println!(
                            "{:36} {:6} {}",
                            v.name(),
                            if b < nb { &tr.blocs()[b] } else { "world" },
                            qs.iter().map(|q| format!("{:>10.3e}", s[*q])).collect::<String>()
                        );
                    }
                }
                Dimension::BlocOriginOpenness => {
                    for b in 0..nb {
                        for o in 0..nb {
                            for open in [false, true] {
                                let s = tr.ecosystem(b, o, open);
                                println!(
                                    "{:22} {:6} {:6} {:6} {}",
                                    "share",
                                    tr.blocs()[b],
                                    tr.blocs()[o],
                                    open,
                                    qs.iter().map(|q| format!("{:>10.3}", s[*q])).collect::<String>()
                                );
                            }
                        }
                    }
                }
                Dimension::Vendor => {
                    for k in 0..tr.vendors().len() {
                        let s = tr.vendor(v, k);
                        println!(
                            "{:36} {:6} {}",
                            v.name(),
                            tr.vendors()[k],
                            qs.iter().map(|q| format!("{:>10.3e}", s[*q])).collect::<String>()
                        );
                    }
                }
            }
        }
        println!("{:#?}", tr.accounts);
        if id == "history" {
            for (o, m) in wd.observations().iter().zip(wd.modelled(&draw, &tr)) {
                println!(
                    "{:28} {:6} {} obs {:.4e} model {:.4e} ratio {:.2} {}",
                    o.series,
                    o.bloc.as_deref().unwrap_or("-"),
                    o.quarter,
                    o.observed,
                    m,
                    m / o.observed,
                    if o.anchor { "anchor" } else { "" }
                );
            }
        }
    }
}
