//! A campaign as the address of a landing page names it.
//!
//! For: the parameters by which Matomo knows that a visit belongs to a campaign. Not for: which visits do. Invariant: a
//! campaign always has a name, without which Matomo would take another parameter for it.

use crate::encode::push_encoded;

/// Whose parameters are used. Matomo reads both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CampaignStyle {
    /// `mtm_campaign` and so on.
    Mtm,
    /// `utm_campaign` and so on, as most advertising tools write.
    Utm,
}

/// What is told of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignTags<'a> {
    /// Its name, not empty.
    pub name: &'a str,
    /// Who sent the visitor, such as `newsletter`.
    pub source: &'a str,
    /// How, such as `email` or `cpc`.
    pub medium: &'a str,
    /// What was looked for.
    pub keyword: Option<&'a str>,
    /// Which of several links or pictures.
    pub content: Option<&'a str>,
}

impl CampaignTags<'_> {
    /// The parameters as part of a query, percent-encoded, without `?` or `&` in front.
    #[must_use]
    pub fn query(&self, style: CampaignStyle) -> String {
        let names = match style {
            CampaignStyle::Mtm => [
                "mtm_campaign",
                "mtm_source",
                "mtm_medium",
                "mtm_kwd",
                "mtm_content",
            ],
            CampaignStyle::Utm => [
                "utm_campaign",
                "utm_source",
                "utm_medium",
                "utm_term",
                "utm_content",
            ],
        };
        let values = [
            Some(self.name),
            Some(self.source),
            Some(self.medium),
            self.keyword,
            self.content,
        ];
        let mut query = String::new();
        for (name, value) in names.into_iter().zip(values) {
            let Some(value) = value.filter(|value| !value.is_empty()) else {
                continue;
            };
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(name);
            query.push('=');
            push_encoded(&mut query, value);
        }
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_is_told_in_either_spelling() {
        let tags = CampaignTags {
            name: "Spring & more",
            source: "letter",
            medium: "email",
            keyword: None,
            content: Some("footer"),
        };
        assert_eq!(
            tags.query(CampaignStyle::Mtm),
            "mtm_campaign=Spring%20%26%20more&mtm_source=letter&mtm_medium=email&mtm_content=footer"
        );
        assert!(
            tags.query(CampaignStyle::Utm)
                .starts_with("utm_campaign=Spring%20%26%20more&utm_source=")
        );
    }
}
