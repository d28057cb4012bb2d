//! The generated files: this test writes them on request and fails when they are stale.

use std::fs;
use std::path::Path;

const REFRESH: &str = "UPDATE_GENERATED=1 cargo test -p config generated";

#[test]
fn generated_files_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = [
        ("docs/reference/settings.md", config::settings_markdown()),
        (".env.example", config::env_example()),
    ];
    for (name, fresh) in files {
        let path = root.join(name);
        if std::env::var_os("UPDATE_GENERATED").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &fresh).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == fresh,
            "{name} is stale; refresh it with: {REFRESH}"
        );
    }
}
