//! A handful of measurements of one thing, and what is said of them: the median and the middle half.

use std::time::Duration;

/// Measurements of one thing in one unit, sorted.
pub(crate) struct Sample {
    sorted: Vec<f64>,
}

impl Sample {
    /// Keeps the finite values. `None` when there is none: nothing can be said of an empty sample.
    pub(crate) fn new(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values
            .into_iter()
            .filter(|value| value.is_finite())
            .collect();
        sorted.sort_by(f64::total_cmp);
        (!sorted.is_empty()).then_some(Self { sorted })
    }

    /// The same, of durations, in milliseconds.
    pub(crate) fn of_durations(durations: &[Duration]) -> Option<Self> {
        Self::new(
            durations
                .iter()
                .map(|duration| duration.as_secs_f64() * 1e3),
        )
    }

    /// How many measurements there are.
    pub(crate) fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The value in the middle.
    pub(crate) fn median(&self) -> f64 {
        self.percentile(50.0)
    }

    /// The value that `percent` percent of the measurements do not exceed, interpolated between neighbours.
    pub(crate) fn percentile(&self, percent: f64) -> f64 {
        let last = self.sorted.len() - 1;
        let place = percent / 100.0 * last as f64;
        let (below, above) = (place.floor() as usize, place.ceil() as usize);
        let share = place - place.floor();
        self.sorted[below] * (1.0 - share) + self.sorted[above.min(last)] * share
    }

    /// `12.3 ms (11.9–13.1)`: the median and the quartiles.
    pub(crate) fn in_milliseconds(&self) -> String {
        let [low, median, high] = [25.0, 50.0, 75.0].map(|percent| self.percentile(percent));
        format!("{} ms ({}–{})", figure(median), figure(low), figure(high))
    }

    /// `1,375 /s (1,360–1,381)`: the median and the quartiles.
    pub(crate) fn per_second(&self) -> String {
        let [low, median, high] =
            [25.0, 50.0, 75.0].map(|percent| grouped(self.percentile(percent)));
        format!("{median} /s ({low}–{high})")
    }
}

/// Three significant figures or so: `0.52`, `4.31`, `63.0`, `412`.
pub(crate) fn figure(value: f64) -> String {
    match value.abs() {
        size if size < 0.1 => format!("{value:.3}"),
        size if size < 10.0 => format!("{value:.2}"),
        size if size < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// A whole number with its thousands set apart: `130,000`.
pub(crate) fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Sample, figure, grouped};

    #[test]
    fn the_median_is_the_middle_value() {
        let sample = Sample::new([3.0, 1.0, 2.0]).unwrap();
        assert_eq!(sample.median(), 2.0);
        assert_eq!(Sample::new([1.0, 2.0]).unwrap().median(), 1.5);
    }

    #[test]
    fn percentiles_stay_inside_the_sample() {
        let sample = Sample::new((1..=101).map(f64::from)).unwrap();
        assert_eq!(sample.percentile(0.0), 1.0);
        assert_eq!(sample.percentile(99.0), 100.0);
        assert_eq!(sample.percentile(100.0), 101.0);
    }

    #[test]
    fn nothing_is_said_of_nothing() {
        assert!(Sample::new([f64::NAN]).is_none());
    }

    #[test]
    fn figures_are_short() {
        assert_eq!(
            [0.0521, 0.5, 4.312, 63.04, 412.4].map(figure),
            ["0.052", "0.50", "4.31", "63.0", "412"]
        );
        assert_eq!(
            [12.0, 130_000.0, 1_375.4].map(grouped),
            ["12", "130,000", "1,375"]
        );
    }
}
