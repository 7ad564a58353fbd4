"""Refits the measured rows of data/efficiencies.csv from kernel timings; its hand-written rows are kept as they are.

    python efficiencies.py KERNELS_FOLDER KERNELS_POWER_FOLDER ACCELERATORS_CSV EFFICIENCIES_CSV

KERNELS_FOLDER has the layout GPU/FAMILY/ENGINE-VERSION/*.parquet of ai-dynamo/aiconfigurator (Apache-2.0) and
infersim/ of alibaba/InferSim (Apache-2.0). Needs pandas, pyarrow and scipy. End-to-end measurements are never read.

Every kernel class has one law, fitted to the logarithm of the time with a robust loss:

    time = floor + max(FLOP / (peak x compute(at)), bytes / (bandwidth x memory))

`at` is the number of rows (GEMM), rows an expert (grouped GEMM) or the length (prefill attention); compute is
interpolated linearly in ln(at) between its knots. low and high are the central value moved by the 10th and the
90th percentile of measured over fitted time. Power is the share of the limit that a kernel class draws as it uses
arithmetic and memory.
"""

import csv
import glob
import sys
from collections import namedtuple

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

CHIPS = {
    "a100_sxm": "a100-80-sxm",
    "h100_sxm": "h100-sxm",
    "h200_sxm": "h200-sxm",
    "b200_sxm": "b200",
    "b300_sxm": "b300",
    "gb200": "gb200-nvl72",
    "gb300": "gb300-nvl72",
    "l40s": "l40s",
    "rtx_pro_6000_server": "rtx-pro-6000-bw",
}
FAMILIES = {
    "a100-80-sxm": "ampere",
    "h100-sxm": "hopper",
    "h200-sxm": "hopper",
    "h20-96": "hopper_cut",
    "h800-sxm": "hopper",
    "b200": "blackwell",
    "b300": "blackwell",
    "gb200-nvl72": "blackwell",
    "gb300-nvl72": "blackwell",
    "l40s": "ada",
    "rtx-pro-6000-bw": "blackwell_gddr",
}
POWER = {
    "gemm": "gemm/*/gemm_perf",
    "moe": "moe/*/moe_perf",
    "prefill_attention": "attention/*/context_attention_perf",
    "decode_attention": "attention/*/generation_attention_perf",
    "vision": "encoder_attention/*/encoder_attention_perf",
    "elementwise": "quantize/*/computescale_perf",
}
AIC = "ai-dynamo/aiconfigurator@095f58a kernel files"
INFERSIM = "alibaba/InferSim kernel files"
ROWS_KNOTS = [64, 256, 1024, 4096, 16384]
EXPERT_KNOTS = [4, 32, 256, 2048]
LENGTH_KNOTS = [512, 2048, 8192, 32768]
Spec = namedtuple("Spec", "peak bw link")
# bytes of a weight, of an activation read and written around the arithmetic, by the project's name of the format
DTYPES = {
    "bf16": (2, 2),
    "fp8": (1, 1),
    "fp8_block": (1, 1),
    "nvfp4": (0.5625, 0.5625),
    "int4": (0.515625, 2),
    "mxfp4": (0.53125, 2),
}
NAMES = {
    "bfloat16": "bf16",
    "fp8": "fp8",
    "fp8_block": "fp8_block",
    "nvfp4": "nvfp4",
    "int4_wo": "int4",
    "w4a16_mxfp4": "mxfp4",
}


def specs(path):
    out = {}
    for row in csv.DictReader(open(path)):
        num = lambda key: float(row[key]) if row[key] else None
        fp16, fp8, fp4 = (num(k) for k in ("fp16_bf16_tflops", "fp8_tflops", "fp4_tflops"))
        peak = {"bf16": fp16, "fp8": fp8, "fp8_block": fp8, "nvfp4": fp4, "int4": fp16, "mxfp4": fp16}
        out[row["id"]] = Spec(
            {k: v and v * 1e12 for k, v in peak.items()},
            num("memory_bw_GBs") * 1e9,
            (num("scaleup_bidir_GBs") or 0) * 5e8,
        )
    return out


