//! How a figure is printed.

/// A measured figure; `None` is a figure that could not be measured and is printed as `unknown`.
pub(crate) struct Figure {
    name: String,
    value: Option<f64>,
    unit: &'static str,
}

impl Figure {
    pub(crate) fn new(name: impl Into<String>, value: Option<f64>, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            value,
            unit,
        }
    }

    /// Prints the figure beside a goal that it must not exceed.
    pub(crate) fn at_most(&self, goal: f64) {
        self.beside(goal, |value| value <= goal);
    }

    /// Prints the figure beside a goal that it must reach.
    pub(crate) fn at_least(&self, goal: f64) {
        self.beside(goal, |value| goal <= value);
    }

    /// Prints a figure that has no goal: others are compared with it.
    #[expect(
        clippy::print_stdout,
        reason = "the lines are the product of this program"
    )]
    pub(crate) fn alone(&self) {
        println!("{} {} {}", self.name, self.shown(), self.unit);
    }

    fn shown(&self) -> String {
        self.value.map_or_else(|| "unknown".to_owned(), rounded)
    }

    #[expect(
        clippy::print_stdout,
        reason = "the lines are the product of this program"
    )]
    fn beside(&self, goal: f64, reaches: impl Fn(f64) -> bool) {
        let verdict = match self.value {
            Some(value) if reaches(value) => "ok",
            _ => "short",
        };
        println!(
            "{} {} {} goal {} {verdict}",
            self.name,
            self.shown(),
            self.unit,
            rounded(goal)
        );
    }
}

/// Says how the figures that follow are measured.
#[expect(
    clippy::print_stdout,
    reason = "the lines are the product of this program"
)]
pub(crate) fn how(text: &str) {
    println!("# {text}");
}

/// Three significant digits, without an exponent.
fn rounded(value: f64) -> String {
    let digits = if value == 0.0 {
        0.0
    } else {
        value.abs().log10().floor()
    };
    let decimals = (2.0 - digits).clamp(0.0, 8.0);
    let text = format!("{value:.*}", decimals as usize);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}
