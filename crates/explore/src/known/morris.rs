//! Morris's test function of twenty inputs.

/// Morris's function (Technometrics 33, 1991, section 5) of twenty numbers of the unit interval.
///
/// With w_i = 2 (x_i - 1/2), but 2 (1.1 x_i/(x_i + 0.1) - 1/2) for i = 3, 5, 7: the sum of b_i w_i, b_ij w_i w_j,
/// b_ijl w_i w_j w_l and b_ijls w_i w_j w_l w_s over rising indices. b_i = 20 to i = 10, b_ij = -15 to 6, b_ijl = -10 to
/// 5, b_ijls = 5 to 4. Morris drew the other b_i and b_ij at random; here they are (-1)^i and (-1)^(i + j), as Campolongo
/// and Saltelli (Reliab. Eng. Syst. Saf. 57, 1997) fixed them, and the other triples and quadruples are 0.
///
/// So inputs 1 to 7 act strongly and not linearly or not alone, 8 to 10 strongly and nearly linearly, 11 to 20 hardly.
pub fn morris(point: &[f64; 20]) -> f64 {
    let w: [f64; 20] = std::array::from_fn(|index| match index {
        2 | 4 | 6 => 2.0 * (1.1 * point[index] / (point[index] + 0.1) - 0.5),
        _ => 2.0 * (point[index] - 0.5),
    });
    // Indices count from 0: their parity is the other, that of a sum of two the same.
    let sign = |index: usize| if index.is_multiple_of(2) { 1.0 } else { -1.0 };
    let mut sum = 0.0;
    for i in 0..20 {
        sum += if i < 10 { 20.0 } else { -sign(i) } * w[i];
        for j in i + 1..20 {
            sum += if j < 6 { -15.0 } else { sign(i + j) } * w[i] * w[j];
        }
    }
    for i in 0..5 {
        for j in i + 1..5 {
            for l in j + 1..5 {
                sum -= 10.0 * w[i] * w[j] * w[l];
            }
        }
    }
    sum + 5.0 * w[0] * w[1] * w[2] * w[3]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the middle all w are 0 but those of inputs 3, 5 and 7: 2 (0.55/0.6 - 1/2) = 5/6 = w. Then, by hand,
    /// 3 x 20 w + b_35 w^2 + (b_37 + b_57) w^2 = 50 - 15 x 25/36 + 2 x 25/36 = 50 - 325/36.
    #[test]
    fn the_middle_by_hand() {
        assert!((morris(&[0.5; 20]) - (50.0 - 325.0 / 36.0)).abs() < 1e-12);
    }
}
