//! Copies configuration and secrets into a container that has not started: into its state volume, readable by the
//! loader alone, never through environment, options or labels.

use bollard::Docker;
use bollard::query_parameters::UploadToContainerOptionsBuilder;
use bytes::Bytes;
use config::Secret;

use super::engine::said;
use super::template::{STATE, USER};
use crate::orchestrator::OrchestratorError;

pub(super) async fn files(
    docker: &Docker,
    container: &str,
    config: &str,
    secrets: Option<&Secret>,
) -> Result<(), OrchestratorError> {
    let archive = archive(config, secrets).map_err(|error| {
        OrchestratorError::Refused(format!("could not pack the run configuration: {error}"))
    })?;
    let options = UploadToContainerOptionsBuilder::default()
        .path(STATE)
        .build();
    docker
        .upload_to_container(container, Some(options), bollard::body_full(archive))
        .await
        .map_err(|error| said("copy the run configuration into the container", &error))
}

fn archive(config: &str, secrets: Option<&Secret>) -> std::io::Result<Bytes> {
    let mut archive = tar::Builder::new(Vec::new());
    append(&mut archive, "run.json", config.as_bytes())?;
    if let Some(secrets) = secrets {
        append(&mut archive, "secrets.json", secrets.expose().as_bytes())?;
    }
    archive.into_inner().map(Bytes::from)
}

fn append(archive: &mut tar::Builder<Vec<u8>>, name: &str, content: &[u8]) -> std::io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_size(content.len() as u64);
    header.set_mode(0o400);
    header.set_uid(USER);
    header.set_gid(USER);
    archive.append_data(&mut header, name, content)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_files_belong_to_the_loader_and_nobody_else_may_read_them() {
        let secrets = Secret::from("{\"targets\":[]}".to_owned());
        let bytes = archive("{\"a\":1}", Some(&secrets)).unwrap();
        let mut archive = tar::Archive::new(bytes.as_ref());
        let mut seen = Vec::new();
        for file in archive.entries().unwrap() {
            let mut file = file.unwrap();
            let mut content = String::new();
            file.read_to_string(&mut content).unwrap();
            let header = file.header();
            assert_eq!(header.mode().unwrap(), 0o400);
            assert_eq!(header.uid().unwrap(), 65_532);
            assert_eq!(header.gid().unwrap(), 65_532);
            seen.push((file.path().unwrap().display().to_string(), content));
        }
        assert_eq!(
            seen,
            [
                ("run.json".to_owned(), "{\"a\":1}".to_owned()),
                ("secrets.json".to_owned(), "{\"targets\":[]}".to_owned()),
            ]
        );
    }
}
