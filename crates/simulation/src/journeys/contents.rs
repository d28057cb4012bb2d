//! Contents: blocks on pages that are seen, and sometimes used.
//!
//! For: impressions, and interactions that follow them. Not for: pages of a list, which nobody knows the blocks of: there
//! they lead where the visitor goes next. Invariants: an interaction has the name and the piece of an impression on the
//! same page; contents are no actions to Matomo, so a visit with them may still bounce.

use std::sync::Arc;

use tracking::{Action, Content, Text};

use super::deeds::Deed;
use super::walk::Seen;
use crate::site::Kind;
use crate::streams::{Purpose, Streams};
use crate::table::{Weighted, number, rows};

const CONTENTS: &str = include_str!("../../data/contents.tsv");

/// Share of the visits shown contents that see a second block, and of impressions that are clicked.
const ANOTHER: f64 = 0.35;
const CLICKED: f64 = 0.07;

/// The blocks of a site.
#[derive(Debug)]
pub(crate) struct Contents {
    /// Share of all visits that see any.
    share: f64,
    blocks: Weighted<Arc<Content>>,
}

impl Contents {
    /// `site` is scheme and host of the built-in pages, if they are visited; the blocks then lead to pages there.
    pub(crate) fn new(share: f64, site: Option<&str>) -> Self {
        let block = |[weight, name, piece, target]: [&'static str; 4]| {
            let target =
                site.map(|site| Text::from(format!("{}{target}", site.trim_end_matches('/'))));
            let content = Content {
                name: name.into(),
                piece: piece.into(),
                target,
            };
            (number(weight), Arc::new(content))
        };
        Self {
            share,
            blocks: Weighted::of_table(rows(CONTENTS).map(block)),
        }
    }

    /// Adds what is seen and used in a visit.
    pub(crate) fn add(
        &self,
        ordinal: u64,
        seen: &[Seen],
        streams: &Streams,
        deeds: &mut Vec<Deed>,
    ) {
        let mut stream = streams.stream(ordinal, Purpose::Contents);
        if !stream.chance(self.share) {
            return;
        }
        // Mostly on the pages that lead to others.
        let hub = |seen: &Seen| matches!(seen.kind, Kind::Home | Kind::Category | Kind::Listing);
        let page = seen.iter().position(hub).unwrap_or_default();
        let first = self.blocks.pick(&mut stream);
        let second = stream
            .chance(ANOTHER)
            .then(|| self.blocks.pick(&mut stream));
        // A block is seen once on a page.
        let second = second.filter(|second| !Arc::ptr_eq(second, first));
        for content in [Some(first), second].into_iter().flatten() {
            deeds.push((page, Action::Impression(content.clone())));
            let clicked = stream.chance(CLICKED);
            if clicked && page + 1 < seen.len() {
                let interaction = Action::Interaction {
                    content: content.clone(),
                    interaction: "click".into(),
                };
                deeds.push((page, interaction));
            }
        }
    }
}
