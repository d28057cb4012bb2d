//! Depth: whether a visit bounces, and how many pages it sees.
//!
//! For: the number of page views. Not for: which pages. Invariants: over all visits the share of bounces and the mean
//! of the others are the plan's, though channels, devices and returning people differ; a visit that does not bounce stays
//! within the plan's bounds and has at least two page views, if the bounds allow.

use config::BehaviourPlan;

use crate::balance::spread;
use crate::channels::{Channel, Channels, Group};
use crate::streams::Stream;

/// How much more often visits bounce by channel (in the order of [`Channel::ALL`]) and by device: networks and
/// advertisements bring people who only have a look; letters bring those who wanted to come.
const BOUNCE: [f64; 7] = [1.0, 0.9, 1.35, 1.0, 0.9, 1.15, 0.7];
const BOUNCE_DEVICE: [f64; 3] = [0.88, 1.12, 1.0];
const BOUNCE_RETURNING: f64 = 0.8;
/// How many more pages those see who stay.
const DEPTH: [f64; 7] = [0.95, 1.15, 0.7, 1.0, 0.9, 0.95, 1.2];
const DEPTH_RETURNING: f64 = 1.15;

/// Share of the visits that wander on for long, and how much longer they are: the heavy tail.
const WANDERERS: f64 = 0.12;
const WANDERING: f64 = 3.5;

/// So many tables: by channel, new and returning.
const TABLES: usize = 14;

/// The lengths of visits.
#[derive(Debug)]
pub(crate) struct Depths {
    /// Chance of a bounce, by group and channel.
    bounce: Vec<[f64; 7]>,
    /// Fewest page views of a visit that does not bounce.
    fewest: u32,
    tables: Vec<Table>,
    /// Shares of all visits by the number of page views, from 0 on.
    shares: Vec<f64>,
    /// Shares of all visits that do not bounce, by channel.
    engaged: [f64; 7],
}

/// Ends of the numbers of further pages, from 0 on, on a scale of 2^32.
#[derive(Debug)]
struct Table(Box<[u32]>);

impl Depths {
    /// `groups` are the groups' shares of all visits.
    pub(crate) fn new(
        plan: &BehaviourPlan,
        channels: &Channels,
        groups: &[f64; Group::COUNT],
    ) -> Self {
        let most = plan.page_views_max.max(1);
        let fewest = plan.page_views_min.max(2).min(most);
        let cells: Vec<(usize, usize, f64)> = Group::all()
            .into_iter()
            .flat_map(|group| {
                let mix = channels.mix(group).iter().enumerate();
                mix.map(move |(channel, share)| {
                    (group.number(), channel, share * groups[group.number()])
                })
            })
            .collect();
        let bounces = bounces(plan.bounce, &cells);
        let mut bounce = vec![[0.0; 7]; Group::COUNT];
        let mut engaged = [0.0; TABLES];
        for (&(group, channel, weight), &chance) in cells.iter().zip(&bounces) {
            bounce[group][channel] = chance;
            engaged[table_of(group, channel)] += weight * (1.0 - chance);
        }
        let total: f64 = engaged.iter().sum();
        let further = (plan.depth - f64::from(fewest)).clamp(0.0, f64::from(most - fewest));
        let factors: Vec<(f64, f64)> = (0..TABLES)
            .map(|table| {
                let returning = if table >= 7 { DEPTH_RETURNING } else { 1.0 };
                (
                    engaged[table] / total.max(f64::MIN_POSITIVE),
                    DEPTH[table % 7] * returning,
                )
            })
            .collect();
        let means = spread(further, &factors, f64::from(most - fewest));
        let mut shares = vec![0.0; most as usize + 1];
        shares[1] += 1.0 - total;
        let tables = means.iter().zip(engaged).map(|(&mean, weight)| {
            let chances = chances(mean, (most - fewest) as usize);
            for (more, chance) in chances.iter().enumerate() {
                shares[fewest as usize + more] += weight * chance;
            }
            Table::new(&chances)
        });
        Self {
            tables: tables.collect(),
            engaged: std::array::from_fn(|channel| engaged[channel] + engaged[channel + 7]),
            bounce,
            fewest,
            shares,
        }
    }

    /// Shares of all visits that do not bounce, by channel.
    pub(crate) fn engaged(&self) -> [f64; 7] {
        self.engaged
    }

