//! Putting the parts together: binds the socket, builds the services, serves until told to stop.
//!
//! Invariant: production and tests build the same application; only clock and orchestrator may be handed in.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::error::{JsonPayloadError, PathError, QueryPayloadError};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpRequest, HttpServer, web};
use config::Secret;

use crate::api::problem::{Code, Problem};
use crate::audit::Audit;
use crate::auth::{Auth, Limits, base_path, guard, new_code, security_headers};
use crate::configuration::Configurations;
use crate::connection::ConnectionTests;
use crate::data_dir::{self, DataDirError};
use crate::live::Hub;
use crate::metrics::{self, Requests};
use crate::orchestrator::docker::Containers;
use crate::orchestrator::process::Processes;
use crate::orchestrator::{LoaderStatus, Orchestrator};
use crate::own_log::OwnLog;
use crate::practice::PracticeWatch;
use crate::readiness::Readiness;
use crate::runs::{COMPARE_EVERY, Needs, Runs};
use crate::secrets::{SecretFileError, SecretFiles};
use crate::settings::{OrchestratorKind, Settings};
use crate::storage::Storage;
use crate::store::{Store, StoreError};
use crate::time::Clock;
use crate::{api, listener, web as page};

/// Largest body that is read, in bytes: a list of some ten thousand pages. A larger one is refused.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// How long requests under way may take when the server stops, in seconds.
const SHUTDOWN_S: u64 = 2;

/// How long loaders in the control plane's own container may take to stop: Docker gives a container 10 s by default.
const CONTAINER_GRACE: Duration = Duration::from_secs(6);

/// Workers: the server waits more than it computes.
const WORKERS: usize = 2;

/// What handlers use.
pub struct Services {
    /// What the operator decided.
    pub settings: Arc<Settings>,
    /// What time it is.
    pub clock: Clock,
    /// Where everything is kept.
    pub store: Store,
    /// Whether there is room to write.
    pub storage: Arc<Storage>,
    /// Who may ask.
    pub auth: Auth,
    /// How often they may.
    pub limits: Limits,
    /// Who did what.
    pub audit: Audit,
    /// What starts loaders.
    pub orchestrator: Arc<dyn Orchestrator>,
    /// Whether it can.
    pub readiness: Arc<Readiness>,
    /// Whether the practice target is there.
    pub practice: PracticeWatch,
    /// The run configuration that people edit, and presets.
    pub configurations: Configurations,
    /// Tests of connections.
    pub connections: ConnectionTests,
    /// The runs.
    pub runs: Runs,
    /// Who wants to know.
    pub live: Arc<Hub>,
    /// What the control plane itself logged.
    pub own_log: OwnLog,
    /// How requests were answered.
    pub requests: Requests,
    /// How often a live stream says that it lives.
    pub ping: Duration,
}

/// What tests replace.
#[derive(Default)]
pub struct Replacements {
    /// Instead of the one that the settings name.
    pub orchestrator: Option<Arc<dyn Orchestrator>>,
    /// Instead of the wall clock.
    pub clock: Option<Clock>,
    /// Instead of the machine's boot id.
    pub boot: Option<String>,
    /// The log that the program's subscriber writes to; without it, the control plane's own log stays empty.
    pub own_log: OwnLog,
    /// Instead of 15 s between the pings of a live stream.
    pub ping: Option<Duration>,
    /// Instead of 30 s between comparisons of loaders and runs.
    pub compare_every: Option<Duration>,
    /// Instead of 30 s in which a connection may take nothing of what is sent.
    pub stall: Option<Duration>,
}

