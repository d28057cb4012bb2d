//! Random streams: every draw comes from a stream of its own purpose.
//!
//! For: making any visit alone, in any order, on any machine. Not for: secrets. Invariant: a stream is
//! a function of (key, index, purpose) alone, so a new draw in one module shifts no other module's
//! draws, and nothing is drawn from a shared generator.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// What a stream is for. Up to 19 they are the flat model's, some of which the other model shares; 32 to 47 belong to
/// time and people, 48 to 63 to devices and places, 64 to 95 to channels and journeys, 96 to 127 to the shop. The numbers are part of every golden file: never reuse or change one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Purpose {
    /// Arrivals of one minute; the index is the minute's.
    Arrivals = 0,
    /// The visitor's id.
    Identity = 1,
    /// The visitor's country and language.
    Place = 2,
    /// The visitor's device.
    Device = 3,
    /// The visitor's address.
    Address = 4,
    /// Where the visit comes from.
    Source = 5,
    /// Which pages are seen.
    Pages = 6,
    /// Ids of the page views.
    PageViewIds = 7,
    /// How long the visit takes, and its parts.
    Timing = 8,
    /// Which things happen in the visit, one draw for each, in a fixed order.
    Chances = 9,
    /// Details of the site search.
    Search = 10,
    /// Details of the click event.
    ClickEvent = 11,
    /// Details of the random event.
    RandomEvent = 12,
    /// Details of the download.
    Download = 13,
    /// Details of the outlink.
    Outlink = 14,
    /// What is bought.
    Order = 15,
    /// The order's id.
    OrderId = 16,
    /// Real pauses between the hits of a visit, in compressed pacing.
    Pauses = 17,
    /// How a past day's visits are spread over its minutes; the index is the day's first minute.
    BackfillDay = 18,
    /// Arrivals of one minute of a past day; the index is the minute's, counted from the Unix epoch.
    BackfillMinute = 19,
    /// How many visits a day has, and how they are shared out among its cells; the index is the day's.
    Day = 32,
    /// By how much a day differs by chance; the index is the day's.
    DayNoise = 33,
    /// Keys of a day's cells, for draws by arithmetic; the index is the day's.
    CellKeys = 34,
    /// How a cell's visits are shared out among its quarters of an hour; the index is the cell's.
    CellQuarters = 35,
    /// Moments in a quarter of an hour; the index is its first minute's, counted from the Unix epoch.
    QuarterMoments = 36,
    /// Whether a person is signed in.
    SignedIn = 37,
    /// The spike that brought a visit.
    Spike = 38,
    /// The visitor's language.
    Language = 48,
    /// The visitor's address.
    Network = 49,
    /// The visitor's device, browser and screen.
    Equipment = 50,
    /// The visitor's city.
    City = 51,
    /// How long a visit's pages take to load.
    PageTimings = 52,
    /// By which channel a visit comes.
    Channel = 64,
    /// From which address or campaign of the channel.
    Referrer = 65,
    /// Whether the visit bounces, and how many pages it sees.
    Depth = 66,
    /// What kind of visit it is.
    Persona = 67,
    /// Which pages are seen, one after the other.
    Walk = 68,
    /// How long the visitor stays on each page.
    Dwell = 69,
    /// Which things happen in a visit of several pages, one draw for each, in a fixed order.
    Deeds = 70,
    /// What is looked for on the site.
    SiteSearch = 71,
    /// Whether and when pings are sent.
    Pings = 72,
    /// Which pages are the popular ones; one key for the whole site.
    Popularity = 73,
    /// Where the pages of shop and search stand in the visit.
    Route = 74,
    /// Which contents are seen and used.
    Contents = 75,
    /// How far a visit gets in the shop.
    ShopChain = 96,
    /// Which products a visit sees.
    ShopProducts = 97,
    /// What is put into the cart.
    ShopBasket = 98,
    /// Discount and shipping of an order.
    ShopOrder = 99,
    /// The order's id.
    ShopOrderId = 100,
    /// Which goals are reached, one draw for each of the plan's.
    Goals = 101,
    /// Values of custom dimensions that a person keeps.
    VisitDimensions = 102,
    /// Values of custom dimensions that a page keeps; the index is made of its address.
    PageDimensions = 103,
}

/// Streams that belong to one key.
#[derive(Debug, Clone)]
pub(crate) struct Streams(ChaCha8Rng);

impl Streams {
    /// Derives a key from `parts`; `realm` keeps keys for different uses apart.
    pub(crate) fn new(realm: &str, parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in [realm.as_bytes()].iter().chain(parts) {
            // The length in front keeps ("ab", "c") and ("a", "bc") apart.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(ChaCha8Rng::from_seed(hash.finalize().into()))
    }

    /// The stream of one purpose of one index (a visit's ordinal, a minute); the index stays below 2^56.
    pub(crate) fn stream(&self, index: u64, purpose: Purpose) -> Stream {
        let mut rng = self.0.clone();
        rng.set_stream(index << 8 | purpose as u64);
        Stream(rng)
    }
}

/// Draws of one purpose.
#[derive(Debug, Clone)]
pub(crate) struct Stream(ChaCha8Rng);

impl Stream {
    /// 64 even bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number from 0 up to, not including, 1.
    pub(crate) fn unit(&mut self) -> f64 {
        self.0.random()
    }

    /// True with probability `p`. Always one draw, so what follows does not depend on `p`.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A whole number from `low` to `high`, both included; `low` when they are crossed.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0.random_range(low..=high.max(low))
    }

    /// An index below `len`, which is above 0.
    pub(crate) fn index(&mut self, len: usize) -> usize {
        self.0.random_range(0..len)
    }

    /// One of `items`, of which there is at least one.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// A draw from a distribution of the library.
    pub(crate) fn sample<T>(&mut self, distribution: impl rand_distr::Distribution<T>) -> T {
        self.0.sample(distribution)
    }
}
