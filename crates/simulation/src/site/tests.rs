use std::collections::BTreeSet;

use super::*;

fn listed(urls: &[&str]) -> Site {
    let page = |url: &&str| config::Page {
        url: (*url).to_owned(),
        title: None,
    };
    let pages = Pages::List(urls.iter().map(page).collect());
    Site::new(&pages, 1.05, 1.2, &Streams::new("test", &[]))
}

fn built_in() -> Site {
    let site = "https://shop.example".parse().expect("an address");
    Site::new(
        &Pages::BuiltIn { site },
        1.05,
        1.2,
        &Streams::new("test", &[]),
    )
}

/// Everywhere that a kind of link leads to.
fn reached(site: &Site, from: Number, link: Link) -> BTreeSet<String> {
    let mut stream = Streams::new("test", &[]).stream(u64::from(from), Purpose::Walk);
    let follow = |_| site.follow(from, link, &mut stream);
    let reached = (0..300).filter_map(follow);
    reached
        .map(|number| site.page(number).url.to_string())
        .collect()
}

#[test]
fn the_built_in_pages_hang_together() {
    let site = built_in();
    let home = site.home();
    assert_eq!(&*site.page(home).url, "https://shop.example/");
    let categories = reached(&site, home, Link::Down);
    assert_eq!(categories.len(), 10);
    assert!(categories.contains("https://shop.example/garden/"));
    let mut stream = Streams::new("test", &[]).stream(9, Purpose::Walk);
    for _ in 0..200 {
        let page = site.entry(&mut stream);
        assert_eq!(site.kind(page), Kind::Article);
        let url = site.page(page).url.to_string();
        let listing = site
            .follow(page, Link::Up, &mut stream)
            .expect("a page belongs somewhere");
        assert_eq!(site.kind(listing), Kind::Listing);
        let listing_url = site.page(listing).url.to_string();
        assert!(url.starts_with(&listing_url), "{url} {listing_url}");
        let beside = site
            .follow(page, Link::Beside, &mut stream)
            .expect("there are others");
        assert!(site.page(beside).url.starts_with(&listing_url));
        let category = site
            .follow(listing, Link::Up, &mut stream)
            .expect("a listing belongs somewhere");
        assert_eq!(site.kind(category), Kind::Category);
        assert!(listing_url.starts_with(&*site.page(category).url));
        assert_eq!(site.follow(category, Link::Up, &mut stream), Some(home));
    }
}

#[test]
fn a_list_is_read_by_its_folders() {
    let urls = [
        "https://a.example/news/2026/first.html",
        "https://a.example/",
        "https://a.example/news/",
        "https://a.example/news/2026/second.html?x=1",
        "https://a.example/shop/products/lamp",
        "https://a.example/shop",
        "https://a.example/search",
        "https://a.example/checkout/cart.php",
    ];
    let site = listed(&urls);
    let number = |url: &str| {
        urls.iter()
            .position(|each| *each == url)
            .map(|at| at as Number)
            .expect("in the list")
    };
    let at = |url: &str| number(&format!("https://a.example{url}"));
    assert_eq!(site.home(), at("/"));
    for (url, kind) in [
        ("/", Kind::Home),
        ("/news/", Kind::Category),
        ("/shop", Kind::Category),
        ("/news/2026/first.html", Kind::Article),
        ("/shop/products/lamp", Kind::Product),
        ("/search", Kind::Results),
        ("/checkout/cart.php", Kind::Cart),
    ] {
        assert_eq!(site.kind(at(url)), kind, "{url}");
    }
    let urls_of = |paths: &[&str]| {
        paths
            .iter()
            .map(|path| format!("https://a.example{path}"))
            .collect::<BTreeSet<_>>()
    };
    let all_news = [
        "/news/",
        "/news/2026/first.html",
        "/news/2026/second.html?x=1",
    ];
    assert_eq!(reached(&site, at("/news/"), Link::Down), urls_of(&all_news));
    let beside = urls_of(&["/news/2026/first.html", "/news/2026/second.html?x=1"]);
    assert_eq!(
        reached(&site, at("/news/2026/first.html"), Link::Beside),
        beside
    );
    assert_eq!(
        reached(&site, at("/news/2026/first.html"), Link::Up),
        urls_of(&["/news/"])
    );
    assert_eq!(
        reached(&site, at("/shop"), Link::Down),
        urls_of(&["/shop/products/lamp"])
    );
    assert_eq!(reached(&site, at("/shop"), Link::Up), urls_of(&["/"]));
    assert_eq!(
        site.results("lamp").map(|page| page.url.to_string()),
        Some("https://a.example/search".to_owned())
    );
}

#[test]
fn any_list_can_be_walked() {
    for urls in [
        &["https://a.example"][..],
        &["https://a.example/b/c/d", "http://e.example:81/f"],
        &["https://a.example/x/1", "https://a.example/x/1"],
        &["https://a.example/a/b/c/", "https://a.example/a/"],
    ] {
        let site = listed(urls);
        let mut stream = Streams::new("test", &[]).stream(3, Purpose::Walk);
        for page in 0..urls.len() as Number {
            for link in [
                Link::Down,
                Link::Beside,
                Link::Up,
                Link::Home,
                Link::Popular,
            ] {
                for _ in 0..20 {
                    let next = site.follow(page, link, &mut stream);
                    assert!(next.is_none_or(|next| (next as usize) < urls.len()));
                }
            }
            assert!((site.hub(&mut stream) as usize) < urls.len());
            assert!(urls.len() == 1 || site.other(page) != page);
        }
    }
}

#[test]
fn words_are_those_that_people_type() {
    for (title, words) in [
        ("Best guide - Lawn care - Garden", "best lawn care"),
        ("First day - News", "first day"),
        (
            "All about the garden in a year | Blog",
            "all about the garden",
        ),
        ("", ""),
    ] {
        assert_eq!(words_of(title), words);
    }
}
