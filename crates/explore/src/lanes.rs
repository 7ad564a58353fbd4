//! Elementary functions of several numbers at once.
//!
//! A model that is stepped for a few runs side by side, in arrays instead of numbers, is turned into vector instructions by
//! the compiler; but not the standard library's functions, which also differ in their last digits from one system to the
//! next. These have neither fault: plain arithmetic, no branches, the same bits on every machine. They are accurate to a
//! few units in the last place for the arguments that they are meant for, and no good for others: [`ln`] to 2, [`exp`] to 4,
//! [`exp2`] to 4, [`pow`] to some for each doubling or halving in its result (80 within 1e-15 to 1e15). [`widest`] lets them
//! use vectors of eight numbers where the processor has them.
//!
//! # Examples
//! ```
//! let powers = explore::lanes::pow([2.0, 3.0, 0.5, 10.0], [2.0, 0.5, 3.0, -1.0]);
//! for (got, wanted) in powers.iter().zip([4.0, 3f64.sqrt(), 0.125, 0.1]) {
//!     assert!((got / wanted - 1.0).abs() < 1e-14);
//! }
//! ```

#![allow(clippy::excessive_precision, reason = "coefficients as their authors print them")]
#![allow(clippy::inline_always, reason = "only what is inlined into `widest` is compiled for wide vectors")]

mod ziggurat;

use std::array::from_fn;

pub use ziggurat::standard_normals;

/// Does some work with the widest vectors that this processor has, where the build is for any processor of its kind.
///
/// Whatever is inlined into `work` is compiled for them too, so that the closure, and the functions that it calls, want
/// `#[inline(always)]`; those of this module have it. The bits are the same with any vectors: multiplication and addition are
/// never fused.
///
/// # Examples
/// ```
/// use explore::lanes;
///
/// let x = [0.5; 8];
/// let wide = lanes::widest(
///     #[inline(always)]
///     || lanes::exp(lanes::ln(x)),
/// );
/// assert_eq!(wide, lanes::exp(lanes::ln(x)));
/// ```
#[inline]
pub fn widest<T>(work: impl FnOnce() -> T) -> T {
    pulp::Arch::new().dispatch(work)
}

/// Draws for several runs at once: [`Draws::uniform`](crate::Draws::uniform) of (`runs[i]`, `dimension`), bit for bit, and
/// a second, independent number from the same draw's other half.
#[inline(always)]
pub fn uniforms<const N: usize>(draws: crate::Draws, runs: [u64; N], dimension: u32) -> [[f64; N]; 2] {
    let [first, second] = words(draws, runs, dimension);
    [from_fn(|lane| unit(first[lane])), from_fn(|lane| unit(second[lane]))]
}

/// Two words of random bits for each of several runs.
#[inline(always)]
fn words<const N: usize>(draws: crate::Draws, runs: [u64; N], dimension: u32) -> [[u64; N]; 2] {
    const STEPS: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
    const LOW: u64 = 0xFFFF_FFFF;
    // Philox4x32-10, as in `random`; 32-bit numbers in 64-bit lanes, as their products need.
    let (mut a, mut b): ([u64; N], [u64; N]) = (runs, from_fn(|lane| runs[lane] >> 32));
    let (mut c, mut d) = ([u64::from(dimension); N], [u64::from(draws.stream); N]);
    let mut key = [draws.seed as u32, (draws.seed >> 32) as u32];
    for _ in 0..10 {
        for lane in 0..N {
            let left = (a[lane] & LOW) * 0xD251_1F53;
            let right = (c[lane] & LOW) * 0xCD9E_8D57;
            // Only the lower halves count; what is in the upper ones is never looked at.
            a[lane] = right >> 32 ^ b[lane] ^ u64::from(key[0]);
            c[lane] = left >> 32 ^ d[lane] ^ u64::from(key[1]);
            b[lane] = right;
            d[lane] = left;
        }
        key = [key[0].wrapping_add(STEPS[0]), key[1].wrapping_add(STEPS[1])];
    }
    [from_fn(|lane| b[lane] << 32 | a[lane] & LOW), from_fn(|lane| d[lane] << 32 | c[lane] & LOW)]
}

/// The upper 52 bits as a number between 0 and 1, ends not included.
#[inline(always)]
fn unit(word: u64) -> f64 {
    // The bits as the fraction of a number in [1, 2): what a conversion gives, in two exact operations.
    (f64::from_bits(word >> 12 | 0x3FF0_0000_0000_0000) - 1.0) + 0.5 / (1u64 << 52) as f64
}

