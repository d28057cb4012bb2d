//! The program `control-ui`: reads its settings, then serves, or does one small thing. Wiring only.

use std::fs::File;
use std::io::{IsTerminal, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use control_ui::api::openapi;
use control_ui::app::{Application, Replacements, link};
use control_ui::audit;
use control_ui::auth::new_code;
use control_ui::backup;
use control_ui::configuration::Operator;
use control_ui::own_log::OwnLog;
use control_ui::settings::{Options, Settings};
use control_ui::store::Store;
use control_ui::time::{Clock, Timestamp};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How long a health check waits for an answer.
const HEALTH_PATIENCE: Duration = Duration::from_secs(3);

/// Starts, watches and stops runs; shows them on a page.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    options: Options,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the page and the API (what happens without a command, too).
    Serve,
    /// Ask a running control plane whether it is well; exit code 0 or 1.
    Healthcheck,
    /// Print another sign-in link: single use, 15 minutes.
    LoginLink,
    /// Write a copy of everything that is kept, without tokens; the control plane may run meanwhile.
    Backup {
        /// The new file, or - for standard output.
        file: PathBuf,
        /// Take the tokens along, readable for everybody who has the file.
        #[arg(long)]
        with_secrets: bool,
    },
    /// Put a backup, or a copy made before a migration, in the place of the data of a stopped control plane.
    Restore {
        /// The file, or - for standard input.
        file: PathBuf,
    },
    /// Print the OpenAPI document.
    Openapi,
}

fn main() -> ExitCode {
    match started() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "control-ui: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn started() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let log_level = cli.options.log_level.clone();
    control_ui::drop_privileges().map_err(anyhow::Error::msg)?;
    let config_file = cli.options.config_file.clone();
    let mut settings = cli
        .options
        .settings(&|name| std::env::var(name).ok())
        .context("the settings cannot be used")?;
    settings.operator = Operator::read(config_file.as_deref(), variables());
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => {
            let own_log = start_log(&log_level)?;
            settings.operator.complain();
            runtime()?.block_on(serve(settings, own_log))
        }
        Command::Healthcheck => healthcheck(settings.listen),
        Command::LoginLink => runtime()?.block_on(login_link(&settings)),
        Command::Backup { file, with_secrets } => back_up(&settings.data_dir, &file, with_secrets),
        Command::Restore { file } => restore(&settings.data_dir, &file),
        Command::Openapi => {
            let document = openapi::document().to_pretty_json()?;
            say(&document)
        }
    }
}

/// The environment, without what is no text.
fn variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("could not start threads")
}

async fn serve(settings: Settings, own_log: OwnLog) -> anyhow::Result<()> {
    let parts = Replacements {
        own_log,
        ..Replacements::default()
    };
    let stop = told_to_stop()?;
    let application = Application::build(settings, parts).await?;
    let link = application.sign_in_link().await?;
    let variable = |name: &str| std::env::var(name).ok();
    say(&control_ui::invitation(
        application.settings(),
        &link,
        application.port(),
        &variable,
    ))?;
    tracing::info!(port = application.port(), "the control plane is listening");
    application
        .run_until_stopped(stop)
        .await
        .context("the server failed")?;
    tracing::info!("the control plane stopped; running loaders go on");
    Ok(())
}

/// Listens for the signals from now on; the answer waits for one.
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let listen = |kind| signal(kind).context("could not listen for signals");
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

async fn login_link(settings: &Settings) -> anyhow::Result<()> {
    if !settings.data_dir.is_dir() {
        bail!(
            "there is no folder DATA_DIR={}; name the one of the running control plane",
            settings.data_dir.display()
        );
    }
    let store = Store::open(&settings.data_dir)?;
    let (code, _) = new_code(&store, Clock::system().now()).await?;
    say(link(settings, settings.listen.port(), &code).expose())
}

fn back_up(data_dir: &Path, file: &Path, with_secrets: bool) -> anyhow::Result<()> {
    let now = Clock::system().now();
    let said = if file == Path::new("-") {
        let out = std::io::stdout();
        if out.is_terminal() {
            bail!("a backup is no text: send it to a file, as in `control-ui backup - > FILE`");
        }
        backup::backup(data_dir, out.lock(), with_secrets, now)?
    } else {
        backup::backup_to_file(data_dir, file, with_secrets, now)?
    };
    let kind = if with_secrets {
        "with secrets"
    } else {
        "without secrets"
    };
    noted(data_dir, now, "backup.make", file, kind)?;
    writeln!(std::io::stderr(), "{said}").context("could not write to standard error")
}

/// What was done is done: an audit list that cannot be written is a warning.
fn noted(
    data_dir: &Path,
    now: Timestamp,
    action: &'static str,
    file: &Path,
    detail: &str,
) -> anyhow::Result<()> {
    match audit::note_of_command_line(data_dir, now, action, file.display(), detail) {
        Ok(()) => Ok(()),
        Err(error) => writeln!(
            std::io::stderr(),
            "done, but the audit list has no entry of it: {error}"
        )
        .context("could not write to standard error"),
    }
}

fn restore(data_dir: &Path, file: &Path) -> anyhow::Result<()> {
    let now = Clock::system().now();
    let said = if file == Path::new("-") {
        backup::restore(data_dir, std::io::stdin().lock(), now)?
    } else {
        let from =
            File::open(file).with_context(|| format!("could not read {}", file.display()))?;
        backup::restore(data_dir, from, now)?
    };
    noted(data_dir, now, "backup.restore", file, &said)?;
    say(&said)
}

/// Written by hand: a client for one request to the own machine needs no library.
fn healthcheck(listen: SocketAddr) -> anyhow::Result<()> {
    let ip = match listen.ip() {
        ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        ip => ip,
    };
    let address = SocketAddr::new(ip, listen.port());
    let mut stream = TcpStream::connect_timeout(&address, HEALTH_PATIENCE)
        .with_context(|| format!("nobody listens on {address}"))?;
    stream.set_read_timeout(Some(HEALTH_PATIENCE))?;
    write!(
        stream,
        "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.take(4_096).read_to_string(&mut answer)?;
    match answer.lines().next() {
        Some(line) if line.contains(" 200 ") => Ok(()),
        line => bail!("{address} answered: {}", line.unwrap_or("nothing")),
    }
}

/// To standard error, readable on a terminal, JSON lines otherwise; and into memory, for the page. Libraries speak up
/// when something is wrong.
fn start_log(level: &str) -> anyhow::Result<OwnLog> {
    let level = control_ui::configuration::log_level(level)
        .map_err(anyhow::Error::msg)?
        .as_str();
    let filter = EnvFilter::new(format!("warn,control_ui={level}"));
    let own_log = OwnLog::default();
    let log = tracing_subscriber::registry()
        .with(filter)
        .with(own_log.layer());
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        log.with(lines.with_target(false)).init();
    } else {
        log.with(lines.json()).init();
    }
    Ok(own_log)
}

fn say(text: &str) -> anyhow::Result<()> {
    // In one piece: whoever reads the first line and goes away must not end the program at the second.
    let lines = format!("{text}\n");
    let written = std::io::stdout().write_all(lines.as_bytes());
    written.context("could not write to standard output")
}
