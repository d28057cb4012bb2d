# One file for all images. The programs are static, so that each image holds little more than one file and the folder it
# may write to.
#
#   docker build --target control-ui  -t trafficinator-control-ui  .
#   docker build --target loader      -t trafficinator-loader      .
#   docker build --target demo-matomo -t trafficinator-demo-matomo .
#   docker build --target all-in-one  -t trafficinator-all-in-one  .
#
# For another machine add --platform linux/arm64 or linux/amd64: what compiles runs on the machine that builds, so no
# emulation is needed.

FROM --platform=$BUILDPLATFORM node:22-slim AS web
WORKDIR /src/control-ui/web
COPY control-ui/web/package.json control-ui/web/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY docs/openapi.json /src/docs/openapi.json
COPY control-ui/web ./
RUN npm run build

FROM --platform=$BUILDPLATFORM rust:1.95-slim-bookworm AS programs
ARG TARGETARCH
WORKDIR /src
# The triple is always named, so that crt-static holds for the programs and not for the procedural macros of the build.
RUN case "$TARGETARCH" in \
      amd64 | "") arch=x86_64 ;; \
      arm64) arch=aarch64 ;; \
      *) echo "no build for $TARGETARCH: choose linux/amd64 or linux/arm64" >&2; exit 1 ;; \
    esac && \
    echo "$arch-unknown-linux-gnu" >/triple && \
    if [ "$arch" != "$(uname -m)" ]; then \
      apt-get update && \
      apt-get install -y --no-install-recommends "gcc-$(echo "$arch" | tr _ -)-linux-gnu" "libc6-dev-$TARGETARCH-cross" && \
      rm -rf /var/lib/apt/lists/* && \
      rustup target add "$arch-unknown-linux-gnu"; \
    fi
COPY . .
COPY --from=web /src/control-ui/web/dist control-ui/web/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    triple=$(cat /triple) && arch=${triple%%-*} && \
    if [ "$arch" != "$(uname -m)" ]; then \
      export "CARGO_TARGET_$(echo "$triple" | tr a-z- A-Z_)_LINKER=$(echo "$arch" | tr _ -)-linux-gnu-gcc" \
             "CC_$(echo "$triple" | tr - _)=$(echo "$arch" | tr _ -)-linux-gnu-gcc"; \
    fi && \
    RUSTFLAGS="-C target-feature=+crt-static" \
    cargo build --locked --release --target "$triple" -p control-ui -p loader -p demo-matomo && \
    mkdir -p /out/state /out/data /out/for-any-user/data && chmod 1777 /out/for-any-user/data && \
    cp "target/$triple/release/control-ui" "target/$triple/release/loader" "target/$triple/release/demo-matomo" /out/

FROM scratch AS loader
COPY --from=programs /out/loader /loader
# A volume mounted here takes over the owner, which lets an unprivileged loader write in it.
COPY --from=programs --chown=65532:65532 /out/state /state
USER 65532:65532
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/loader", "healthcheck", "--state", "/state"]
ENTRYPOINT ["/loader"]
CMD ["run", "--state", "/state"]

FROM scratch AS demo-matomo
COPY --from=programs /out/demo-matomo /demo-matomo
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s CMD ["/demo-matomo", "--listen", "127.0.0.1:8080", "healthcheck"]
ENTRYPOINT ["/demo-matomo"]
CMD ["--listen", "0.0.0.0:8080"]

FROM scratch AS control-ui
COPY --from=programs /out/control-ui /control-ui
COPY --from=programs --chown=65532:65532 /out/data /data
ENV LISTEN=0.0.0.0:8000 DATA_DIR=/data ORCHESTRATOR=docker CONTROL_UI_DROP_PRIVILEGES=1
EXPOSE 8000
VOLUME /data
# Starts as root only to join the group that owns the Docker socket; it drops to 65532 before anything else runs.
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["/control-ui", "healthcheck"]
ENTRYPOINT ["/control-ui"]
CMD ["serve"]

# Page, control plane and loader in one container: loaders are processes in it, so it needs no engine's socket, no rights
# and no particular user. What it gives up: a container for each loader, with limits of its own.
FROM scratch AS all-in-one
COPY --from=programs /out/control-ui /out/loader /
# Any user may make a folder here; what is in it belongs to that user alone.
COPY --from=programs /out/for-any-user /
USER 65532:65532
ENV LISTEN=0.0.0.0:8000 DATA_DIR=/data/control ORCHESTRATOR=process LOADER_BIN=/loader CONTAINED=1
EXPOSE 8000
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["/control-ui", "healthcheck"]
ENTRYPOINT ["/control-ui"]
CMD ["serve"]