/// The natural logarithm of positive numbers that are not subnormal; of 0 about -709, so that powers of it come out as
/// nothing.
///
/// Algorithm and coefficients of fdlibm's `e_log.c` (Sun Microsystems 1993, freely usable).
#[inline(always)]
pub fn ln<const N: usize>(x: [f64; N]) -> [f64; N] {
    from_fn(|lane| {
        let (f, k) = parts(x[lane]);
        let s = f / (2.0 + f);
        let rest = polynomial(
            s * s,
            [
                0.0,
                6.666_666_666_666_735_130e-1,
                3.999_999_999_940_941_908e-1,
                2.857_142_874_366_239_149e-1,
                2.222_219_843_214_978_396e-1,
                1.818_357_216_161_805_012e-1,
                1.531_383_769_920_937_332e-1,
                1.479_819_860_511_658_591e-1,
            ],
        );
        let half_square = 0.5 * f * f;
        k * 6.931_471_803_691_238_164_90e-1
            - ((half_square - (s * (half_square + rest) + k * 1.908_214_929_270_587_700_02e-10)) - f)
    })
}

/// The exponential function; arguments beyond -708 and 709 count as those.
///
/// exp x = 2^k 2^r with |r| <= 1/2, and 2^r by [`POWER_OF_TWO`] in base e, so that no digits of x are lost.
#[inline(always)]
pub fn exp<const N: usize>(x: [f64; N]) -> [f64; N] {
    from_fn(|lane| {
        let x = x[lane].clamp(-708.0, 709.0);
        let shifted = x * std::f64::consts::LOG2_E + ROUND;
        let k = shifted - ROUND;
        let r = (x - k * 6.931_471_803_691_238_164_90e-1) - k * 1.908_214_929_270_587_700_02e-10;
        let series = polynomial(r * std::f64::consts::LOG2_E, POWER_OF_TWO);
        f64::from_bits(series.to_bits().wrapping_add(shifted.to_bits() << 52))
    })
}

/// Adding it rounds to a whole number, which stands in the last bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// 2^r within |r| <= 1/2 to 2.1e-16 of it: the best polynomial of degree 10, by Remez's algorithm in fifty digits.
const POWER_OF_TWO: [f64; 11] = [
    1.0,
    0.693_147_180_559_949_775_08,
    0.240_226_506_959_087_677_97,
    0.055_504_108_664_458_832_617,
    0.009_618_129_108_034_589_340_5,
    0.001_333_355_822_856_157_351_6,
    0.000_154_035_299_611_354_375_64,
    0.000_015_252_658_116_501_121_177,
    1.321_566_283_198_677_169_6e-6,
    1.020_853_791_668_861_982_4e-7,
    7.037_279_523_533_237_120_9e-9,
];

/// 2 artanh(s)/(s ln 2) by s^2, within |s| <= 0.1716, to 1.7e-16 of it: degree 6, found likewise.
const LOG_OF_TWO: [f64; 7] = [
    2.885_390_081_777_927_312_2,
    0.961_796_693_924_323_558_36,
    0.577_078_017_250_750_289_03,
    0.412_198_401_398_589_396_1,
    0.320_616_431_264_419_444_18,
    0.261_442_929_945_892_754_08,
    0.242_931_216_620_137_455_59,
];

/// Powers of positive numbers; of 0, with a positive exponent, nothing.
///
/// x^q = 2^(q log2 x), and log2 x = k + log2(1 + f) with 1 + f = (1 + s)/(1 - s). The error is that of the product in the
/// exponent: 1e-16 of x^q for each unit of q log2 x.
#[inline(always)]
pub fn pow<const N: usize>(x: [f64; N], exponent: [f64; N]) -> [f64; N] {
    from_fn(|lane| {
        let (f, k) = parts(x[lane]);
        let s = f / (2.0 + f);
        let logarithm = k + s * polynomial(s * s, LOG_OF_TWO);
        power_of_two(exponent[lane] * logarithm)
    })
}

/// Powers of 2; exponents beyond -1021 and 1023 count as those.
#[inline(always)]
pub fn exp2<const N: usize>(exponent: [f64; N]) -> [f64; N] {
    from_fn(|lane| power_of_two(exponent[lane]))
}

