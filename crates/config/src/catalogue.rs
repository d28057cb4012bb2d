//! The settings as a tree, read from the schema.
//!
//! For: looking settings up by place and by environment name. Not for: anything that the schema does
//! not say. Invariant: built from the schema alone, so it can't disagree with it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Number, Value};

use crate::schema;

/// A place in a run configuration.
#[derive(Debug)]
pub(crate) enum Node {
    /// Named places, in the order of declaration.
    Section(Vec<(String, Node)>),
    /// A list of like places: `targets`.
    List {
        /// What each of them is.
        entry: Box<Node>,
        /// How many there may be.
        max: usize,
    },
    /// A value.
    Setting(Box<Setting>),
}

/// One setting.
#[derive(Debug)]
pub(crate) struct Setting {
    /// JSON pointer; within a list, that of the first entry.
    pub(crate) pointer: String,
    pub(crate) env: Option<String>,
    pub(crate) title: String,
    pub(crate) help: String,
    pub(crate) group: String,
    pub(crate) unit: Option<String>,
    pub(crate) secret: bool,
    pub(crate) required: bool,
    pub(crate) default: Option<Value>,
    pub(crate) example: Option<Value>,
    pub(crate) shape: Shape,
}

/// What a value looks like.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) kind: Kind,
    /// Smallest value, or length for texts and lists.
    pub(crate) min: Option<Number>,
    /// Largest value, or length for texts and lists.
    pub(crate) max: Option<Number>,
    /// The value must be above this.
    pub(crate) above: Option<Number>,
    /// Largest number that the type holds, 0 being the smallest; for whole numbers alone.
    pub(crate) largest: Option<u64>,
}

/// The type of a value.
#[derive(Debug)]
pub(crate) enum Kind {
    Boolean,
    Integer,
    Number,
    Text,
    /// YYYY-MM-DD.
    Date,
    Choice(Choice),
    List(Box<Shape>),
    Record(Vec<Field>),
}

/// A part of a record.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// Whether it may be left out.
    pub(crate) optional: bool,
    pub(crate) shape: Shape,
}

/// A choice between names.
#[derive(Debug)]
pub(crate) struct Choice {
    /// Name and meaning.
    pub(crate) options: Vec<(String, String)>,
    /// Other spellings, in lower case, and the name they stand for.
    pub(crate) aliases: BTreeMap<String, String>,
}

static ROOT: LazyLock<Node> = LazyLock::new(|| {
    node(
        schema::cached(),
        &Place {
            pointer: String::new(),
            required: false,
        },
    )
});

/// The whole run configuration.
pub(crate) fn root() -> &'static Node {
    &ROOT
}

/// Every setting, in the order of declaration.
pub(crate) fn settings() -> impl Iterator<Item = &'static Setting> {
    static SETTINGS: LazyLock<Vec<&'static Setting>> = LazyLock::new(|| {
        let mut settings = Vec::new();
        collect(root(), &mut settings);
        settings
    });
    SETTINGS.iter().copied()
}

/// The setting with this environment name.
pub(crate) fn by_env(name: &str) -> Option<&'static Setting> {
    static BY_ENV: LazyLock<BTreeMap<&'static str, &'static Setting>> = LazyLock::new(|| {
        settings()
            .filter_map(|setting| Some((setting.env.as_deref()?, setting)))
            .collect()
    });
    BY_ENV.get(name).copied()
}

/// The setting at a pointer; entries of `targets` share theirs.
pub(crate) fn by_pointer(pointer: &str) -> Option<&'static Setting> {
    let mut node = root();
    for part in pointer.split('/').skip(1) {
        node = match node {
            Node::Section(children) => &children.iter().find(|(name, _)| name == part)?.1,
            Node::List { entry, .. } => entry,
            Node::Setting(_) => return None,
        };
    }
    match node {
        Node::Setting(setting) => Some(setting),
        _ => None,
    }
}