def fit(flop_s, byte_s, time, at=None, knots=(1,), cap=20000):
    """floor, memory, compute[knots], ratio p10, p90, median |error|, n."""
    if len(time) > cap:
        pick = np.random.default_rng(0).choice(len(time), cap, replace=False)
        flop_s, byte_s, time = flop_s[pick], byte_s[pick], time[pick]
        at = None if at is None else at[pick]
    x, lt, k = np.log(np.asarray(knots, float)), np.log(time), len(knots)
    la = np.zeros(len(time)) if at is None else np.log(at)

    def predict(p):
        e = np.exp(p)
        return e[0] * 1e-6 + np.maximum(flop_s / np.interp(la, x, e[2:]), byte_s / e[1])

    start = np.log([max(np.percentile(time, 1) * 1e6, 1), 0.8] + [0.6] * k)
    lower, upper = np.log([0.3, 0.02] + [0.02] * k), np.log([2000, 1.0] + [1.0] * k)
    # A knot that the data do not reach follows its neighbours.
    pull = np.sqrt(0.002 * len(time))

    def residuals(p):
        return np.append(np.log(predict(p)) - lt, pull * np.diff(p[2:]))

    got = least_squares(
        residuals, np.clip(start, lower + 1e-6, upper - 1e-6), bounds=(lower, upper), loss="soft_l1", f_scale=0.2
    )
    ratio = time / predict(got.x)
    e = np.exp(got.x)
    return (
        e[0] * 1e-6,
        e[1],
        e[2:],
        np.percentile(ratio, 10),
        np.percentile(ratio, 90),
        np.median(abs(1 / ratio - 1)),
        len(time),
    )


rows, report = [], []


def emit(chip, quantity, dtype, at, value, r10, r90, unit, source):
    low, high = (value * r10, value * r90) if unit == "s" else (value / r90, value / r10)
    low, high = min(low, value), max(high, value)
    if unit == "fraction" and not quantity.startswith("all_reduce"):
        high = min(high, 1.0) if value <= 1 else high
    ident = "_".join(str(x) for x in (chip, quantity, dtype, at) if x != "").replace("-", "_")
    g = lambda v: f"{v:.3g}"
    rows.append(
        [
            ident,
            chip,
            FAMILIES[chip],
            quantity,
            dtype,
            at,
            g(low),
            g(value),
            g(high),
            unit,
            source,
            "2026-11",
            "Apache-2.0",
            "medium",
        ]
    )


def law(chip, name, dtype, source, result, knots, at_name=True, parts=("floor_s", "memory", "compute")):
    floor, memory, compute, r10, r90, err, n = result
    report.append(
        f"{chip:16} {name:18} {dtype:10} n={n:6} median|err|={err:.3f}  p10={r10:.2f} p90={r90:.2f} floor={floor*1e6:.1f}us mem={memory:.2f} compute={np.round(compute,2)}"
    )
    if "floor_s" in parts:
        emit(chip, f"{name}_floor_s", dtype, "", floor, r10, r90, "s", source)
    if "memory" in parts:
        emit(chip, f"{name}_memory", dtype, "", memory, r10, r90, "fraction", source)
    if "compute" in parts:
        for knot, value in zip(knots, compute):
            emit(chip, f"{name}_compute", dtype, knot if at_name else "", value, r10, r90, "fraction", source)


def best(data, shape):
    """The fastest engine's time for each shape: engines choose their attention backend."""
    return data.groupby(shape).latency.min().reset_index()


def load(folder, pattern):
    frames = []
    for path in sorted(glob.glob(f"{folder}/{pattern}")):
        frame = pd.read_parquet(path)
        frame["engine"] = path.split("/")[-2].split("-")[0]
        frames.append(frame)
    return pd.concat(frames) if frames else None


def gemm(folder, chip, spec):
    data = load(folder, "gemm/*/gemm_perf.parquet")
    data = data.assign(dtype=data.gemm_dtype.map(NAMES), t=data.latency * 1e-3)
    for dtype, part in data[data.dtype.notna()].groupby("dtype"):
        peak = spec.peak.get(dtype)
        if not peak:
            continue
        # A file whose smallest kernel takes over 20 us timed the launch, which a graph hides.
        part = part[part.engine.map(part.groupby("engine").t.min() < 20e-6)]
        part = part[(part.n * part.k >= 2**20) & (part.n <= 65536) & (part.m <= 16384) & (part.t > 0)]
        if len(part) < 500:
            continue
        m, n, k = (part[c].to_numpy(float) for c in "mnk")
        weight, act = DTYPES[dtype]
        byte = n * k * weight + m * n * 2 + m * k * (2 if act == 2 else 2 + 2 * act)
        law(
            chip,
            "gemm",
            dtype,
            AIC,
            fit(2 * m * n * k / peak, byte / spec.bw, part.t.to_numpy(), m, ROWS_KNOTS),
            ROWS_KNOTS,
        )


