//! Limits: which values are beyond theirs, and how that is said.
//!
//! For: the limits of single settings. They stand at the fields of the sections, where validator
//! checks them and the schema reads them. Not for: types and names (see `shape` and `value`) or rules
//! between settings (see `convert`). Invariant: each limit is checked in one place, and a setting has
//! at most one fault: its first.

use std::collections::BTreeMap;

use serde_json::{Number, Value};
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::catalogue::{self, Kind, Shape};
use crate::sections::RunConfig;
use crate::shape::Given;
use crate::value::Fault;

/// What is wrong with settings, by their pointers.
pub(crate) type Faults = BTreeMap<String, Fault>;

type Values = BTreeMap<String, Given<Value>>;

/// Numbers that the type of their setting cannot hold: none of them reaches validator. Each is beyond
/// a limit too, as limits are narrower than types.
pub(crate) fn unfit(values: &Values) -> Faults {
    of_each(values, unfit_part)
}

/// The first number, in lists and tables too, that its type cannot hold.
fn unfit_part(shape: &Shape, value: &Value) -> Option<Fault> {
    match (&shape.kind, value) {
        (Kind::List(item), Value::Array(entries)) => {
            entries.iter().find_map(|entry| unfit_part(item, entry))
        }
        (Kind::Record(fields), Value::Object(parts)) => fields
            .iter()
            .find_map(|field| unfit_part(&field.shape, parts.get(&field.name)?)),
        (_, Value::Number(number)) => {
            let largest = shape.largest?;
            let fits = number.as_u64().is_some_and(|whole| whole <= largest);
            (!fits).then(|| beyond(value, &Limits::of(shape)))
        }
        _ => None,
    }
}

/// Settings beyond a limit in a configuration that was made of these values.
pub(crate) fn exceeded(config: &RunConfig, values: &Values) -> Faults {
    let mut faults = Faults::new();
    if let Err(errors) = config.validate() {
        collect(&errors, "", &mut faults);
    }
    for (pointer, fault) in of_each(values, bad_entry) {
        faults.entry(pointer).or_insert(fault);
    }
    faults
}

fn of_each(values: &Values, fault: impl Fn(&Shape, &Value) -> Option<Fault>) -> Faults {
    let fault = |(pointer, given): (&String, &Given<Value>)| {
        let setting = catalogue::by_pointer(pointer)?;
        Some((pointer.clone(), fault(&setting.shape, &given.value)?))
    };
    values.iter().filter_map(fault).collect()
}

/// The first entry of a list that is beyond a limit. validator has a range for optional values and
/// looks into lists of sections, but has none for the single numbers of a list, such as
/// `commerce.shipping_rates`; so these are checked against the schema.
fn bad_entry(shape: &Shape, value: &Value) -> Option<Fault> {
    let (Kind::List(item), Value::Array(entries)) = (&shape.kind, value) else {
        return None;
    };
    let limits = Limits::of(item);
    let mut numbers = entries.iter().filter(|entry| entry.is_number());
    let bad = numbers.find(|entry| !limits.hold(measure(entry).0))?;
    Some(beyond(bad, &limits))
}

/// What validator found below this pointer, the first fault of each setting.
fn collect(errors: &ValidationErrors, pointer: &str, faults: &mut Faults) {
    for (field, kind) in errors.errors() {
        let place = format!("{pointer}/{field}");
        match kind {
            ValidationErrorsKind::Field(errors) => {
                if let Some(error) = errors.first() {
                    faults.entry(setting(&place)).or_insert_with(|| told(error));
                }
            }
            ValidationErrorsKind::Struct(errors) => collect(errors, &place, faults),
            ValidationErrorsKind::List(entries) => {
                for (at, errors) in entries {
                    collect(errors, &format!("{place}/{at}"), faults);
                }
            }
        }
    }
}

/// The pointer of the setting that holds this place: a country's weight belongs to the list of all.
fn setting(place: &str) -> String {
    let mut pointer = place;
    while catalogue::by_pointer(pointer).is_none() {
        match pointer.rfind('/') {
            Some(end) => pointer = &pointer[..end],
            None => return place.to_owned(),
        }
    }
    pointer.to_owned()
}

fn told(error: &ValidationError) -> Fault {
    let limit = |name: &str| error.params.get(name).and_then(Value::as_f64);
    let limits = Limits {
        min: limit("min"),
        max: limit("max"),
        above: limit("exclusive_min"),
    };
    beyond(error.params.get("value").unwrap_or(&Value::Null), &limits)
}

/// The limits of a number, or of the length of a text or list.
struct Limits {
    min: Option<f64>,
    max: Option<f64>,
    /// The value must be above this.
    above: Option<f64>,
}

impl Limits {
    fn of(shape: &Shape) -> Self {
        let limit = |limit: &Option<Number>| limit.as_ref().and_then(Number::as_f64);
        Self {
            min: limit(&shape.min),
            max: limit(&shape.max),
            above: limit(&shape.above),
        }
    }

    fn hold(&self, measure: f64) -> bool {
        self.min.is_none_or(|min| measure >= min)
            && self.max.is_none_or(|max| measure <= max)
            && self.above.is_none_or(|above| measure > above)
    }
}

/// What limits count for, and what it is counted in.
fn measure(value: &Value) -> (f64, &'static str) {
    match value {
        Value::Number(number) => (number.as_f64().unwrap_or(f64::NAN), ""),
        Value::String(text) => (text.chars().count() as f64, " characters"),
        Value::Array(entries) => (entries.len() as f64, " entries"),
        _ => (0.0, ""),
    }
}

/// Words for a value that is beyond one of its limits; which of them is all that is asked here.
fn beyond(value: &Value, limits: &Limits) -> Fault {
    let (measure, noun) = measure(value);
    let verb = if noun.is_empty() { "is" } else { "are" };
    match *limits {
        Limits { max: Some(max), .. } if measure > max => Fault::new(
            "above_limit",
            format!("{measure}{noun} {verb} above the limit of {max}"),
            match noun {
                "" => format!("lower it to {max} or less"),
                noun => format!("shorten it to {max}{noun} or fewer"),
            },
        ),
        Limits {
            above: Some(above), ..
        } => Fault::new(
            "below_limit",
            format!("{measure} is not above {above}"),
            format!("give a number above {above}"),
        ),
        Limits { min, .. } => {
            let min = min.unwrap_or_default();
            Fault::new(
                "below_limit",
                format!("{measure}{noun} {verb} below the limit of {min}"),
                match noun {
                    "" => format!("raise it to {min} or more"),
                    _ => format!("give at least {min}"),
                },
            )
        }
    }
}