/// Why the control plane does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The address cannot be listened on.
    #[error("LISTEN={address} cannot be used; stop what uses it, or name another")]
    Listen {
        /// The address.
        address: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder of the secrets cannot be used.
    #[error(transparent)]
    Secrets(#[from] SecretFileError),
    /// Runs cannot be read from the store.
    #[error("the runs could not be taken up again: {0}")]
    Runs(Problem),
}

/// A control plane that is listening and not serving yet.
pub struct Application {
    server: Server,
    services: web::Data<Services>,
    port: u16,
    /// Held as long as the control plane lives: a second one on the same data is refused.
    _lock: std::fs::File,
}

impl Application {
    /// Opens the data, binds the socket (port 0 takes any), and finds the runs again.
    ///
    /// # Errors
    /// What cannot be used, with the way out.
    pub async fn build(settings: Settings, replace: Replacements) -> Result<Self, StartError> {
        let lock = data_dir::lock(&settings.data_dir)?;
        let instance = data_dir::instance_id(&settings.data_dir)?;
        let listener = listener::open(settings.listen, replace.stall)?;
        let port = listener.local_addr().map_or(0, |address| address.port());
        let services = web::Data::new(services(settings, instance, replace)?);
        services.runs.reconcile().await.map_err(StartError::Runs)?;
        services.connections.sweep();
        let server = serve(listener, services.clone()).map_err(|source| StartError::Listen {
            address: services.settings.listen.to_string(),
            source,
        })?;
        Ok(Self {
            server,
            services,
            port,
            _lock: lock,
        })
    }

    /// The port that is listened on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What the operator decided.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.services.settings
    }

    /// A fresh sign-in link.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sign_in_link(&self) -> Result<Secret, StoreError> {
        let services = &self.services;
        let (code, _) = new_code(&services.store, services.clock.now()).await?;
        Ok(link(&services.settings, self.port, &code))
    }

    /// Serves until `stop` is over or the server ends; loaders are left alone.
    ///
    /// # Errors
    /// The server failed.
    pub async fn run_until_stopped(self, stop: impl Future<Output = ()>) -> std::io::Result<()> {
        let handle = self.server.handle();
        let readiness = Arc::clone(&self.services.readiness);
        let storage = Arc::clone(&self.services.storage);
        let runs = self.services.runs.clone();
        let watching = tokio::spawn(async move {
            tokio::join!(readiness.watch(), storage.watch(), runs.watch());
        });
        let live = Arc::clone(&self.services.live);
        tokio::pin!(stop);
        let serving = self.server;
        tokio::pin!(serving);
        let result = tokio::select! {
            result = &mut serving => result,
            () = &mut stop => {
                // Open streams would hold the server up.
                live.close();
                tokio::join!(handle.stop(true), &mut serving).1
            }
        };
        watching.abort();
        self.services.runs.close().await;
        if self.services.settings.contained {
            leave_no_loader(self.services.orchestrator.as_ref()).await;
        }
        result
    }
}

/// Has all loaders stop with a checkpoint, because their container ends with the control plane. Their runs are still
/// meant to run, and go on when the container starts again.
async fn leave_no_loader(orchestrator: &dyn Orchestrator) {
    let loaders = match orchestrator.list().await {
        Ok(loaders) => loaders,
        Err(error) => {
            tracing::warn!(error = %error, "loaders are left to the end of the container");
            return;
        }
    };
    let running = loaders
        .into_iter()
        .filter(|loader| loader.status == LoaderStatus::Running);
    let stops = running.map(|loader| async move {
        if let Err(error) = orchestrator.stop(&loader.id, CONTAINER_GRACE).await {
            tracing::warn!(loader = %loader.id, error = %error, "a loader did not stop");
        }
    });
    futures_util::future::join_all(stops).await;
}

/// The sign-in link: the code is in the fragment, which browsers do not send.
#[must_use]
pub fn link(settings: &Settings, port: u16, code: &Secret) -> Secret {
    let address = settings.address_for_people(port);
    Secret::from(format!("{address}/#code={}", code.expose()))
}

