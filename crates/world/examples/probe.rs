use ::world::{Registry, RunOptions, Sources, Variable, Variant, World, policy};
use facts::Facts;
use rules::RuleBook;
use units::Quarter;
fn main() {
    let facts = Facts::load(None).unwrap();
    let book = RuleBook::builtin();
    let mut registry = Registry::load(None).unwrap();
    let arg: Vec<String> = std::env::args().collect();
    let freeze = arg.get(1).map(String::as_str).unwrap_or("-");
    let id = arg.get(2).map(String::as_str).unwrap_or("history");
    let q = |s: &str| {
        let (y, n) = s.split_once('Q').unwrap();
        Quarter::new(y.parse().unwrap(), n.parse().unwrap())
    };
    let mut options = RunOptions::default();
    let frozen = freeze.starts_with('F');
    if frozen {
        let f = q(&freeze[1..]);
        registry = registry.known_at(f, None).unwrap();
        options.policy_start = f + 1;
        options.until = Quarter::new(2027, 4);
    } else if freeze != "-" {
        options.policy_start = q(freeze);
    }
    for c in arg.iter().skip(3) {
        let (d, c) = c.split_once('/').unwrap();
        registry = registry.with_camp(d, c).unwrap();
    }
    let sources = Sources { facts: &facts, book: &book, registry: &registry, folder: None };
    let world = if frozen {
        World::frozen(&sources, &options, q(&freeze[1..])).unwrap()
    } else {
        World::new(&sources, &options).unwrap()
    };
    let policy = world.compile(&policy::builtin(id, &book).unwrap()).unwrap();
    let mut t = world.trajectory();
    world.run(&policy, &registry.central(), &Variant::default(), &mut t);
    t.check_accounts().unwrap();
    println!(
        "quarter  | capexG us cn rest | cn units imp leak dom (k) | denied G cn | salesPF us cn rest  share bw% | us util | vendors k"
    );
    for (i, quarter) in t.quarters().iter().enumerate() {
        let g = |v: Variable, b: usize| t.get(v, b)[i];
        let vend: Vec<String> =
            (0..t.vendors().len()).map(|v| format!("{:.0}", t.vendor(Variable::VendorUnits, v)[i] / 1e3)).collect();
        let w = 3;
        println!(
            "{quarter} | {:6.0} {:5.0} {:5.0} | {:6.0} {:5.0} {:5.0} | {:5.1} | {:9.2e} {:8.2e} {:8.2e} f{:4.1} b{:4.1} | {:.2} {:.2} {:.2} | {}",
            g(Variable::AiCapex, 0) / 1e9,
            g(Variable::AiCapex, 1) / 1e9,
            g(Variable::AiCapex, 2) / 1e9,
            g(Variable::ImportUnits, 1) / 1e3,
            g(Variable::LeakUnits, 1) / 1e3,
            g(Variable::DomesticUnits, 1) / 1e3,
            g(Variable::ExportValueDenied, 1) / 1e9,
            g(Variable::SalesFlop, 0),
            g(Variable::SalesFlop, 1),
            g(Variable::SalesFlop, 2),
            100.0 * g(Variable::SalesFlop, 1) / g(Variable::SalesFlop, w),
            100.0 * g(Variable::SalesByte, 1) / g(Variable::SalesByte, w),
            g(Variable::Utilisation, 0),
            g(Variable::Utilisation, 1),
            g(Variable::Utilisation, 2),
            vend.join(" ")
        );
    }
}
