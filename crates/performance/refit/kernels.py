"""Distils measured kernel timings into data/kernels/CHIP.csv.gz, the tables that the table tier interpolates.

    python kernels.py KERNELS_FOLDER CHIPS_CSV OUTPUT_FOLDER [CHIP ...]

CHIPS_CSV is data/chips.csv. KERNELS_FOLDER has the layout GPU/FAMILY/ENGINE-VERSION/*.parquet of
ai-dynamo/aiconfigurator (Apache-2.0, times in milliseconds), and in infersim/ the files of alibaba/InferSim
(Apache-2.0, microseconds), which know some kernels of two more chips. Needs pandas and pyarrow; the one random choice, of what is
held out, is seeded, so that the same input gives the same bytes.

A table has a header row and one row a curve:

    class      operator class
    engine     whose kernel it is
    format     number format of the weights, of the cache for attention, 16 bits for collectives
    shape      the integers that fix the curve, in the order of SHAPES below
    times_us   times at the points of the class's grid [us], three digits; "-" where nothing was measured

Rows with class `grid` give a class's grid (row by row where it has two axes: batch, then length), those with class
`chip` the specification that the rooflines between the points use, those with class `source` where times come from.

held_out.csv.gz samples rows that are NOT in the tables, to measure the interpolation on.
"""

import csv
import glob
import gzip
import os
import sys

import numpy as np
import pandas as pd

