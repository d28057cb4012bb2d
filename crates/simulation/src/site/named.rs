//! What a page is for, told by the words of its address.

use super::Kind;

/// Names of folders and pages by which their kind is known, in some languages of the web. Compared in lower case.
const KINDS: [(Kind, &[&str]); 5] = [
    (
        Kind::Results,
        &[
            "search",
            "suche",
            "recherche",
            "buscar",
            "zoeken",
            "sok",
            "ricerca",
        ],
    ),
    (
        Kind::Cart,
        &[
            "cart",
            "basket",
            "warenkorb",
            "panier",
            "carrito",
            "winkelwagen",
            "varukorg",
        ],
    ),
    (
        Kind::Thanks,
        &[
            "thanks",
            "thank-you",
            "confirmation",
            "danke",
            "merci",
            "order-received",
        ],
    ),
    (
        Kind::Checkout,
        &["checkout", "kasse", "kassa", "commande", "afrekenen"],
    ),
    (
        Kind::Product,
        &[
            "product", "products", "p", "item", "items", "dp", "sku", "produkt", "produkte",
            "produit", "produits", "producto",
        ],
    ),
];

/// The kind of page that an address tells by its words.
pub(super) fn named(path: &str, name: &str) -> Option<Kind> {
    let stem = name.split('.').next().unwrap_or(name);
    let last = match stem {
        "" => path
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(stem),
        stem => stem,
    };
    let known =
        |names: &[&str], part: &str| names.iter().any(|name| name.eq_ignore_ascii_case(part));
    // A product lies in a folder of that name; the other kinds are pages of that name.
    let fits = |kind: Kind, names: &[&str]| match kind {
        Kind::Product => !stem.is_empty() && path.split('/').skip(3).any(|part| known(names, part)),
        _ => known(names, last),
    };
    let kind = KINDS.iter().find(|(kind, names)| fits(*kind, names));
    kind.map(|(kind, _)| *kind)
}
