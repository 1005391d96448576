//! Digamma and trigamma functions.
//!
//! Recurrence to arguments above 12, where six terms of the asymptotic series leave less than 1e-16 of the value.
//!
//! Source: Abramowitz and Stegun, 6.3.5, 6.3.18, 6.4.6 and 6.4.12.

/// From here on the asymptotic series.
const LARGE: f64 = 12.0;

/// ψ(x) = d ln Γ(x)/dx for x > 0.
pub(crate) fn digamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < LARGE {
        below += x.recip();
        x += 1.0;
    }
    let r = (x * x).recip();
    let series = r
        * (1.0 / 12.0
            - r * (1.0 / 120.0
                - r * (1.0 / 252.0 - r * (1.0 / 240.0 - r * (1.0 / 132.0 - r * 691.0 / 32_760.0)))));
    x.ln() - 0.5 / x - series - below
}

/// ψ′(x) for x > 0.
pub(crate) fn trigamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < LARGE {
        below += (x * x).recip();
        x += 1.0;
    }
    let r = (x * x).recip();
    let series = r
        * (1.0 / 6.0
            - r * (1.0 / 30.0 - r * (1.0 / 42.0 - r * (1.0 / 30.0 - r * (5.0 / 66.0 - r * 691.0 / 2730.0)))));
    x.recip() * (1.0 + series) + 0.5 * r + below
}

/// ψ(1), …, ψ(n) at places 1 to n, by ψ(n + 1) = ψ(n) + 1/n; place 0 is NaN.
pub(crate) fn digamma_table(n: usize) -> Vec<f64> {
    let mut table = vec![f64::NAN];
    let mut value = irrev_numerics::sum::CompensatedSum::default();
    value.add(digamma(1.0));
    for k in 1..=n {
        table.push(value.value());
        value.add((k as f64).recip());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_testing::assert_close;

    #[test]
    fn values_known_in_closed_form_are_found() {
        const EULER: f64 = 0.577_215_664_901_532_9;
        let pi = std::f64::consts::PI;
        // twelve terms of the recurrence, each rounded to ε/2 of a sum of up to 3
        let allowed = 12.0 * 1.5 * f64::EPSILON;
        assert_close("ψ(1)", digamma(1.0), -EULER, 0.0, allowed);
        assert_close("ψ(1/2)", digamma(0.5), -EULER - 2.0 * 2.0_f64.ln(), 0.0, allowed);
        assert_close("ψ′(1)", trigamma(1.0), pi * pi / 6.0, 0.0, allowed);
        assert_close("ψ′(1/2)", trigamma(0.5), pi * pi / 2.0, 0.0, 2.0 * allowed);
        let table = digamma_table(1000);
        assert_close("ψ(1000)", table[1000], digamma(1000.0), 4e-16, 0.0);
    }

    #[test]
    fn the_second_is_the_slope_of_the_first() {
        for x in [0.03, 0.4, 3.0, 11.9, 12.1, 500.0] {
            let h = 1e-4 * x;
            let slope = (digamma(x + h) - digamma(x - h)) / (2.0 * h);
            assert_close("slope", slope, trigamma(x), 1e-6, 0.0);
        }
    }
}