def moe(folder, chip, spec):
    data = load(folder, "moe/*/moe_perf.parquet")
    if data is None:
        return
    data = data.assign(dtype=data.moe_dtype.map(NAMES), t=data.latency * 1e-3)
    # Expert parallelism is left to the imbalance factor: these rows hold all experts on the chip.
    data = data[(data.distribution != "balanced") & (data.moe_ep_size == 1) & (data.num_tokens <= 16384) & (data.t > 0)]
    for dtype, part in data[data.dtype.notna()].groupby("dtype"):
        peak = spec.peak.get(dtype)
        if not peak or len(part) < 300:
            continue
        shape = ["num_tokens", "hidden_size", "inter_size", "topk", "num_experts", "moe_tp_size", "moe_ep_size"]
        part = part.groupby(shape).t.min().reset_index()
        tokens, d, f, top, experts, tp, ep = (
            part[c].to_numpy(float)
            for c in ("num_tokens", "hidden_size", "inter_size", "topk", "num_experts", "moe_tp_size", "moe_ep_size")
        )
        weight, act = DTYPES[dtype]
        local = experts / ep
        pairs = tokens * top / ep
        distinct = local * (1 - (1 - top / experts) ** tokens)
        width = f / tp
        flop = 6 * pairs * d * width
        byte = distinct * 3 * d * width * weight + pairs * 2 * (2 * d + 3 * width) + tokens * d * 4
        law(
            chip,
            "moe",
            dtype,
            AIC,
            fit(flop / peak, byte / spec.bw, part.t.to_numpy(), np.maximum(pairs / local, 1e-3), EXPERT_KNOTS),
            EXPERT_KNOTS,
        )


def attention(folder, chip, spec):
    peak = spec.peak["bf16"]
    data = load(folder, "attention/*/context_attention_perf.parquet")
    data = data[
        (data.attn_dtype == "bfloat16")
        & (data.window_size == 0)
        & (data.latency > 0)
        & (data.head_dim <= 128)
        & (data.isl >= 64)
    ]
    data = best(data, ["batch_size", "isl", "num_heads", "num_key_value_heads", "head_dim"])
    b, s, h, kv, hd = (
        data[c].to_numpy(float) for c in ("batch_size", "isl", "num_heads", "num_key_value_heads", "head_dim")
    )
    kv = np.where(kv == 0, h, kv)
    flop, byte = 2 * b * h * hd * s * (s + 1), 2 * b * s * hd * 2 * (h + kv)
    law(
        chip,
        "prefill_attention",
        "",
        AIC,
        fit(flop / peak, byte / spec.bw, data.latency.to_numpy() * 1e-3, s, LENGTH_KNOTS),
        LENGTH_KNOTS,
    )
    data = load(folder, "attention/*/generation_attention_perf.parquet")
    data = data[
        (data.window_size == 0) & (data.latency > 0) & (data.head_dim <= 128) & (data.kv_cache_dtype == "bfloat16")
    ]
    data = best(data, ["batch_size", "step", "num_heads", "num_key_value_heads", "head_dim"])
    b, s, h, kv, hd = (
        data[c].to_numpy(float) for c in ("batch_size", "step", "num_heads", "num_key_value_heads", "head_dim")
    )
    kv = np.where(kv == 0, h, kv)
    s = s + 1
    keep = b * s * kv * hd > 2**18
    flop, byte = 4 * b * h * hd * s, 4 * b * s * kv * hd + 4 * b * h * hd
    law(
        chip,
        "decode_attention",
        "",
        AIC,
        fit((flop / peak)[keep], (byte / spec.bw)[keep], data.latency.to_numpy()[keep] * 1e-3),
        [1],
        False,
    )


