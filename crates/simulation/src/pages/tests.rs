use std::collections::BTreeSet;

use super::*;

fn shop(site: &str) -> Catalogue {
    Catalogue::new(&Pages::BuiltIn {
        site: site.parse().unwrap(),
    })
}

#[test]
fn the_shop_has_22_000_different_pages_in_10_categories() {
    let shop = shop("https://shop.example");
    assert_eq!(shop.len(), 22_000);
    let pages: Vec<_> = (0..shop.len()).map(|number| shop.page(number)).collect();
    let urls: BTreeSet<_> = pages.iter().map(|page| page.url.as_str()).collect();
    let titles: BTreeSet<_> = pages.iter().map(|page| page.title.as_str()).collect();
    assert_eq!((urls.len(), titles.len()), (22_000, 22_000));
    let category = |url: &str| url.split('/').nth(3).unwrap().to_owned();
    let categories: BTreeSet<_> = urls.iter().copied().map(category).collect();
    assert_eq!(categories.len(), 10);
}

#[test]
fn addresses_and_titles_read_well() {
    let page = shop("http://localhost:8080/").page(0);
    assert_eq!(&*page.url, "http://localhost:8080/garden/seeds/best-guide");
    assert_eq!(&*page.title, "Best guide - Seeds - Garden");
}

#[test]
fn the_shops_titles_are_those_of_its_addresses() {
    let shop = shop("https://shop.example");
    for number in (0..shop.len()).step_by(97) {
        let page = shop.page(number);
        assert_eq!(*page.title, title_from_address(&page.url));
        assert!(Url::parse(&page.url).is_ok_and(|url| url.as_str() == &*page.url));
    }
}

#[test]
fn a_title_is_made_of_the_path() {
    for (address, title) in [
        ("https://a.example", "a.example"),
        ("https://a.example/?q=1", "a.example"),
        ("https://a.example/about-us/", "About us"),
        (
            "https://a.example/blog/2026/first_post.html#top",
            "First post - 2026 - Blog",
        ),
        (
            "https://a.example/k%C3%B6k/kaffe%20och-te",
            "Kaffe och te - Kök",
        ),
        ("https://a.example/köksö", "Köksö"),
        ("https://a.example/%FF", "%FF"),
        ("not an address", "not an address"),
    ] {
        assert_eq!(title_from_address(address), title);
    }
}

#[test]
fn the_site_of_an_address_is_scheme_and_host() {
    for (address, site) in [
        ("https://a.example/b/c", "https://a.example"),
        ("http://a.example:81/", "http://a.example:81"),
        ("https://a.example", "https://a.example"),
        ("https://a.example?x=/y", "https://a.example"),
    ] {
        assert_eq!(site_of(address), site);
    }
}
