#!/usr/bin/env python3
"""Compares this crate with SALib, the EMA Workbench and numpy: the same work, side by side, on this machine.

    python3 run.py [--venv DIR] [--runs FILE] [CASE ...]        cases: sobol delta lake prim

Makes a virtual environment (by default under the target folder) and installs the peers there, builds the crate's example
`peers` as anyone would (like numpy, it picks the instructions that it finds), runs both sides of each case and prints how
many times faster this crate is. Times are the least of several repetitions, without imports and without reading files.
Ratios are what to quote: seconds belong to one machine. Processor time is little disturbed by what else the machine does.
FILE holds Bryant and Lempert's 882 runs as the EMA Workbench has them; without it the PRIM case is skipped.
"""

import argparse, json, os, pathlib, subprocess, sys, time, venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("cases", nargs="*", help="which cases; all if none is named")
    arguments.add_argument("--venv", type=pathlib.Path, default=TARGET / "peers-venv")
    arguments.add_argument("--runs", type=pathlib.Path, default=ROOT.parent / "shared/data/exploratory/bryant_lempert_2010.csv")
    arguments.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    python = chosen.venv / "bin/python"
    if not chosen.inside:
        if not python.exists():
            venv.create(chosen.venv, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
        build = ["cargo", "build", "--quiet", "--release", "-p", "explore", "--example", "peers"]
        subprocess.run(build, cwd=ROOT, check=True)
        sys.exit(subprocess.run([python, __file__, "--inside", *sys.argv[1:]]).returncode)
    import warnings

    warnings.simplefilter("ignore")
    cases = {"sobol": sobol, "delta": delta, "lake": lake, "prim": lambda: prim(chosen.runs)}
    for name in chosen.cases or cases:
        cases[name]()


class Times:
    """Least wall and processor seconds."""

    def __init__(self, wall, processor):
        self.wall, self.processor = wall, processor


def ours(case, threads, *more):
    """Times and the result of this crate, with so many threads."""
    program = TARGET / "release/examples/peers"
    done = subprocess.run([program, case, *more], env={**os.environ, "RAYON_NUM_THREADS": str(threads)}, capture_output=True, check=True)
    answer = json.loads(done.stdout)
    return Times(answer["wall_s"], answer["processor_s"]), answer["result"]


def least(repetitions, work):
    """Times of some repetitions, and the last result."""
    wall, processor = [], []
    for _ in range(repetitions):
        start, used = time.perf_counter(), time.process_time()
        result = work()
        wall.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return Times(min(wall), min(processor)), result


def show(what, peer, one, all_cores):
    print(f"{what}: {peer.processor / one.processor:.1f} times as fast by processor time on 1 thread,", end=" ")
    print(f"{peer.wall / all_cores.wall:.1f} by wall time on {os.cpu_count()}", end=" ")
    print(f"(processor {peer.processor * 1e3:.4g} and {one.processor * 1e3:.4g} ms; wall {peer.wall * 1e3:.4g} and {all_cores.wall * 1e3:.4g} ms)", flush=True)


def ishigami_problem():
    import numpy as np

    return {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}


def sobol():
    """Sample, run and analyse Ishigami's function: N = 2^14, second order, 100 resamples."""
    from SALib.analyze import sobol
    from SALib.sample import sobol as sampler
    from SALib.test_functions import Ishigami

    problem = ishigami_problem()

    def work():
        sample = sampler.sample(problem, 2**14, calc_second_order=True, seed=1)
        return sobol.analyze(problem, Ishigami.evaluate(sample), calc_second_order=True, num_resamples=100, seed=1)

    seconds, peer = least(3, work)
    (one, result), (more, _) = ours("sobol", 1), ours("sobol", os.cpu_count())
    show("Sobol' indices against SALib", seconds, one, more)
    exact = [0.313905, 0.442411, 0, 0.557589, 0.442411, 0.243684, 0, 0.243684, 0]
    theirs = [*peer["S1"], *peer["ST"], peer["S2"][0, 1], peer["S2"][0, 2], peer["S2"][1, 2]]
    off = lambda values: max(abs(a - b) for a, b in zip(values, exact))
    print(f"    largest error of nine indices: SALib {off(theirs):.5f}, this crate {off(result):.5f}")


def delta():
    """Delta of 10,000 given runs of Ishigami's function. SALib resamples 100 times, for its interval and against its bias;
    this crate needs no resampling for either. `analyze` also makes two variants of delta beside the usual one ("raw"), so
    that one alone is timed as well."""
    import numpy as np
    from SALib.analyze import delta
    from SALib.sample import latin
    from SALib.test_functions import Ishigami

    problem = ishigami_problem()
    sample = latin.sample(problem, 10_000, seed=1)
    output = Ishigami.evaluate(sample)
    count = len(output)

    def raw():
        np.random.seed(1)
        classes = int(np.round(min(int(np.ceil(count ** (2 / (7 + np.tanh((1500 - count) / 500))))), 48)))
        grid, cuts = np.linspace(output.min(), output.max(), 100), np.linspace(0, count, classes + 1)
        more = (100, 0.95, count, "raw", None, "x", 50)
        return [delta.bias_reduced_delta(output, grid, sample[:, i], cuts, *more)[0] for i in range(3)]

    (one, result), (more, _) = ours("delta", 1), ours("delta", os.cpu_count())
    seconds, alone = least(1, raw)
    show("Delta against SALib's usual delta alone", seconds, one, more)
    seconds, full = least(1, lambda: delta.analyze(problem, sample, output, num_resamples=100, method="delta", seed=1))
    show("Delta against SALib's delta.analyze", seconds, one, more)
    for name, values in [("exact", [0.2632, 0.4248, 0.2104]), ("SALib, raw", alone), ("SALib, balanced", full["delta_balanced"]), ("this crate", result)]:
        print("    " + name.ljust(16), " ".join(f"{value:.4f}" for value in values))


def lake():
    """1,000 experiments with the lake over 100 years, as in the EMA Workbench's example_lake_model.py."""
    import math
    import numpy as np
    from ema_workbench import Constant, Model, RealParameter, ScalarOutcome, SequentialEvaluator
    from ema_workbench.em_framework.points import Policy
    from ema_workbench.examples.example_lake_model import lake_problem

    ranges = {"b": (0.1, 0.45), "q": (2.0, 4.5), "mean": (0.01, 0.05), "stdev": (0.001, 0.005), "delta": (0.93, 0.99)}
    releases = 0.1 * (np.arange(100) * 0.6180339887498949 % 1)  # as in examples/peers/lake.rs

    def workbench(samples):
        model = Model("lakeproblem", function=lake_problem)
        model.uncertainties = [RealParameter(name, *ends) for name, ends in ranges.items()]
        model.levers = [RealParameter(str(year), 0, 0.1) for year in range(100)]
        model.outcomes = [ScalarOutcome(name) for name in ("max_P", "utility", "inertia", "reliability")]
        model.constants = [Constant("alpha", 0.4), Constant("nsamples", samples)]
        policy = Policy("one", **{str(year): release for year, release in enumerate(releases)})
        with SequentialEvaluator(model) as evaluator:
            _, outcomes = evaluator.perform_experiments(1000, [policy])
        return [float(outcomes[name].mean()) for name in ("max_P", "utility", "inertia", "reliability")]

    def vectorised(samples):
        """All experiments and series at once; the tipping points by Newton's method as in `known::Lake`, all at once too."""
        random = np.random.default_rng(1)
        b, q, mean, sd, discount = (random.uniform(*ends, 1000) for ends in ranges.values())
        root = np.log(b) / (q - 1)
        while True:
            power = np.exp(q * root)
            step = ((q - 1) * root - np.log1p(power) - np.log(b)) / (q - 1 - q * power / (1 + power))
            root = root - step
            if np.abs(step).max() < 1e-12:
                break
        critical = np.exp(root)
        sigma = np.sqrt(np.log(1 + sd**2 / mean**2))
        normal = random.standard_normal((100, samples, 1000))
        inflow = np.exp(np.log(mean**2 / np.sqrt(sd**2 + mean**2)) + sigma * normal)
        x = np.zeros((100, samples, 1000))
        for year in range(1, 100):
            power = x[year - 1] ** q
            x[year] = (1 - b) * x[year - 1] + power / (1 + power) + releases[year - 1] + inflow[year - 1]
        largest = x.mean(axis=1).max(axis=0)
        utility = (0.4 * releases[:, None] * discount ** np.arange(100)[:, None]).sum(axis=0)
        inertia = np.full(1000, (np.abs(np.diff(releases)) > 0.02).sum() / 99)
        reliability = (x < critical).mean(axis=(0, 1))
        return [float(values.mean()) for values in (largest, utility, inertia, reliability)]

    for samples, case in [(1, "lake"), (100, "lake100")]:
        (one, result), (more, _) = ours(case, 1), ours(case, os.cpu_count())
        series = f"{samples} series of inflows"
        seconds, workbench_means = least(2 if samples == 1 else 1, lambda: workbench(samples))
        show(f"Lake, {series}, against the EMA Workbench", seconds, one, more)
        seconds, numpy_means = least(20 if samples == 1 else 2, lambda: vectorised(samples))
        show(f"Lake, {series}, against vectorised numpy", seconds, one, more)
        for name, values in [("EMA Workbench", workbench_means), ("numpy", numpy_means), ("this crate", result)]:
            print("    " + name.ljust(16), " ".join(f"{value:.3f}" for value in values))


def prim(path):
    """PRIM on Bryant and Lempert's runs, peels of one tenth, to box 21."""
    import csv
    import pandas as pd
    from ema_workbench.analysis import prim

    if not path.is_file():
        return print(f"PRIM: skipped, no runs at {path}")
    data = pd.read_csv(path, index_col=False)
    inputs, of_interest = data.iloc[:, 2:11], data.iloc[:, 15].values
    seconds, box = least(3, lambda: prim.Prim(inputs, of_interest, threshold=0.8, peel_alpha=0.1).find_box())
    tidy = TARGET / "bryant_lempert_runs.csv"
    with open(tidy, "w", newline="") as file:
        rows = [[*row[2:11], row[15]] for row in csv.reader(open(path))]
        csv.writer(file, lineterminator="\n").writerows(rows)
    (one, result), (more, _) = ours("prim", 1, tidy), ours("prim", os.cpu_count(), tidy)
    show("PRIM against the EMA Workbench", seconds, one, more)
    peer = box.peeling_trajectory.iloc[21]
    print(f"    box 21: coverage {peer['coverage']:.6f} {result[0]:.6f}, density {peer['density']:.6f} {result[1]:.6f}, mass {peer['mass']:.6f} {result[2]:.6f}")


if __name__ == "__main__":
    main()