def latent(folder, chip, spec):
    peak = spec.peak["bf16"]
    data = load(folder, "mla/*/generation_mla_perf.parquet")
    if data is not None:
        data = best(data[(data.kv_cache_dtype == "bfloat16") & (data.latency > 0)], ["batch_size", "step", "num_heads"])
        b, s, h = (data[c].to_numpy(float) for c in ("batch_size", "step", "num_heads"))
        s = s + 1
        flop, byte = 2 * b * h * s * (576 + 512), b * s * 576 * 2 + b * h * 1088 * 2
        law(
            chip, "latent_decode", "", AIC, fit(flop / peak, byte / spec.bw, data.latency.to_numpy() * 1e-3), [1], False
        )
    data = load(folder, "mla/*/context_mla_perf.parquet")
    if data is not None:
        data = best(
            data[(data.kv_cache_dtype == "bfloat16") & (data.latency > 0) & (data.isl >= 64)],
            ["batch_size", "isl", "num_heads"],
        )
        b, s, h = (data[c].to_numpy(float) for c in ("batch_size", "isl", "num_heads"))
        flop, byte = b * h * s * (s + 1) * 320, b * s * h * (192 * 2 + 128 * 2) * 2
        law(
            chip,
            "latent_prefill",
            "",
            AIC,
            fit(flop / peak, byte / spec.bw, data.latency.to_numpy() * 1e-3, s, LENGTH_KNOTS),
            LENGTH_KNOTS,
        )


def collectives(folder, chip, spec):
    if not spec.link:
        return
    nccl = load(folder, "comm/nccl*/nccl_perf.parquet")
    custom = load(folder, "comm/*/custom_allreduce_perf.parquet")
    nccl = nccl[nccl.nccl_dtype == "half"]
    custom = custom[~custom.kernel_source.str.contains("eager")]
    both = pd.concat([nccl[nccl.op_name == "all_reduce"], custom])
    for name, data in (("all_reduce", both), ("all_to_all", nccl[nccl.op_name == "alltoall"])):
        # The best of the libraries at each size: engines choose it.
        data = data.groupby(["num_gpus", "message_size"]).latency.min().reset_index()
        for gpus, part in data.groupby("num_gpus"):
            size, t = part.message_size.to_numpy(float) * 2, part.latency.to_numpy() * 1e-3
            wire = size * (2 if name == "all_reduce" else 1) * (gpus - 1) / gpus / spec.link
            p = least_squares(
                lambda p: np.log(np.exp(p[0]) * 1e-6 + wire / np.exp(p[1])) - np.log(t),
                [1.0, -0.5],
                loss="soft_l1",
                f_scale=0.2,
            ).x
            ratio = t / (np.exp(p[0]) * 1e-6 + wire / np.exp(p[1]))
            r10, r90 = np.percentile(ratio, 10), np.percentile(ratio, 90)
            report.append(
                f"{chip:16} {name:18} {gpus:10} floor={np.exp(p[0]):.1f}us bw={np.exp(p[1]):.2f} median|err|={np.median(abs(1/ratio-1)):.3f}"
            )
            emit(chip, f"{name}_floor_s", "", gpus, np.exp(p[0]) * 1e-6, r10, r90, "s", AIC)
            emit(chip, f"{name}_bandwidth", "", gpus, np.exp(p[1]), r10, r90, "fraction", AIC)


