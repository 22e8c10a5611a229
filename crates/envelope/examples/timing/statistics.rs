//! Means, percentiles and Welch's t.

/// The times of one class in nanoseconds, in ascending order.
pub(crate) struct Times(Vec<f64>);

/// What a t-test needs to know of a class.
pub(crate) struct Summary {
    count: f64,
    mean: f64,
    variance: f64,
}

impl Times {
    pub(crate) fn new(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn median(&self) -> f64 {
        self.0.get(self.0.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// Below which this share of all classes' times is.
    pub(crate) fn percentile(classes: &[Self], share: f64) -> f64 {
        let mut all: Vec<f64> = classes
            .iter()
            .flat_map(|times| times.0.iter().copied())
            .collect();
        all.sort_by(f64::total_cmp);
        all.get((all.len() as f64 * share) as usize)
            .copied()
            .unwrap_or(f64::INFINITY)
    }

    /// Of the times up to `crop`.
    pub(crate) fn summary(&self, crop: f64) -> Summary {
        let kept = &self.0[..self.0.partition_point(|time| *time <= crop)];
        let count = kept.len() as f64;
        let mean = kept.iter().sum::<f64>() / count;
        let squares: f64 = kept.iter().map(|time| (time - mean).powi(2)).sum();
        Summary {
            count,
            mean,
            variance: squares / (count - 1.0),
        }
    }
}

/// Welch's t for the difference of two means.
pub(crate) fn welch(one: &Summary, other: &Summary) -> f64 {
    (other.mean - one.mean) / (one.variance / one.count + other.variance / other.count).sqrt()
}
