//! What is asked of a deployment: lengths, images, and how many requests are in flight.

use crate::operator::Phase;
use units::{Problem, Problems};

/// Alike requests in a closed loop: each that ends is followed by the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// Mean text tokens read by a request [tokens].
    pub input_tokens: f64,
    /// Mean tokens written by a request, at least 1 [tokens].
    pub output_tokens: f64,
    /// Requests in flight over the whole deployment [count].
    pub concurrency: u64,
    /// Images in a request [count].
    pub images: u64,
    /// Width and height of an image; `None` = the encoder's own size [pixels].
    pub image_size: Option<(u64, u64)>,
    /// Share of the text tokens whose cache entries are found, not computed [fraction].
    pub prefix_share: f64,
    /// Prompts alone or tokens alone, on a pool that does nothing else; `None` = both.
    pub phase: Option<Phase>,
}

impl Workload {
    /// Text of fixed mean lengths, no shared prefix.
    pub fn text(input_tokens: f64, output_tokens: f64, concurrency: u64) -> Self {
        Self { input_tokens, output_tokens, concurrency, images: 0, image_size: None, prefix_share: 0.0, phase: None }
    }

    /// Figures that mean nothing: lengths under 1 or not finite, no request, a share outside 0 to 1.
    pub(crate) fn problems(&self, problems: &mut Problems) {
        const MOST: f64 = 1e9;
        for (key, value) in [("input", self.input_tokens), ("output", self.output_tokens)] {
            if !(1.0..=MOST).contains(&value) {
                let message = format!("{key} is {value} tokens; it must be between 1 and {MOST:e}");
                problems.push(Problem::new("bad_length", message).key(key));
            }
        }
        if self.concurrency == 0 || self.concurrency > 1 << 32 {
            let message = format!("concurrency is {}; it must be between 1 and 2^32", self.concurrency);
            problems.push(Problem::new("bad_count", message).key("concurrency"));
        }
        if !(0.0..=1.0).contains(&self.prefix_share) {
            let message = format!("prefix_share is {}; it is a fraction between 0 and 1", self.prefix_share);
            problems.push(Problem::new("bad_fraction", message).key("prefix_share"));
        }
        if self.images > 10_000 {
            let message = format!("{} images a request; at most 10,000", self.images);
            problems.push(Problem::new("bad_count", message).key("images"));
        }
        if let Some((width, height)) = self.image_size
            && !((1..=65_536).contains(&width) && (1..=65_536).contains(&height))
        {
            let message = format!("an image of {width}x{height} pixels; each side is between 1 and 65,536");
            problems.push(Problem::new("bad_image_size", message).key("image_size"));
        }
    }
}