def power(folder, chip, spec):
    """What a class draws over the limit: for the four that the model prices `min(1, base + compute u + memory v)`, with u and
    v the shares of peak arithmetic and bandwidth of each kernel; for the others the median."""
    def emit_row(name, unit, low, value, high):
        ident = f"{chip}_power_{name}".replace("-", "_")
        cells = [f"{cell:.3g}" for cell in (low, value, high)]
        rows.append([ident, chip, FAMILIES[chip], f"power_{name}", "", "", *cells, unit, AIC, "2026-11", "Apache-2.0", "medium"])

    for name, pattern in POWER.items():
        data = load(folder, f"{pattern}.parquet")
        data = data[(data.latency > 0) & (data.power > 0.02 * data.power_limit)]
        share = (data.power / data.power_limit).to_numpy()
        used = utilisation(name, data, spec)
        if used is None:
            low, mid, high = np.percentile(share, [10, 50, 90])
            emit_row(name, "fraction", low, mid, high)
            continue
        u, v = used
        keep = np.isfinite(u) & (u < 1.2) & (v < 1.2)
        u, v, share = u[keep], v[keep], share[keep]
        if len(share) > 20000:
            pick = np.random.default_rng(0).choice(len(share), 20000, replace=False)
            u, v, share = u[pick], v[pick], share[pick]
        law = lambda p: np.minimum(1, p[0] + p[1] * u + p[2] * v)
        got = least_squares(
            lambda p: law(p) - share, [0.3, 0.5, 0.3], bounds=([0, 0, 0], [1, 4, 4]), loss="soft_l1", f_scale=0.1
        ).x
        r10, r90 = np.percentile(share - law(got), [10, 90])
        emit_row(name, "fraction", max(got[0] + r10, 0.01), got[0], min(got[0] + r90, 1.0))
        emit_row(f"{name}_compute", "ratio", got[1] / 2, got[1], got[1] * 2)
        emit_row(f"{name}_memory", "ratio", got[2] / 2, got[2], got[2] * 2)
        report.append(f"{chip:16} power {name:18} base={got[0]:.2f} compute={got[1]:.2f} memory={got[2]:.2f} mean|err|={np.mean(abs(law(got) - share)):.3f}")


def utilisation(name, data, spec):
    """Shares of the peak arithmetic and of the bandwidth that each kernel reaches."""
    t = data.latency.to_numpy() * 1e-3
    if name in ("gemm", "moe"):
        dtype = data.gemm_dtype if name == "gemm" else data.moe_dtype
        dtype = dtype.map(NAMES)
        peak = dtype.map(lambda d: spec.peak.get(d, np.nan)).to_numpy(float)
        weight = dtype.map(lambda d: DTYPES.get(d, (np.nan, np.nan))[0]).to_numpy(float)
        act = dtype.map(lambda d: DTYPES.get(d, (np.nan, np.nan))[1]).to_numpy(float)
    if name == "gemm":
        m, n, k = (data[c].to_numpy(float) for c in "mnk")
        flop = 2 * m * n * k
        byte = n * k * weight + m * n * 2 + m * k * np.where(act == 2, 2, 2 + 2 * act)
    elif name == "moe":
        tokens, d, f, top, experts, tp, ep = (
            data[c].to_numpy(float)
            for c in ("num_tokens", "hidden_size", "inter_size", "topk", "num_experts", "moe_tp_size", "moe_ep_size")
        )
        pairs, width = tokens * top / ep, f / tp
        flop = 6 * pairs * d * width
        distinct = experts / ep * (1 - (1 - top / experts) ** tokens)
        byte = 3 * distinct * d * width * weight + pairs * 2 * (2 * d + 3 * width)
    elif name in ("prefill_attention", "decode_attention"):
        b, h, hd = (data[c].to_numpy(float) for c in ("batch_size", "num_heads", "head_dim"))
        kv = np.where(data.num_key_value_heads == 0, h, data.num_key_value_heads)
        window = data["window_size"].to_numpy() if "window_size" in data else np.zeros(len(data))
        peak = np.where(window == 0, spec.peak["bf16"], np.nan)
        if name == "prefill_attention":
            s = data.isl.to_numpy(float)
            flop, byte = 2 * b * h * hd * s * (s + 1), 4 * b * s * hd * (h + kv)
        else:
            s = (data.isl + data.step).to_numpy(float)
            flop, byte = 4 * b * h * hd * s, 2 * b * s * kv * hd * np.where(data.kv_cache_dtype == "fp8", 1, 2)
    else:
        return None
    return flop / t / peak, byte / t / spec.bw


