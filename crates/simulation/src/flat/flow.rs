//! Visits of a live run in the flat model: a Poisson process of one rate.
//!
//! For: the moments and ordinals of visits, from the origin on. Not for: past days. Invariant: each one-minute
//! bucket from the origin draws its number of arrivals and their moments from a stream of its own, so a bucket can
//! be made or counted without those before it; ordinals are global and in plan order.

use config::LoadPlan;
use rand_distr::Poisson;

use crate::arrivals::{Arrival, Pace};
use crate::quiet::Quiet;
use crate::streams::{Purpose, Stream, Streams};

const BUCKET_MS: i64 = 60_000;

/// Buckets in 24 hours, which is also the window of a cap.
const BUCKETS_PER_DAY: u64 = 1440;

/// Visits that begin by chance, at a mean rate.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    streams: Streams,
    origin_ms: i64,
    /// Arrivals of a bucket; `None`: nothing ever arrives.
    per_bucket: Option<Poisson<f64>>,
    /// Visits of the whole plan; `None` is open-ended.
    end: Option<u64>,
    /// Most visits in a window.
    cap: Option<u64>,
    /// When no visit begins.
    quiet: Option<Quiet>,
    next_ordinal: u64,
    next_bucket: u64,
    /// Visits of the current window, those in `moments` included.
    in_window: u64,
    /// Start of the current window, if the one before was full and no visit began since.
    after_cap: Option<i64>,
    /// What is left of the newest bucket, latest first.
    moments: Vec<i64>,
}

impl Flow {
    pub(crate) fn new(
        streams: Streams,
        origin_ms: i64,
        load: &LoadPlan,
        pace: Pace,
    ) -> Option<Self> {
        let (mean, end, cap, quiet) = match pace {
            Pace::Plan => (
                f64::from(load.visits_per_day) / BUCKETS_PER_DAY as f64,
                load.stop.after_visits,
                load.stop.visits_per_window,
                Quiet::of(load),
            ),
            Pace::Backfill => return None,
            Pace::Trial { visits, per_second } => {
                let mean = per_second * BUCKET_MS as f64 / 1000.0;
                (mean, Some(visits), None, None)
            }
        };
        Some(Self {
            streams,
            origin_ms,
            per_bucket: Poisson::new(mean).ok(),
            end,
            cap,
            quiet,
            next_ordinal: 0,
            next_bucket: 0,
            in_window: 0,
            after_cap: None,
            moments: Vec::new(),
        })
    }

    /// Jumps to the first visit at or after `at_ms`. Never goes back.
    pub(crate) fn skip_to(&mut self, at_ms: i64) {
        loop {
            while self.moments.last().is_some_and(|&moment| moment < at_ms) {
                self.moments.pop();
                self.skip(1);
            }
            let reached = self.bucket_start(self.next_bucket) >= at_ms;
            if reached || !self.moments.is_empty() || self.ended() {
                return;
            }
            let skipped_whole = self.bucket_start(self.next_bucket + 1) <= at_ms;
            let (moments, taken) = self.open_bucket();
            if skipped_whole {
                self.skip(taken);
            } else {
                self.make(moments, taken);
            }
        }
    }

    /// Nothing ends these visits but the run.
    pub(crate) fn endless(&mut self) {
        self.end = None;
    }

    /// Ordinal of the visit that comes next.
    pub(crate) fn next_ordinal(&self) -> u64 {
        self.next_ordinal
    }

    fn skip(&mut self, visits: u64) {
        self.next_ordinal += visits;
        if 0 < visits {
            self.after_cap = None;
        }
    }

    fn ended(&self) -> bool {
        self.per_bucket.is_none()
            || self.cap == Some(0)
            || self.end.is_some_and(|end| end <= self.next_ordinal)
    }

    fn bucket_start(&self, bucket: u64) -> i64 {
        let elapsed = i64::try_from(bucket)
            .unwrap_or(i64::MAX)
            .saturating_mul(BUCKET_MS);
        self.origin_ms.saturating_add(elapsed)
    }

