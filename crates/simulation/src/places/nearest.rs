//! What somebody may have meant who named a country that there is none of.

/// Codes that are often taken for a country's, and the country's own (ISO 3166-1).
const MISTAKEN: [(&str, &str); 7] = [
    ("UK", "GB"),
    ("EN", "GB"),
    ("EL", "GR"),
    ("SP", "ES"),
    ("DA", "DK"),
    ("CS", "CZ"),
    ("JA", "JP"),
];

/// The codes nearest to the given one: what it is often taken for, else those with its first letter.
pub(crate) fn nearest(given: &str, known: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let meant = MISTAKEN.iter().find(|(mistaken, _)| *mistaken == given);
    if let Some((_, country)) = meant {
        return vec![country];
    }
    let mut near: Vec<_> = known
        .filter(|country| country.bytes().next() == given.bytes().next())
        .collect();
    if near.is_empty() {
        near.extend(["DE", "FR", "GB", "US"]);
    }
    near
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_usual_mistakes_lead_to_the_country_and_others_to_their_letter() {
        let known = ["SE", "SG", "GB", "US"];
        assert_eq!(nearest("UK", known.into_iter()), ["GB"]);
        assert_eq!(nearest("SX", known.into_iter()), ["SE", "SG"]);
        assert_eq!(nearest("??", known.into_iter()), ["DE", "FR", "GB", "US"]);
    }
}