    /// The number of page views; 1 is a bounce.
    pub(crate) fn page_views(&self, group: Group, channel: Channel, stream: &mut Stream) -> usize {
        let bounces = stream.chance(self.bounce[group.number()][channel as usize]);
        let further = self.tables[table_of(group.number(), channel as usize)].draw(stream);
        if bounces {
            1
        } else {
            self.fewest as usize + further
        }
    }

    /// Share of all visits that see more than one page and between `from` and `to` pages, both included.
    pub(crate) fn share(&self, from: usize, to: usize) -> f64 {
        let last = (to + 1).min(self.shares.len());
        self.shares
            .get(from.max(2)..last)
            .map_or(0.0, |shares| shares.iter().sum())
    }
}

fn table_of(group: usize, channel: usize) -> usize {
    channel + if group >= Group::COUNT / 2 { 7 } else { 0 }
}

/// The chance of a bounce in each cell of (group, channel, weight).
fn bounces(share: f64, cells: &[(usize, usize, f64)]) -> Vec<f64> {
    let factors = cells.iter().map(|&(group, channel, weight)| {
        let group = Group::all()[group];
        let returning = if group.returning {
            BOUNCE_RETURNING
        } else {
            1.0
        };
        (
            weight,
            BOUNCE[channel] * BOUNCE_DEVICE[group.device] * returning,
        )
    });
    spread(share, &factors.collect::<Vec<_>>(), 1.0)
}

/// The chance of each number from 0 to `most`, with this mean: two geometric distributions, one of them with a long tail.
fn chances(mean: f64, most: usize) -> Vec<f64> {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        let chances = mixed(middle, most);
        let seen: f64 = chances
            .iter()
            .enumerate()
            .map(|(at, chance)| at as f64 * chance)
            .sum();
        if seen < mean {
            low = middle;
        } else {
            high = middle;
        }
    }
    mixed(high, most)
}

/// `stay` from 0 to 1 goes over all means, from 0 to `most`.
fn mixed(stay: f64, most: usize) -> Vec<f64> {
    // The chance of another page: below 1 for a stay up to one half, above it further pages become more likely.
    let ratio = stay / (1.0 - stay).max(1e-12);
    let longer = if ratio < 1.0 {
        WANDERING * ratio / (1.0 - ratio + WANDERING * ratio)
    } else {
        ratio
    };
    let (usual, wandering) = (geometric(ratio, most), geometric(longer, most));
    let both = usual.iter().zip(&wandering);
    both.map(|(usual, wandering)| (1.0 - WANDERERS) * usual + WANDERERS * wandering)
        .collect()
}

/// Chances from 0 to `most`, each `ratio` times the one before.
fn geometric(ratio: f64, most: usize) -> Vec<f64> {
    // Counted from the larger end, so that nothing overflows.
    let (step, rising) = if ratio > 1.0 {
        (1.0 / ratio, true)
    } else {
        (ratio, false)
    };
    let mut chances: Vec<f64> = std::iter::successors(Some(1.0), |before| Some(before * step))
        .take(most + 1)
        .collect();
    if rising {
        chances.reverse();
    }
    let sum: f64 = chances.iter().sum();
    chances.iter_mut().for_each(|chance| *chance /= sum);
    chances
}

impl Table {
    fn new(chances: &[f64]) -> Self {
        let mut until = 0.0;
        let ends = chances.iter().map(|chance| {
            until += chance;
            // The last end is rounded to the whole scale by the cast, which saturates.
            (until * 4_294_967_296.0) as u32
        });
        Self(ends.collect())
    }

    fn draw(&self, stream: &mut Stream) -> usize {
        let place = (stream.bits() >> 32) as u32;
        self.0
            .partition_point(|&end| end <= place)
            .min(self.0.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mean_within_the_bounds_can_be_had() {
        for (mean, most) in [
            (0.0, 0),
            (0.0, 5),
            (2.0, 98),
            (2.0, 4),
            (3.9, 4),
            (60.0, 98),
            (98.0, 98),
        ] {
            let chances = chances(mean, most);
            let seen: f64 = chances
                .iter()
                .enumerate()
                .map(|(at, chance)| at as f64 * chance)
                .sum();
            assert!((seen - mean).abs() < 1e-3, "{mean} of {most}: {seen}");
            assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn the_tail_is_heavier_than_that_of_one_geometric_distribution() {
        let (mean, most) = (2.0, 98);
        let beyond = |chances: &[f64]| chances[15..].iter().sum::<f64>();
        let plain = geometric(mean / (1.0 + mean), most);
        assert!(beyond(&chances(mean, most)) > 2.0 * beyond(&plain));
    }
}
