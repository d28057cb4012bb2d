//! One opening of a page: where it is, what it shows, how fast it came, and what is said about it.
//!
//! For: what all hits of a page view share. Not for: what happens on the page. Invariant: `pv_id` is six
//! characters; what the page shows and its timings are told once, when it is opened.

use std::sync::{Arc, LazyLock};

use crate::order::{Cents, categories_json};
use crate::query::Sink;
use crate::text::Text;

/// Six characters that tie the hits of one page view together (`pv_id`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageViewId([u8; 6]);

impl PageViewId {
    const DIGITS: &'static [u8; 62] =
        b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// Takes six digits in base 62 out of `bits`; 36 evenly drawn bits give evenly spread ids.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        let mut id = [0; 6];
        let mut rest = bits;
        for place in &mut id {
            *place = Self::DIGITS[(rest % 62) as usize];
            rest /= 62;
        }
        Self(id)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the digits are ASCII")
    }
}

/// One opening of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageView {
    /// Address of the page (`url`).
    pub url: Text,
    /// Title of the page (`action_name`); a `/` makes a folder in Matomo's reports.
    pub title: Text,
    /// Where the visitor came from: another site, the page before, or nothing (`urlref`).
    pub referrer: Option<Text>,
    /// Id of this opening (`pv_id`).
    pub id: PageViewId,
    /// What the shop shows on the page.
    pub shows: Option<Shown>,
    /// How long the parts of loading it took.
    pub timings: Option<PageTimings>,
    /// Custom dimensions of the visit and of the page; told by every hit of the page view but pings.
    pub dimensions: Option<Arc<[Dimension]>>,
}

impl PageView {
    /// A page view with nothing but what every page has.
    #[must_use]
    pub fn plain(url: Text, title: Text, referrer: Option<Text>, id: PageViewId) -> Self {
        Self {
            url,
            title,
            referrer,
            id,
            shows: None,
            timings: None,
            dimensions: None,
        }
    }

    pub(crate) fn each_dimension(&self, sink: &mut impl Sink) {
        for dimension in self.dimensions.iter().flat_map(|all| all.iter()) {
            sink.text(dimension.name, &dimension.value);
        }
    }
}

/// What a shop's page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// One product.
    Product(Arc<ShownProduct>),
    /// The products of a category, up to five names from the widest to the narrowest.
    Categories(Arc<[Arc<str>]>),
}

/// A product on its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownProduct {
    /// Article number (`_pks`).
    pub sku: Arc<str>,
    /// Name (`_pkn`).
    pub name: Arc<str>,
    /// Its categories, up to five (`_pkc`).
    pub categories: Arc<[Arc<str>]>,
    /// Price of one piece (`_pkp`).
    pub price: Cents,
}

impl Shown {
    pub(crate) fn each_param(&self, sink: &mut impl Sink) {
        match self {
            Self::Product(product) => {
                sink.string("_pks", &product.sku);
                sink.string("_pkn", &product.name);
                each_category(&product.categories, sink);
                sink.string("_pkp", &product.price.to_string());
            }
            Self::Categories(categories) => each_category(categories, sink),
        }
    }
}

/// One category goes out as a word, several as a JSON list; Matomo reads both.
fn each_category(categories: &[Arc<str>], sink: &mut impl Sink) {
    match categories {
        [] => {}
        [one] => sink.string("_pkc", one),
        several => sink.string("_pkc", &categories_json(several).to_string()),
    }
}

/// How long the parts of loading a page took, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageTimings {
    /// Name look-up and connection (`pf_net`).
    pub network: u32,
    /// Waiting for the server (`pf_srv`).
    pub server: u32,
    /// Transfer of the page (`pf_tfr`).
    pub transfer: u32,
    /// Until the document can be used (`pf_dm1`).
    pub dom_processing: u32,
    /// Until the document is complete (`pf_dm2`).
    pub dom_completion: u32,
    /// The page's own work after that (`pf_onl`).
    pub on_load: u32,
}

/// The longest time that Matomo stores, the most of an unsigned medium integer; above it would leave a time out.
const TIMING_MAX_MS: u32 = 16_777_215;

impl PageTimings {
    pub(crate) fn each_param(&self, sink: &mut impl Sink) {
        for (name, ms) in [
            ("pf_net", self.network),
            ("pf_srv", self.server),
            ("pf_tfr", self.transfer),
            ("pf_dm1", self.dom_processing),
            ("pf_dm2", self.dom_completion),
            ("pf_onl", self.on_load),
        ] {
            sink.int(name, i64::from(ms.min(TIMING_MAX_MS)));
        }
    }
}

/// The value of a custom dimension, of the visit or of the page; Matomo knows which of both by the number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    name: &'static str,
    value: Text,
}

/// `dimension1` and so on.
static DIMENSION_NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    (1..=Dimension::NUMBER_MAX)
        .map(|number| format!("dimension{number}"))
        .collect()
});

impl Dimension {
    /// The highest number of a custom dimension. Matomo numbers a site's dimensions from 1 on, and a site
    /// has ten unless its administrator adds room.
    pub const NUMBER_MAX: u8 = 200;

    /// Dimension `number`, from 1 to [`Self::NUMBER_MAX`]; a number outside becomes the nearest. Matomo keeps
    /// 250 characters of the value.
    #[must_use]
    pub fn new(number: u8, value: Text) -> Self {
        let number = usize::from(number.clamp(1, Self::NUMBER_MAX));
        Self {
            name: &DIMENSION_NAMES[number - 1],
            value,
        }
    }
}
