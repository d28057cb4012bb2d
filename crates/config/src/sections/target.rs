//! One Matomo site that receives hits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::secret::Secret;

/// One Matomo site that receives hits.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Target", extend("required" = ["url"]))]
pub struct Target {
    /// Address of Matomo's tracking endpoint, http or https; it usually ends in `matomo.php`.
    #[schemars(
        title = "Tracking URL",
        extend("x-env" = "MATOMO_URL", "x-widget" = "url",
               "examples" = ["https://matomo.example/matomo.php"])
    )]
    pub url: String,
    /// Number of the site in Matomo, 1 to 4,294,967,295.
    #[schemars(
        title = "Site id",
        extend("x-env" = "MATOMO_SITE_ID")
    )]
    #[validate(range(min = 1, max = u32::MAX))]
    pub site_id: u32,
    /// Secret token of a Matomo user with write or admin access to the site. It is needed for visitor
    /// countries and for hits older than 24 hours, and travels in request bodies only. Read from a
    /// file with `MATOMO_TOKEN_AUTH_FILE`.
    #[serde(skip_serializing)]
    #[schemars(
        title = "Token",
        extend("x-env" = "MATOMO_TOKEN_AUTH", "x-widget" = "password", "writeOnly" = true)
    )]
    pub token_auth: Option<Secret>,
    /// Certificates of authorities, as PEM text, that may have signed the target's certificate beside
    /// the well-known ones; several may follow one another, up to 64 KiB. In a `.env` file line ends
    /// are written as `\\n`.
    #[schemars(
        title = "Certificate authorities",
        extend("x-env" = "MATOMO_CA_PEM", "x-widget" = "textarea", "x-advanced" = true)
    )]
    #[validate(length(max = 65_536))]
    pub ca_pem: String,
    /// Whether the target's certificate is checked. Without the check whoever is on the way can read
    /// and change every hit, and the token: for tests on a network of your own alone.
    #[schemars(
        title = "Check certificates",
        extend("x-env" = "MATOMO_TLS_VERIFY", "x-advanced" = true)
    )]
    pub tls_verify: bool,
    /// The proxy on the way to the target: `environment` takes the one of HTTPS_PROXY, HTTP_PROXY and
    /// NO_PROXY in the program's environment (the control plane hands its own on to loaders), `none`
    /// goes without, and an address such as `http://proxy.example:3128` names one.
    #[schemars(
        title = "Proxy",
        extend("x-env" = "MATOMO_PROXY_URL", "x-advanced" = true)
    )]
    #[validate(length(max = 2_000))]
    pub proxy_url: String,
    /// User name that a web server before Matomo asks for (HTTP basic authentication), as on many
    /// staging sites.
    #[schemars(
        title = "User name of the web server",
        extend("x-env" = "MATOMO_BASIC_AUTH_USER", "x-advanced" = true)
    )]
    #[validate(length(max = 200))]
    pub basic_auth_user: String,
    /// Password that goes with it. Read from a file with `MATOMO_BASIC_AUTH_PASSWORD_FILE`.
    #[serde(skip_serializing)]
    #[schemars(
        title = "Password of the web server",
        extend("x-env" = "MATOMO_BASIC_AUTH_PASSWORD", "x-widget" = "password",
               "writeOnly" = true, "x-advanced" = true)
    )]
    pub basic_auth_password: Option<Secret>,
    /// Name of one more header that every request carries, for a firewall that lets through who knows
    /// it, such as `X-Staging-Key`. Not `Host`, and none that belongs to the connection.
    #[schemars(
        title = "Extra header",
        extend("x-env" = "MATOMO_EXTRA_HEADER_NAME", "x-advanced" = true)
    )]
    #[validate(length(max = 100))]
    pub extra_header_name: String,
    /// Value of that header. Read from a file with `MATOMO_EXTRA_HEADER_VALUE_FILE`.
    #[serde(skip_serializing)]
    #[schemars(
        title = "Value of the extra header",
        extend("x-env" = "MATOMO_EXTRA_HEADER_VALUE", "x-widget" = "password",
               "writeOnly" = true, "x-advanced" = true)
    )]
    pub extra_header_value: Option<Secret>,
}

impl Target {
    /// The secrets, each with the name of its setting.
    pub(crate) fn secrets_mut(&mut self) -> [(&'static str, &mut Option<Secret>); 3] {
        [
            ("token_auth", &mut self.token_auth),
            ("basic_auth_password", &mut self.basic_auth_password),
            ("extra_header_value", &mut self.extra_header_value),
        ]
    }
}

impl Default for Target {
    fn default() -> Self {
        Self {
            url: String::new(),
            site_id: 1,
            token_auth: None,
            ca_pem: String::new(),
            tls_verify: true,
            proxy_url: "environment".to_owned(),
            basic_auth_user: String::new(),
            basic_auth_password: None,
            extra_header_name: String::new(),
            extra_header_value: None,
        }
    }
}