    /// Takes the next bucket: how many of its arrivals count, and the stream that their moments come
    /// from. Of a full window nothing counts, and the next bucket is the first of the next window.
    fn open_bucket(&mut self) -> (BucketMoments, u64) {
        let bucket = self.next_bucket;
        self.next_bucket += 1;
        if bucket.is_multiple_of(BUCKETS_PER_DAY) {
            if self.room_in_window() == 0 {
                self.after_cap = Some(self.bucket_start(bucket));
            }
            self.in_window = 0;
        }
        let moments = self.draw(bucket);
        let left = self
            .end
            .map_or(u64::MAX, |end| end - self.next_ordinal.min(end));
        let taken = moments.count().min(self.room_in_window()).min(left);
        self.in_window += taken;
        if self.room_in_window() == 0 {
            self.next_bucket = (bucket / BUCKETS_PER_DAY + 1) * BUCKETS_PER_DAY;
        }
        (moments, taken)
    }

    /// The arrivals of a bucket, of which those in quiet hours never were.
    fn draw(&self, bucket: u64) -> BucketMoments {
        let start_ms = self.bucket_start(bucket);
        let part = self.quiet.as_ref().map(|quiet| {
            let ends = [start_ms, start_ms + BUCKET_MS - 1];
            (quiet, ends.map(|at_ms| quiet.covers(at_ms)))
        });
        if let Some((_, [true, true])) = part {
            return BucketMoments::Made(Vec::new());
        }
        let mut stream = self.streams.stream(bucket, Purpose::Arrivals);
        // A mean of a hundred million visits a day makes counts far below 2^53.
        let count = self
            .per_bucket
            .map_or(0, |per_bucket| stream.sample(per_bucket) as u64);
        let drawn = BucketMoments::Drawn {
            stream: Box::new(stream),
            start_ms,
            count,
        };
        match part {
            None | Some((_, [false, false])) => drawn,
            Some((quiet, _)) => {
                let mut made = Vec::new();
                drawn.into_moments(&mut made);
                made.retain(|at_ms| !quiet.covers(*at_ms));
                BucketMoments::Made(made)
            }
        }
    }

    fn room_in_window(&self) -> u64 {
        self.cap
            .map_or(u64::MAX, |cap| cap.saturating_sub(self.in_window))
    }

    fn make(&mut self, bucket: BucketMoments, taken: u64) {
        self.moments.clear();
        // All are drawn, also those that a cap cuts off: the earliest remain.
        bucket.into_moments(&mut self.moments);
        self.moments
            .truncate(usize::try_from(taken).unwrap_or(usize::MAX));
        self.moments.reverse();
    }
}

/// The arrivals of a bucket.
enum BucketMoments {
    /// Counted but not made.
    Drawn {
        stream: Box<Stream>,
        start_ms: i64,
        count: u64,
    },
    /// Made, ascending: the bucket lies in part or as a whole in quiet hours.
    Made(Vec<i64>),
}

impl BucketMoments {
    fn count(&self) -> u64 {
        match self {
            Self::Drawn { count, .. } => *count,
            Self::Made(moments) => moments.len() as u64,
        }
    }

    /// Appends the moments to an empty list, ascending.
    fn into_moments(self, moments: &mut Vec<i64>) {
        match self {
            Self::Drawn {
                mut stream,
                start_ms,
                count,
            } => {
                let mut moment = || start_ms + stream.between(0, BUCKET_MS as u64 - 1) as i64;
                moments.extend((0..count).map(|_| moment()));
                moments.sort_unstable();
            }
            Self::Made(made) => *moments = made,
        }
    }
}

impl Iterator for Flow {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        while self.moments.is_empty() {
            if self.ended() {
                return None;
            }
            let (bucket, taken) = self.open_bucket();
            self.make(bucket, taken);
        }
        let at_ms = self.moments.pop()?;
        let ordinal = self.next_ordinal;
        self.next_ordinal += 1;
        Some(Arrival {
            ordinal,
            at_ms,
            after_cap: self.after_cap.take(),
            ends_ms: None,
            slot: None,
        })
    }
}
