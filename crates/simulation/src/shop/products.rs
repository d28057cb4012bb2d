//! Products: what there is to see and to buy.
//!
//! For: names, numbers, categories, prices and popularity. Not for: who looks at what. Invariants: a product has one
//! number and one price, made of what it is and of the plan's order values alone, so that it costs the same in every
//! run of a plan; product 0 is the most popular one, and popularity falls as in Zipf's law.

use std::sync::Arc;

use tracking::{Cents, Item, Shown, ShownProduct, Text};

use crate::streams::Stream;
use crate::table::{number, rows};

const PRODUCTS: &str = include_str!("../../data/products.tsv");
const VARIANTS: &str = include_str!("../../data/product-variants.tsv");

/// A product page of somebody's own list.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) title: Text,
    pub(crate) category: Option<Text>,
}

/// What can be bought.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) shown: Arc<ShownProduct>,
}

impl Product {
    pub(crate) fn item(&self, quantity: u32) -> Item {
        Item {
            sku: self.shown.sku.clone(),
            name: self.shown.name.clone(),
            categories: self.shown.categories.clone(),
            price: self.shown.price,
            quantity,
        }
    }

    pub(crate) fn price(&self) -> i64 {
        self.shown.price.0
    }
}

/// All products, the most popular first; never empty.
#[derive(Debug)]
pub(crate) struct Products {
    all: Vec<Product>,
    /// Sum of the popularity of each product and those before it.
    popularity: Vec<f64>,
    /// The cheapest product.
    pub(crate) cheapest: usize,
}

/// Draws of a related product before whatever came last is taken.
const TRIES: usize = 6;