fn collect(node: &'static Node, settings: &mut Vec<&'static Setting>) {
    match node {
        Node::Section(children) => {
            for (_, child) in children {
                collect(child, settings);
            }
        }
        Node::List { entry, .. } => collect(entry, settings),
        Node::Setting(setting) => settings.push(setting),
    }
}

struct Place {
    pointer: String,
    required: bool,
}

fn node(schema: &Value, place: &Place) -> Node {
    if let Some(properties) = schema["properties"].as_object() {
        let is_required = |name: &str| {
            schema["required"]
                .as_array()
                .is_some_and(|names| names.iter().any(|n| n == name))
        };
        let child = |(name, schema): (&String, &Value)| {
            let pointer = format!("{}/{name}", place.pointer);
            let place = Place {
                pointer,
                required: is_required(name),
            };
            (name.clone(), node(schema, &place))
        };
        return Node::Section(properties.iter().map(child).collect());
    }
    // A list with an environment name is a value of its own; one without holds places.
    if schema["items"]["properties"].is_object() && schema["x-env"].is_null() {
        let place = Place {
            pointer: format!("{}/0", place.pointer),
            required: false,
        };
        let max = schema["maxItems"]
            .as_u64()
            .and_then(|max| max.try_into().ok());
        return Node::List {
            entry: Box::new(node(&schema["items"], &place)),
            max: max.unwrap_or(usize::MAX),
        };
    }
    let text = |keyword: &str| schema[keyword].as_str().map(str::to_owned);
    Node::Setting(Box::new(Setting {
        pointer: place.pointer.clone(),
        env: text("x-env"),
        title: text("title").unwrap_or_default(),
        help: text("description").unwrap_or_default(),
        group: text("x-group").unwrap_or_default(),
        unit: text("x-unit"),
        secret: schema["x-secret"] == true,
        required: place.required,
        default: schema
            .get("default")
            .filter(|default| *default != "")
            .cloned(),
        example: schema["examples"].get(0).cloned(),
        shape: shape(schema),
    }))
}

fn shape(schema: &Value) -> Shape {
    let number = |keywords: [&str; 3]| {
        keywords.iter().find_map(|keyword| match &schema[*keyword] {
            Value::Number(number) => Some(number.clone()),
            _ => None,
        })
    };
    let bits = schema["format"]
        .as_str()
        .and_then(|format| format.strip_prefix("uint")?.parse::<u32>().ok());
    Shape {
        kind: kind(schema),
        min: number(["minimum", "minLength", "minItems"]),
        max: number(["maximum", "maxLength", "maxItems"]),
        above: number(["exclusiveMinimum"; 3]),
        largest: bits.map(|bits| u64::MAX >> u64::BITS.saturating_sub(bits)),
    }
}

fn kind(schema: &Value) -> Kind {
    if let Some(options) = schema["oneOf"].as_array() {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let aliases = schema["x-aliases"].as_object();
        return Kind::Choice(Choice {
            options: options
                .iter()
                .map(|option| (text(&option["const"]), text(&option["description"])))
                .collect(),
            aliases: aliases
                .into_iter()
                .flatten()
                .map(|(alias, name)| (alias.clone(), text(name)))
                .collect(),
        });
    }
    // An optional setting has the types [its type, "null"].
    let name = schema["type"]
        .as_str()
        .or_else(|| schema["type"][0].as_str());
    match name {
        Some("boolean") => Kind::Boolean,
        Some("integer") => Kind::Integer,
        Some("number") => Kind::Number,
        Some("array") => Kind::List(Box::new(shape(&schema["items"]))),
        Some("object") => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            let required = |name: &str| {
                let mut names = schema["required"].as_array().into_iter().flatten();
                names.any(|required| required == name)
            };
            Kind::Record(
                fields
                    .map(|(name, schema)| Field {
                        name: name.clone(),
                        optional: !required(name),
                        shape: shape(schema),
                    })
                    .collect(),
            )
        }
        _ if schema["format"] == "date" => Kind::Date,
        _ => Kind::Text,
    }
}