def infersim(folder, all_specs):
    for name, chip in (("h20", "h20-96"), ("h800", "h800-sxm")):
        spec = all_specs[chip]
        data = pd.read_csv(f"{folder}/gemm/{name}/data.csv")
        m, n, k = (data[c].to_numpy(float) for c in "mnk")
        t, keep = data.latency_us.to_numpy() * 1e-6, (n * k >= 2**20) & (m <= 16384)
        byte = n * k + m * n * 2 + m * k
        law(
            chip,
            "gemm",
            "fp8_block",
            INFERSIM,
            fit((2 * m * n * k / spec.peak["fp8"])[keep], (byte / spec.bw)[keep], t[keep], m[keep], ROWS_KNOTS),
            ROWS_KNOTS,
        )
        frames = []
        for phase in ("prefill", "decode"):
            g = pd.read_csv(f"{folder}/grouped_gemm/{phase}/{name}/data.csv")
            g["batch"] = g["seq_len_per_gpu"] if phase == "prefill" else g["batch_size_per_gpu"]
            frames.append(g)
        g = pd.concat(frames)
        pairs = g.batch.to_numpy(float) * g.topk.to_numpy(float)
        local, experts = g.num_local_experts.to_numpy(float), g.num_experts.to_numpy(float)
        d, f = g.hidden_size.to_numpy(float), g.intermediate_size.to_numpy(float)
        per = g.tokens_per_expert.to_numpy(float)
        distinct = np.minimum(local, pairs)
        t = (g.up_proj_us + g.down_proj_us).to_numpy(float) * 1e-6
        byte = distinct * 3 * d * f + pairs * 2 * (2 * d + 3 * f)
        # These time the two products alone, without sorting and gathering: no floor is taken from them.
        result = fit(6 * per * local * d * f / spec.peak["fp8"], byte / spec.bw, t, np.maximum(per, 0.1), EXPERT_KNOTS)
        law(chip, "moe", "fp8_block", INFERSIM, result, EXPERT_KNOTS, parts=("memory", "compute"))
        flop, byte, t, length = [], [], [], []
        for path in sorted(glob.glob(f"{folder}/mha/prefill/{name}/*.csv")):
            h, kv, hd = map(float, path.split("/")[-1][:-4].split("-"))
            for row in pd.read_csv(path).itertuples():
                flop.append(2 * h * hd * row.seq_len * (row.seq_len + 1.0))
                byte.append(4 * row.seq_len * hd * (h + kv))
                t.append(row.latency_us * 1e-6)
                length.append(float(row.seq_len))
        if t:
            law(
                chip,
                "prefill_attention",
                "",
                INFERSIM,
                fit(
                    np.array(flop) / spec.peak["bf16"],
                    np.array(byte) / spec.bw,
                    np.array(t),
                    np.array(length),
                    LENGTH_KNOTS,
                ),
                LENGTH_KNOTS,
            )
        data = pd.read_csv(f"{folder}/mla/decode/{name}/128-512-64.csv")
        data = data[(data.kv_dtype == "bf16")]
        b, s = data.batch_size.to_numpy(float), data.kv_len.to_numpy(float)
        law(
            chip,
            "latent_decode",
            "",
            INFERSIM,
            fit(
                2 * b * 128 * s * 1088 / spec.peak["bf16"],
                b * s * 1152 / spec.bw,
                data.latency_us.to_numpy(float) * 1e-6,
            ),
            [1],
            False,
        )
    h20, spec = [], all_specs["h20-96"]
    # The one H20 decode file with a plausible launch (9.95 us); the others time eager launches of about 28 us.
    lines = [line for line in open(f"{folder}/mha/decode/h20/32-8-128.csv") if line.startswith("bf16,bf16")]
    for line in lines:
        _, _, b, s, us, _ = line.strip().split(",")
        h20.append((float(b), float(s), float(us) * 1e-6))
    b, s, t = map(np.array, zip(*h20))
    law(
        "h20-96",
        "decode_attention",
        "",
        INFERSIM,
        fit(4 * b * 32 * 128 * s / spec.peak["bf16"], (4 * b * s * 8 * 128) / spec.bw, t),
        [1],
        False,
    )


def main(kernels, kernels_power, accelerators, table):
    known = specs(accelerators)
    for folder, chip in CHIPS.items():
        for part in (gemm, moe, attention, latent, collectives):
            part(f"{kernels}/{folder}", chip, known[chip])
    infersim(f"{kernels}/infersim", known)
    for folder in ("h200_sxm", "b200_sxm", "gb200"):
        power(f"{kernels_power}/{folder}", CHIPS[folder], known[CHIPS[folder]])
    with open(table, newline="") as file:
        old = list(csv.reader(file))
    header, kept = old[0], [row for row in old[1:] if row[1] not in FAMILIES]
    with open(table, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(kept + rows)
    print("\n".join(report))


if __name__ == "__main__":
    main(*sys.argv[1:5])