/// 2^x = 2^k 2^r with |r| <= 1/2.
#[inline(always)]
fn power_of_two(x: f64) -> f64 {
    let x = x.clamp(-1021.0, 1023.0);
    let shifted = x + ROUND;
    let series = polynomial(x - (shifted - ROUND), POWER_OF_TWO);
    f64::from_bits(series.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// f and k of x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), of a positive number that is not subnormal.
#[inline(always)]
fn parts(x: f64) -> (f64, f64) {
    const SQRT_HALF: u64 = 0x3FE6_A09E_667F_3BCD;
    const ONE: u64 = 0x3FF0_0000_0000_0000;
    let bits = x.to_bits();
    let biased = bits.wrapping_sub(SQRT_HALF).wrapping_add(ONE) >> 52;
    let f = f64::from_bits(bits.wrapping_sub(biased << 52).wrapping_add(ONE)) - 1.0;
    (f, f64::from_bits(biased | 0x4330_0000_0000_0000) - (4_503_599_627_370_496.0 + 1023.0))
}

/// Quantiles of the standard normal distribution, of numbers within 0 to 1, ends not included.
///
/// Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Appl. Stat. 37 (1988), PPND16.
#[inline(always)]
pub fn standard_normal_quantile<const N: usize>(u: [f64; N]) -> [f64; N] {
    let tail: [f64; N] = from_fn(|lane| u[lane].min(1.0 - u[lane]));
    let logarithm = ln(tail);
    let far: [f64; N] = from_fn(|lane| (-logarithm[lane]).sqrt());
    let mut quantiles = from_fn(|lane| {
        let q = u[lane] - 0.5;
        // All ones or all zeros: a choice by bits, where the compiler would look coefficients up one by one.
        let central = u64::from(q.abs() <= 0.425).wrapping_neg();
        let choose = |yes: f64, no: f64| f64::from_bits(yes.to_bits() & central | no.to_bits() & !central);
        let r = choose(0.180_625 - q * q, far[lane] - 1.6);
        let part = |side: usize| polynomial::<8>(r, from_fn(|place| choose(CENTRE[side][place], TAIL[side][place])));
        let ratio = part(0) / part(1);
        choose(q * ratio, ratio.copysign(q))
    });
    // Less than one number in thirty thousand million.
    if far.iter().any(|far| *far > 5.0) {
        for lane in (0..N).filter(|lane| far[*lane] > 5.0) {
            let r = far[lane] - 5.0;
            quantiles[lane] = (polynomial(r, FAR_TAIL[0]) / polynomial(r, FAR_TAIL[1])).copysign(u[lane] - 0.5);
        }
    }
    quantiles
}

/// Numerator and denominator for the middle, by 0.180625 - (u - 1/2)^2.
const CENTRE: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_608e0,
        1.331_416_678_917_843_774_5e2,
        1.971_590_950_306_551_442_7e3,
        1.373_169_376_550_946_112_5e4,
        4.592_195_393_154_987_145_7e4,
        6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4,
        2.509_080_928_730_122_672_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091_125_2e1,
        6.871_870_074_920_579_083e2,
        5.394_196_021_424_751_107_7e3,
        2.121_379_430_158_659_586_7e4,
        3.930_789_580_009_271_061e4,
        2.872_908_573_572_194_267_4e4,
        5.226_495_278_852_854_561e3,
    ],
];
/// The same for the tails, by sqrt(-ln u) - 1.6.
const TAIL: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_577_34,
        4.630_337_846_156_545_295_9,
        5.769_497_221_460_691_405_5,
        3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58,
        2.417_807_251_774_506_117_7e-1,
        2.272_384_498_926_918_458_33e-2,
        7.745_450_142_783_414_076_4e-4,
    ],
    [
        1.0,
        2.053_191_626_637_758_821_87,
        1.676_384_830_183_803_849_4,
        6.897_673_349_851_000_045_5e-1,
        1.481_039_764_274_800_745_9e-1,
        1.519_866_656_361_645_719_66e-2,
        5.475_938_084_995_344_946e-4,
        1.050_750_071_644_416_843_24e-9,
    ],
];
/// The same beyond, by sqrt(-ln u) - 5.
const FAR_TAIL: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103_777_2,
        5.463_784_911_164_114_369_9,
        1.784_826_539_917_291_335_8,
        2.965_605_718_285_048_912_3e-1,
        2.653_218_952_657_612_309_3e-2,
        1.242_660_947_388_078_438_6e-3,
        2.711_555_568_743_487_578_15e-5,
        2.010_334_399_292_288_132_65e-7,
    ],
    [
        1.0,
        5.998_322_065_558_879_376_9e-1,
        1.369_298_809_227_358_053_1e-1,
        1.487_536_129_085_061_485_25e-2,
        7.868_691_311_456_132_591e-4,
        1.846_318_317_510_054_681_8e-5,
        1.421_511_758_316_445_888_7e-7,
        2.044_263_103_389_939_785_64e-15,
    ],
];