fn services(
    settings: Settings,
    instance: String,
    replace: Replacements,
) -> Result<Services, StartError> {
    let store = Store::open(&settings.data_dir)?;
    let secrets = SecretFiles::open(&settings.data_dir)?;
    let clock = replace.clock.unwrap_or_else(Clock::system);
    let live = Arc::new(Hub::new(uuid::Uuid::now_v7().simple().to_string()));
    replace.own_log.announce_to(Arc::clone(&live));
    let orchestrator = replace
        .orchestrator
        .unwrap_or_else(|| orchestrator(&settings, instance));
    let configurations = Configurations::new(
        store.clone(),
        secrets.clone(),
        clock.clone(),
        settings.operator.clone(),
    );
    let settings = Arc::new(settings);
    let runs = Runs::new(Needs {
        store: store.clone(),
        orchestrator: Arc::clone(&orchestrator),
        live: Arc::clone(&live),
        secrets,
        configurations: configurations.clone(),
        settings: Arc::clone(&settings),
        clock: clock.clone(),
        boot: replace.boot.unwrap_or_else(|| boot_id(settings.contained)),
        compare_every: replace.compare_every.unwrap_or(COMPARE_EVERY),
    });
    Ok(Services {
        audit: Audit::new(store.clone(), clock.clone()),
        auth: Auth::new(store.clone(), clock.clone(), &settings),
        limits: Limits::default(),
        connections: ConnectionTests::new(Arc::clone(&orchestrator), settings.operator.proxies()),
        practice: PracticeWatch::new(Arc::clone(&settings)),
        readiness: Arc::new(Readiness::new(Arc::clone(&orchestrator), Arc::clone(&live))),
        storage: Arc::new(Storage::new(
            settings.data_dir.clone(),
            store.clone(),
            Arc::clone(&live),
        )),
        settings,
        clock,
        store,
        orchestrator,
        configurations,
        runs,
        live,
        own_log: replace.own_log,
        requests: Requests::default(),
        ping: replace.ping.unwrap_or(api::events::PING),
    })
}

fn orchestrator(settings: &Settings, instance: String) -> Arc<dyn Orchestrator> {
    match settings.orchestrator {
        OrchestratorKind::Docker => Arc::new(Containers::new(
            instance,
            settings.loader_image.clone(),
            settings.loader_network.clone(),
        )),
        OrchestratorKind::Process => Arc::new(Processes::new(
            settings.loader_bin.clone(),
            settings.data_dir.join("loaders"),
        )),
    }
}

fn serve(
    listener: std::net::TcpListener,
    services: web::Data<Services>,
) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(services.clone())
            .app_data(
                web::JsonConfig::default()
                    .limit(BODY_BYTES_MAX)
                    .error_handler(|error, _| unreadable_body(&error).into()),
            )
            .app_data(web::QueryConfig::default().error_handler(unreadable_query))
            .app_data(web::PathConfig::default().error_handler(unreadable_path))
            .configure(api::routes)
            .default_service(web::to(page::page_or_file))
            .wrap(from_fn(guard))
            .wrap(from_fn(security_headers))
            .wrap(from_fn(base_path))
            .wrap(from_fn(metrics::count))
    })
    .workers(WORKERS)
    .shutdown_timeout(SHUTDOWN_S)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}

fn unreadable_body(error: &JsonPayloadError) -> Problem {
    match error {
        JsonPayloadError::ContentType => Problem::new(
            Code::RequestMediaType,
            "send the body with Content-Type: application/json",
        ),
        JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. } => {
            Problem::new(
                Code::RequestTooLarge,
                format!("a body may have {} MiB", BODY_BYTES_MAX >> 20),
            )
        }
        // The parser's message may repeat a value, and the value may be a token.
        JsonPayloadError::Deserialize(error) => Problem::new(
            Code::RequestMalformed,
            format!(
                "the body does not fit: line {}, column {}; the fields are described in /api/openapi.json",
                error.line(),
                error.column()
            ),
        ),
        _ => Problem::new(Code::RequestMalformed, "the body could not be read"),
    }
}

fn unreadable_query(error: QueryPayloadError, _: &HttpRequest) -> actix_web::Error {
    Problem::new(Code::RequestMalformed, error.to_string()).into()
}

fn unreadable_path(error: PathError, _: &HttpRequest) -> actix_web::Error {
    Problem::new(Code::RequestMalformed, error.to_string()).into()
}

/// Changes with each start of the machine (Linux), or of the container when loaders end with it; a constant elsewhere,
/// where reboots look like deaths.
fn boot_id(contained: bool) -> String {
    if contained {
        return uuid::Uuid::now_v7().simple().to_string();
    }
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map_or_else(|_| "unknown".to_owned(), |id| id.trim().to_owned())
}
