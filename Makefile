# Each target is thin: the work is done by cargo, npm, docker and the scripts beside this file.
.PHONY: audit demo test test-rust test-bundle test-web test-e2e verify-matomo judge-places judge-devices lint bench soak images bundle generated programs page

WEB := control-ui/web

## demo        page, control plane and practice target on this machine; Ctrl-C ends them all
demo: page programs
	scripts/demo

## test        everything: lints, unit, property and system tests, images, browser
test: lint test-web page programs test-rust test-bundle test-e2e

## lint        formatting, compiler lints, lints of the page; licences and sources where cargo-deny is there
lint: $(WEB)/node_modules
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	! command -v cargo-deny >/dev/null || cargo deny --offline --locked check licenses bans sources
	npm --prefix $(WEB) run lint

## bench       the figures of the README and the goals beside them
bench:
	scripts/bench

## verify-matomo MATOMO_URL=… TOKEN=… SITE=…   a small backfill into a test Matomo of yours, compared with its reports
verify-matomo:
	cargo build --locked --quiet -p loader
	@cargo run --locked --quiet -p system-tests --bin verify-matomo

## judge-places   asks an address database that was not used whether visitors' addresses lie in their countries; needs npm
judge-places:
	scripts/judge/run places

## judge-devices  asks a port of Matomo's device detector what it takes visitors' browsers for; needs npm
judge-devices:
	scripts/judge/run devices

## audit       known holes, licences and sources of what comes from outside; asks the network
audit:
	cargo deny --locked check
	npm --prefix $(WEB) audit --omit=dev

## soak        the long runs: more visits, more kills
soak:
	cargo build --locked --release -p control-ui -p loader -p demo-matomo
	SOAK=1 cargo test --locked --release -p system-tests --test system -- --nocapture

## images      the container images
images:
	docker compose --profile demo build loader-image
	docker compose --profile demo build
	docker build --target all-in-one --tag trafficinator-all-in-one:local .

## bundle      images, compose files and checksums for machines without a network, in target/bundle
bundle: images
	scripts/bundle

## generated   settings reference, .env.example, API document and its types, after a change of their source
generated:
	UPDATE_GENERATED=1 cargo test --locked -p config -p control-ui generated
	npm --prefix $(WEB) run gen:api

test-rust: programs
	scripts/test-rust

# Takes the images that test-rust built.
test-bundle:
	scripts/test-bundle

test-web: $(WEB)/node_modules
	npm --prefix $(WEB) test

test-e2e: page programs
	scripts/test-e2e

page: $(WEB)/node_modules
	npm --prefix $(WEB) run build

programs: page
	cargo build --locked -p control-ui -p loader -p demo-matomo

$(WEB)/node_modules: $(WEB)/package-lock.json
	npm --prefix $(WEB) ci
	touch $@
