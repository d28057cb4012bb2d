//! The shop: products and categories seen, carts, orders and goals.
//!
//! For: what is looked at and bought, at one price for a product. Not for: whether somebody comes at all.