SOURCE = "ai-dynamo/aiconfigurator@095f58a kernel files"
DATE, LICENCE, CONFIDENCE = "2026-11", "Apache-2.0", "confidence high"
CHIPS = {
    "a100-80-sxm": "a100_sxm", "h100-sxm": "h100_sxm", "h200-sxm": "h200_sxm", "b200": "b200_sxm", "b300": "b300_sxm",
    "gb200-nvl72": "gb200", "gb300-nvl72": "gb300", "l40s": "l40s", "rtx-pro-6000-bw": "rtx_pro_6000_server", "arc-b60": "b60",
}
# Chips of which InferSim has some kernels; where it has none the specification answers.
INFERSIM_CHIPS = {"h20-96": "h20", "h800-sxm": "h800"}
INFERSIM = "alibaba/InferSim kernel files"
FORMATS = {
    "bfloat16": "bf16", "fp8": "fp8", "fp8_block": "fp8_block", "nvfp4": "nvfp4", "int4_wo": "int4",
    "w4a16_mxfp4": "mxfp4",
}
# What fixes a curve, and the axes of its grid.
SHAPES = {
    "gemm": (["n", "k"], [[1, 4, 8, 16, 32, 64, 96, 128, 192, 256, 512, 768, 1024, 1536, 2048, 3072, 4096, 8192, 16384, 32768]]),
    "experts": (["hidden_size", "inter_size", "topk", "num_experts", "moe_tp_size", "moe_ep_size"],
                [[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768]]),
    "prefill_attention": (["head_dim", "window_size", "num_key_value_heads", "num_heads"],
                          [[1, 2, 4, 8, 16], [16, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768]]),
    "decode_attention": (["head_dim", "window_size", "num_key_value_heads", "num_heads"],
                         [[1, 2, 4, 8, 16, 32, 64, 128, 256, 512], [2, 32, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 131072]]),
    "latent_prefill": (["num_heads"], [[1, 2, 4, 8, 16], [16, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768]]),
    "latent_decode": (["num_heads"], [[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
                                      [2, 64, 256, 1024, 2048, 4096, 8192, 16384, 32768, 131072]]),
    "latent_absorb": (["num_heads"], [[1, 4, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384]]),
    "latent_expand": (["num_heads"], [[1, 4, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384]]),
    "delta_prefill": (["num_k_heads", "num_v_heads"],
                      [[1, 2, 4, 8, 16], [16, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768]]),
    "delta_decode": (["num_k_heads", "num_v_heads"], [[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]]),
    "all_reduce": (["num_gpus"], [[2**i for i in range(8, 31)]]),
    "all_gather": (["num_gpus"], [[2**i for i in range(9, 31)]]),
    "all_to_all": (["num_gpus"], [[2**i for i in range(9, 31)]]),
}
AXES = {
    "gemm": ["m"], "experts": ["num_tokens"], "prefill_attention": ["batch_size", "isl"],
    "decode_attention": ["batch_size", "context"], "latent_prefill": ["batch_size", "isl"],
    "latent_decode": ["batch_size", "context"], "latent_absorb": ["num_tokens"], "latent_expand": ["num_tokens"],
    "delta_prefill": ["batch_size", "seq_len"], "delta_decode": ["batch_size"],
    "all_reduce": ["bytes"], "all_gather": ["bytes"], "all_to_all": ["bytes"],
}
# Widths of products that are kept; the ones between them are held out.
WIDTHS = [64, 128, 256, 512, 1024, 1536, 2048, 3072, 4096, 5120, 7168, 8192, 10240, 12288, 16384, 65536]
# Heads of attention that are held out.
HEADS_OUT = [3, 10, 20]
# Windows that a published model has at a head width.
WINDOWS = [(64, 128), (256, 1024), (128, 8192)]
# A file whose smallest product takes longer timed the launch, which a graph hides [us].
LAUNCH_US = 20
HELD_OUT = 12
# A time is noise where larger problems of the same curve take less by this factor.
SLOWER = 1.15


def alpha(hidden):
    """The spread of tokens over experts, f(x) ~ x^-alpha, of which there are measurements with real prompts:
    1.01 for DeepSeek-V3 and R1 (balanced in training without an auxiliary loss; its family has hidden size 7168),
    1.2 for Qwen3-235B (aiconfigurator, docs/POWER_LAW_DISTRIBUTION.md)."""
    return "power_law_1.01" if hidden == 7168 else "power_law_1.2"


def read(folder, pattern):
    """Frames by engine and version, the engine's own files only."""
    for path in sorted(glob.glob(f"{folder}/{pattern}")):
        name, version = path.split("/")[-2].split("-", 1)
        frame = pd.read_parquet(path)
        yield name, version, frame[frame.latency > 0]


def gemm(folder):
    for engine, version, data in read(folder, "gemm/*/gemm_perf.parquet"):
        for dtype, part in data.groupby("gemm_dtype"):
            if dtype in FORMATS and part.latency.min() * 1e3 < LAUNCH_US:
                yield "gemm", engine, version, FORMATS[dtype], part, part.n.isin(WIDTHS) & part.k.isin(WIDTHS)


def experts(folder):
    for engine, version, data in read(folder, "moe/*/moe_perf.parquet"):
        data = data[data.distribution == data.hidden_size.map(alpha)]
        for dtype, part in data.groupby("moe_dtype"):
            if dtype in FORMATS:
                yield "experts", engine, version, FORMATS[dtype], part, True


def attention(folder):
    for name, file in (("prefill_attention", "context"), ("decode_attention", "generation")):
        for engine, version, data in read(folder, f"attention/*/{file}_attention_perf.parquet"):
            data = data[(data.attn_dtype == "bfloat16") | ((data.attn_dtype == "fp8") & (data.kv_cache_dtype == "fp8"))]
            # Before the column, none had a window.
            data = data.assign(
                window_size=data.get("window_size", 0),
                num_key_value_heads=np.where(data.num_key_value_heads == 0, data.num_heads, data.num_key_value_heads),
                # A step's own token is in the cache when it is attended to.
                context=data.isl + data.step,
            )
            windows = [window == 0 or (width, window) in WINDOWS for width, window in zip(data.head_dim, data.window_size)]
            data = data[windows]
            for dtype, part in data.groupby("kv_cache_dtype"):
                yield name, engine, version, FORMATS[dtype], part, ~part.num_heads.isin(HEADS_OUT)


def latent(folder):
    for name, file in (("latent_prefill", "context"), ("latent_decode", "generation")):
        for engine, version, data in read(folder, f"mla/*/{file}_mla_perf.parquet"):
            data = data.assign(context=data.isl + data.step)
            for dtype, part in data.groupby("kv_cache_dtype"):
                if dtype in FORMATS:
                    yield name, engine, version, FORMATS[dtype], part, True
    for engine, version, data in read(folder, "mla_bmm/*/mla_bmm_perf.parquet"):
        for (op, dtype), part in data.groupby(["op_name", "bmm_dtype"]):
            name = {"mla_gen_pre": "latent_absorb", "mla_gen_post": "latent_expand"}[op]
            yield name, engine, version, FORMATS[dtype], part, True


def delta(folder):
    """Gated delta nets with heads of 128: the convolution and the recurrence, one after the other."""
    for engine, version, data in read(folder, "linear_attention/*/gdn_perf.parquet"):
        data = data[(data.head_k_dim == 128) & (data.head_v_dim == 128)]
        for name, phase in (("delta_prefill", "context"), ("delta_decode", "generation")):
            keys = SHAPES[name][0] + AXES[name]
            part = data[data.phase == phase].assign(conv=lambda d: d.kernel_source.str.contains("conv"))
            times = part.groupby([*keys, "conv"]).latency.min().unstack("conv").dropna()
            if len(times):
                yield name, engine, version, "bf16", times.sum(axis=1).rename("latency").reset_index(), True


def collectives(folder):
    nccl = []
    for _, version, data in read(folder, "comm/*ccl-*/*ccl_perf.parquet"):
        # message_size counts elements.
        data = data[data.nccl_dtype == "half"].assign(bytes=lambda d: d.message_size * 2)
        nccl.append(data[data.op_name == "all_reduce"])
        for op, name in (("all_gather", "all_gather"), ("alltoall", "all_to_all")):
            yield name, "nccl", version, "bf16", data[data.op_name == op], True
    for engine, version, data in read(folder, "comm/*/custom_allreduce_perf.parquet"):
        # Engines replay a graph in decode and fall back on NCCL where that is faster.
        data = data[~data.kernel_source.str.contains("eager")].assign(bytes=lambda d: d.message_size * 2)
        yield "all_reduce", engine, version, "bf16", pd.concat([data, *nccl]), True


def infersim(folder, name):
    """InferSim's files: products and experts in 8 bits scaled by block (DeepGEMM), attention by FlashAttention and FlashMLA.
    Its engine is called infersim: every engine takes these kernels where the chip has no others."""
    def frame(rows, columns):
        return pd.DataFrame(rows, columns=[*columns, "latency"])

    data = pd.read_csv(f"{folder}/gemm/{name}/data.csv")
    yield "gemm", "infersim", "2026", "fp8_block", data.assign(latency=data.latency_us * 1e-3), True
    experts = []
    for phase, tokens in (("decode", "batch_size_per_gpu"), ("prefill", "seq_len_per_gpu")):
        data = pd.read_csv(f"{folder}/grouped_gemm/{phase}/{name}/data.csv")
        for row in data.itertuples():
            # The two products alone, with as many rows an expert: batches that leave experts idle are left out, since
            # there the file counts one row for each.
            spread = getattr(row, tokens) * row.num_gpus * row.topk / row.num_experts
            if spread >= 1:
                experts.append([row.hidden_size, row.intermediate_size, row.topk, row.num_experts, 1, row.num_gpus,
                                getattr(row, tokens) * row.num_gpus, (row.up_proj_us + row.down_proj_us) * 1e-3])
    yield "experts", "infersim", "2026", "fp8_block", frame(experts, SHAPES["experts"][0] + ["num_tokens"]), True
    for phase, length in (("prefill", "seq_len"), ("decode", "kv_len")):
        times = {}
        for path in sorted(glob.glob(f"{folder}/mha/{phase}/{name}/*.csv")):
            heads, kv_heads, width = map(int, path.split("/")[-1][:-4].split("-"))
            data = pd.read_csv(path)
            if "latency_us" not in data:
                continue
            # Where the smallest kernel takes over 20 us, launches one after the other were timed: what takes much longer
            # than they do is the kernel's time.
            least = data.latency_us.min()
            data = data[data.latency_us > (0 if least < LAUNCH_US or phase == "prefill" else 1.5 * least)]
            for row in data.itertuples():
                times.setdefault(getattr(row, "kv_dtype", "bf16"), []).append(
                    [width, 0, kv_heads, heads, getattr(row, "batch_size", 1), getattr(row, length), row.latency_us * 1e-3])
        kind = f"{phase}_attention"
        for cache, rows in sorted(times.items()):
            yield kind, "infersim", "2026", cache, frame(rows, SHAPES[kind][0] + AXES[kind]), True
    for phase, length, file in (("prefill", "seq_len", "128-128-64"), ("decode", "kv_len", "128-512-64")):
        path = f"{folder}/mla/{phase}/{name}/{file}.csv"
        if os.path.exists(path):
            data = pd.read_csv(path)
            kind = f"latent_{phase}"
            caches = data.get("kv_dtype", pd.Series("bf16", data.index))
            for cache, part in data.groupby(caches):
                rows = [[128, getattr(row, "batch_size", 1), getattr(row, length), row.latency_us * 1e-3] for row in part.itertuples()]
                yield kind, "infersim", "2026", cache, frame(rows, SHAPES[kind][0] + AXES[kind]), True


def without_outliers(data, shape, axis):
    """A kernel can be run as one of a larger problem, padded: where at least two larger ones of the same curve were
    measured more than SLOWER times faster, its own time is taken for noise (a clock that dropped, another tenant),
    and the second fastest of the larger for its time. Smaller rows are left as measured; kernels may well be a little
    slower on an awkward size."""
    data = data.sort_values(shape + [axis], kind="stable")
    times = data.latency.to_numpy().copy()
    curve = data.groupby(shape, sort=False).ngroup().to_numpy()
    first = second = np.inf
    for at in range(len(times) - 1, -1, -1):
        if at + 1 < len(times) and curve[at] != curve[at + 1]:
            first = second = np.inf
        if times[at] > SLOWER * second:
            times[at] = second
        first, second = sorted((times[at], first, second))[:2]
    return data.assign(latency=times)


def three(us):
    """Three digits, without an exponent."""
    text = f"{us:.3g}"
    return f"{float(text):.0f}" if "e" in text else text


def distil(chip, families, spec, source=SOURCE):
    rows, held = [], []
    for name, value in spec.items():
        rows.append(["chip", "", "", name, value])
    for name, (_, axes) in SHAPES.items():
        rows.append(["grid", "", "", name, ";".join(" ".join(map(str, axis)) for axis in axes)])
    random = np.random.default_rng(0)
    for family in families:
        for name, engine, version, dtype, data, kept in family:
            shape, grid = SHAPES[name]
            axes = AXES[name]
            # Where a file has several kernels for a shape, the engine's choice is the fastest.
            data = data.assign(kept=kept).groupby(shape + axes, as_index=False).agg(latency=("latency", "min"), kept=("kept", "first"))
            on_grid = data.kept
            for axis, points in zip(axes, grid):
                on_grid = on_grid & data[axis].isin(points)
            # Attention splits its work by batch and length in steps, so that there a longer one may well be faster.
            cleaned = data if len(axes) > 1 else without_outliers(data, shape, axes[0])
            table = cleaned.loc[lambda rows: on_grid.reindex(rows.index)]
            if not len(table):
                continue
            rows.append(["source", engine, dtype, name, f"{source}; {engine} {version}; {DATE}; {LICENCE}; {CONFIDENCE}; {len(data)} rows read"])
            places = [{point: at for at, point in enumerate(points)} for points in grid]
            size = int(np.prod([len(points) for points in grid]))
            for key, curve in table.groupby(shape):
                times = ["-"] * size
                at = 0
                for axis, place in zip(axes, places):
                    at = at * len(place) + curve[axis].map(place)
                for index, latency in zip(at, curve.latency):
                    times[index] = three(latency * 1e3)
                rows.append([name, engine, dtype, " ".join(str(int(part)) for part in key), " ".join(times)])
            rest = data[~on_grid]
            inside = np.ones(len(rest), bool)
            for axis, points in zip(axes, grid):
                inside &= rest[axis].between(points[0], points[-1]).to_numpy()
            rest = rest[inside]
            if len(rest):
                for at in sorted(random.choice(len(rest), min(HELD_OUT, len(rest)), replace=False)):
                    row = rest.iloc[at]
                    held.append([chip, name, engine, dtype, " ".join(str(int(row[c])) for c in shape + axes), f"{row.latency * 1e3:.4g}"])
    return rows, held


def write(path, header, rows):
    text = "\n".join(",".join(map(str, row)) for row in [header, *rows]) + "\n"
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.encode())
    print(f"{path}: {len(rows)} rows, {os.path.getsize(path) / 1e3:.0f} kB")