impl Products {
    /// The products of a person's pages, or the built-in ones, at prices from `lowest` to `highest`.
    pub(crate) fn new(listed: &[Listed], lowest: i64, highest: i64) -> Self {
        let all = if listed.is_empty() {
            built_in(lowest, highest)
        } else {
            listed
                .iter()
                .map(|page| of_page(page, lowest, highest))
                .collect()
        };
        let mut sum = 0.0;
        let popularity = (1..=all.len()).map(|rank| {
            sum += 1.0 / rank as f64;
            sum
        });
        Self {
            popularity: popularity.collect(),
            cheapest: (0..all.len())
                .min_by_key(|&at| all[at].price())
                .unwrap_or_default(),
            all,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn get(&self, at: usize) -> &Product {
        &self.all[at]
    }

    pub(crate) fn shows(&self, at: usize) -> Shown {
        Shown::Product(self.all[at].shown.clone())
    }

    /// A product by its popularity.
    pub(crate) fn pick(&self, stream: &mut Stream) -> usize {
        let whole = self.popularity.last().copied().unwrap_or_default();
        let drawn = stream.unit() * whole;
        let at = self.popularity.partition_point(|sum| *sum <= drawn);
        at.min(self.all.len() - 1)
    }

    /// One of the same category as `before`, if one comes up soon.
    pub(crate) fn pick_related(&self, before: usize, stream: &mut Stream) -> usize {
        let category = |at: usize| self.all[at].shown.categories.first();
        let mut picked = self.pick(stream);
        for _ in 1..TRIES {
            if picked != before && category(picked) == category(before) {
                break;
            }
            picked = self.pick(stream);
        }
        picked
    }
}

fn built_in(lowest: i64, highest: i64) -> Vec<Product> {
    let variants: Vec<[&str; 4]> = rows(VARIANTS).collect();
    let mut priced = Vec::new();
    for [category, sku, name, price] in rows(PRODUCTS) {
        for &[added, suffix, factor, second] in &variants {
            let mut categories: Vec<Arc<str>> = vec![category.into()];
            categories.extend((!second.is_empty()).then(|| Arc::from(second)));
            let product = ShownProduct {
                sku: format!("{sku}-{suffix}").into(),
                name: format!("{name}{added}").into(),
                categories: categories.into(),
                price: Cents(0),
            };
            priced.push((number(price) * number(factor), product));
        }
    }
    priced.sort_by(|one, other| one.0.total_cmp(&other.0));
    let last = (priced.len() - 1).max(1) as f64;
    let mut all: Vec<_> = priced
        .into_iter()
        .enumerate()
        .map(|(rank, (_, mut product))| {
            product.price = Cents(price(rank as f64 / last, lowest, highest));
            product
        })
        .collect();
    // Neither the alphabet nor the price says what is popular.
    all.sort_by_key(|product| fingerprint(&[&product.sku]));
    all.into_iter().map(product).collect()
}

fn of_page(page: &Listed, lowest: i64, highest: i64) -> Product {
    let category = page.category.as_deref().unwrap_or_default();
    let print = fingerprint(&[&page.title, category]);
    let share = (print >> 40) as f64 / (1u64 << 24) as f64;
    product(ShownProduct {
        sku: format!("P-{:08X}", print as u32).into(),
        name: page.title.as_str().into(),
        categories: page
            .category
            .iter()
            .map(|name| name.as_str().into())
            .collect(),
        price: Cents(price(share, lowest, highest)),
    })
}

fn product(shown: ShownProduct) -> Product {
    Product {
        shown: Arc::new(shown),
    }
}

/// A number made of texts, the same on every machine (FNV-1a, then mixed so that the upper bits differ too).
pub(crate) fn fingerprint(texts: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for text in texts {
        // The end of a text counts, so ("ab", "c") and ("a", "bc") differ.
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ hash >> 33
}

/// How far up between the lowest and the highest price, on a logarithmic scale, each sixteenth of the products
/// reaches: a lognormal body, and a tail that ends far above the mean.
const PRICE_CURVE: [f64; 17] = [
    0.0, 0.07, 0.125, 0.17, 0.21, 0.245, 0.28, 0.315, 0.35, 0.385, 0.42, 0.46, 0.505, 0.56, 0.635,
    0.76, 1.0,
];

/// The price below which `share` of the products lie, 0 to 1.
fn price(share: f64, lowest: i64, highest: i64) -> i64 {
    let place = share * (PRICE_CURVE.len() - 1) as f64;
    let at = (place as usize).min(PRICE_CURVE.len() - 2);
    let reach = PRICE_CURVE[at] + (PRICE_CURVE[at + 1] - PRICE_CURVE[at]) * (place - at as f64);
    let exact = lowest as f64 * power(highest as f64 / lowest as f64, reach);
    let rounded = exact.round() as i64;
    // Shops like prices that end in 99. Downwards, so that the cheapest product costs the lowest price.
    let charming = if rounded >= 1_000 {
        (rounded + 1) / 100 * 100 - 1
    } else {
        rounded
    };
    charming.clamp(lowest, highest)
}

/// `base` to the power of `exponent` from 0 to 1, by square roots alone: they are rounded alike on every machine.
fn power(base: f64, exponent: f64) -> f64 {
    let (mut root, mut rest, mut power) = (base, exponent, 1.0);
    if exponent >= 1.0 {
        return base;
    }
    for _ in 0..24 {
        root = root.sqrt();
        rest *= 2.0;
        if rest >= 1.0 {
            rest -= 1.0;
            power *= root;
        }
    }
    power
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::streams::{Purpose, Streams};

    #[test]
    fn the_built_in_products_have_numbers_of_their_own_and_prices_of_the_plan() {
        let products = Products::new(&[], 1_599, 29_999);
        assert_eq!(products.len(), 400);
        let skus: BTreeSet<_> = products
            .all
            .iter()
            .map(|one| one.shown.sku.clone())
            .collect();
        assert_eq!(skus.len(), 400);
        let mut prices: Vec<_> = products.all.iter().map(Product::price).collect();
        prices.sort_unstable();
        assert_eq!((prices[0], prices[399]), (1_599, 29_999));
        let mean = prices.iter().sum::<i64>() / 400;
        assert!(prices[200] < mean, "median {} mean {mean}", prices[200]);
        assert_eq!(products.get(products.cheapest).price(), 1_599);
    }

    #[test]
    fn a_page_is_one_product_at_one_price_whatever_else_is_listed() {
        let page = |title: &str| Listed {
            title: title.into(),
            category: Some("Pots".into()),
        };
        let one = Products::new(&[page("Tea pot")], 500, 9_000);
        let two = Products::new(&[page("Kettle"), page("Tea pot")], 500, 9_000);
        assert_eq!(one.get(0).shown, two.get(1).shown);
        assert_ne!(two.get(0).shown.sku, two.get(1).shown.sku);
        assert!((500..=9_000).contains(&one.get(0).price()));
    }

    #[test]
    fn popularity_falls_as_in_zipfs_law() {
        let products = Products::new(&[], 1_599, 29_999);
        let mut stream = Streams::new("test", &[]).stream(0, Purpose::ShopProducts);
        let mut seen = [0u32; 400];
        for _ in 0..100_000 {
            seen[products.pick(&mut stream)] += 1;
        }
        // 1 / (1 + 1/2 + … + 1/400) = 15.2 %, and a tenth of that for the tenth.
        assert!((14_700..15_700).contains(&seen[0]), "{}", seen[0]);
        assert!((1_350..1_700).contains(&seen[9]), "{}", seen[9]);
    }

    #[test]
    fn roots_make_the_power() {
        for (base, exponent) in [
            (18.76, 0.35),
            (2.0, 0.5),
            (100.0, 0.999),
            (7.0, 0.0),
            (7.0, 1.0),
        ] {
            let power: f64 = power(base, exponent);
            assert!((power - base.powf(exponent)).abs() < 1e-5 * base, "{power}");
        }
    }
}
