# One file for all images. The programs are static, so that each image holds one file and the folder it may write to.
#
#   docker build --target control-ui  -t trafficinator-control-ui  .
#   docker build --target loader      -t trafficinator-loader      .
#   docker build --target demo-matomo -t trafficinator-demo-matomo .

FROM node:22-slim AS web
WORKDIR /src/control-ui/web
COPY control-ui/web/package.json control-ui/web/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY docs/openapi.json /src/docs/openapi.json
COPY control-ui/web ./
RUN npm run build

FROM rust:1.95-slim-bookworm AS programs
WORKDIR /src
COPY . .
COPY --from=web /src/control-ui/web/dist control-ui/web/dist
# The target is named so that crt-static holds for the programs and not for the procedural macros of the build.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    target="$(uname -m)-unknown-linux-gnu" && \
    RUSTFLAGS="-C target-feature=+crt-static" \
    cargo build --locked --release --target "$target" -p control-ui -p loader -p demo-matomo && \
    mkdir -p /out/state /out/data && \
    cp "target/$target/release/control-ui" "target/$target/release/loader" "target/$target/release/demo-matomo" /out/

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