def main(kernels, chips, output, *wanted):
    os.makedirs(output, exist_ok=True)
    specs = {row["id"]: row for row in csv.DictReader(open(chips))}
    sample = []
    for chip, folder in (CHIPS | INFERSIM_CHIPS).items():
        if wanted and chip not in wanted:
            continue
        row = specs[chip]
        sixteen = row["fp16_op_per_s"]
        spec = {
            "bf16_flop_per_s": sixteen,
            "fp8_flop_per_s": row["fp8_op_per_s"] or sixteen,
            "fp4_flop_per_s": row["fp4_op_per_s"] or sixteen,
            "memory_byte_per_s": row["memory_bw_byte_per_s"],
        }
        if chip in INFERSIM_CHIPS:
            rows, held = distil(chip, [infersim(f"{kernels}/infersim", folder)], spec, INFERSIM)
        else:
            families = (gemm, experts, attention, latent, delta, collectives)
            rows, held = distil(chip, [family(f"{kernels}/{folder}") for family in families], spec)
        sample += held
        write(f"{output}/{chip}.csv.gz", ["class", "engine", "format", "shape", "times_us"], rows)
    if not wanted:
        write(f"{output}/held_out.csv.gz", ["chip", "class", "engine", "format", "shape", "time_us"], sample)


if __name__ == "__main__":
    main(*sys.argv[1:])