/// Horner's rule, coefficients from the constant up.
#[inline(always)]
fn polynomial<const K: usize>(x: f64, coefficients: [f64; K]) -> f64 {
    let mut sum = coefficients[K - 1];
    for place in (0..K - 1).rev() {
        sum = sum * x + coefficients[place];
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Draws;
    use proptest::prelude::*;

    fn near(got: f64, wanted: f64, ulps: f64) -> bool {
        (got - wanted).abs() <= ulps * f64::EPSILON * wanted.abs()
    }

    proptest! {
        #[test]
        fn logarithm_and_exponential_are_those_of_the_standard_library(x in 1e-300..1e300f64, y in -700.0..700.0f64) {
            prop_assert!(near(ln([x])[0], x.ln(), 2.0), "{x}");
            prop_assert!(near(exp([y])[0], y.exp(), 4.0), "{y}");
            prop_assert!(near(exp2([y])[0], y.exp2(), 4.0), "{y}");
        }

        #[test]
        fn powers_are_those_of_the_standard_library(x in 1e-3..1e3f64, q in -5.0..5.0f64) {
            prop_assert!(near(pow([x], [q])[0], x.powf(q), 80.0), "{x} {q}");
        }

        #[test]
        fn the_widest_vectors_give_the_bits_of_single_numbers(x in 1e-3..1e3f64, step in 0.0..1.0f64, seed: u64) {
            let xs: [f64; 32] = from_fn(|lane| x + step * lane as f64);
            let runs: [u64; 32] = from_fn(|lane| seed.wrapping_add(lane as u64));
            let draws = Draws::new(seed, 1);
            let wide = widest(
                #[inline(always)]
                || (ln(xs), exp(xs), pow(xs, [step; 32]), uniforms(draws, runs, 3), standard_normals(draws, runs, 3)),
            );
            for lane in 0..32 {
                prop_assert_eq!(wide.0[lane].to_bits(), ln([xs[lane]])[0].to_bits());
                prop_assert_eq!(wide.1[lane].to_bits(), exp([xs[lane]])[0].to_bits());
                prop_assert_eq!(wide.2[lane].to_bits(), pow([xs[lane]], [step])[0].to_bits());
                prop_assert_eq!(wide.3[0][lane].to_bits(), draws.uniform(runs[lane], 3).to_bits());
                let [[first], [second]] = standard_normals(draws, [runs[lane]], 3);
                prop_assert_eq!((wide.4[0][lane].to_bits(), wide.4[1][lane].to_bits()), (first.to_bits(), second.to_bits()));
            }
        }

        #[test]
        fn lanes_draw_the_numbers_of_single_draws(seed: u64, stream: u32, run in 0..u64::MAX - 4, dimension: u32) {
            let draws = Draws::new(seed, stream);
            let [first, _] = uniforms(draws, [run, run + 1, run + 2, run + 3], dimension);
            prop_assert_eq!(first, [run, run + 1, run + 2, run + 3].map(|run| draws.uniform(run, dimension)));
        }
    }

    #[test]
    fn logarithms_near_one_keep_their_digits_and_powers_of_zero_are_nothing() {
        for x in [1.0, 1.0 + 1e-15, 1.0 - 1e-15, 1.0001, 0.9999, 0.707, 1.414, 1.415] {
            assert!(near(ln([x])[0], x.ln(), 2.0), "{x}");
        }
        assert!(pow([0.0], [2.0])[0] < 1e-300);
    }

    /// Against another algorithm (Boost's inverse of erfc, in statrs), over the middle, the tails and the far tails.
    #[test]
    fn normal_quantiles_agree_with_another_algorithm() {
        let other = |u: f64| -std::f64::consts::SQRT_2 * statrs::function::erf::erfc_inv(2.0 * u);
        for step in 1..4000 {
            let u = f64::from(step) / 4000.0;
            for u in [u, u * 1e-3, u * 1e-9, u * 1e-13] {
                let got = standard_normal_quantile([u])[0];
                assert!((got - other(u)).abs() <= 4e-15 * other(u).abs().max(1.0), "{u}: {got}, not {}", other(u));
            }
        }
        let [low, high] = standard_normal_quantile([0.025, 0.975]);
        assert!((high - 1.959_963_984_540_054).abs() < 1e-15 && (low + high).abs() < 1e-15);
    }
}
