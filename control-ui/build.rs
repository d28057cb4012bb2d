//! Makes sure that there is a web UI to embed: when it was not built, a page that says so and how to build it.

use std::path::Path;
use std::{fs, io};

const NOTICE: &str = "<!doctype html><html lang=\"en\"><title>Trafficinator</title><p>The web UI was not built. \
Run <code>npm ci &amp;&amp; npm run build</code> in <code>control-ui/web</code>, then build control-ui again. \
The API works without it.</p></html>\n";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=web/dist");
    let index = Path::new("web/dist/index.html");
    if !index.exists() {
        fs::create_dir_all("web/dist")?;
        fs::write(index, NOTICE)?;
    }
    Ok(())
}
