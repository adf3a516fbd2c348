# occ-export: built in one stage, run from another that has no compiler and no root.
#
#   docker build -t occ-export .
#
# Tags are exact; to pin the bases by digest as well, look the digest up in your registry
# (docker buildx imagetools inspect IMAGE) and write IMAGE@sha256:... here.

# Debian's packages are not pinned: their security updates are wanted, so rebuild monthly.

FROM swift:6.3.1-bookworm AS build
# hadolint ignore=DL3008
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends libxml2-dev libre2-dev libsqlite3-dev zlib1g-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib --product occ-export \
    && install -D -m 0755 "$(swift build -c release --static-swift-stdlib --show-bin-path)/occ-export" /out/occ-export \
    && strip /out/occ-export

# The XML schemas that a registry carries (UBL, Finvoice); others can be mounted beside them.
FROM debian:12.12-slim AS schemas
# hadolint ignore=DL3008
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends python3 python3-venv ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY scripts/schemas /src/scripts/schemas
RUN /src/scripts/schemas /out/schemas

FROM debian:12.12-slim
# hadolint ignore=DL3008
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends libxml2 libre2-9 libsqlite3-0 zlib1g libstdc++6 tzdata ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 occ \
    && useradd --uid 10001 --gid occ --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin occ \
    && install -d -o occ -g occ -m 0700 /var/lib/occ-export \
    && install -d -o occ -g occ -m 2770 /srv/outbox
COPY --from=build /out/occ-export /usr/local/bin/occ-export
COPY --from=schemas /out/schemas /usr/share/occ-export/schemas
COPY templates /usr/share/occ-export/templates
# The configuration is mounted; a crash never writes the memory that holds the key.
ENV OCC_EXPORT_CONFIG=/etc/occ-export/occ-export.yaml \
    SWIFT_BACKTRACE=enable=no
USER 10001:10001
WORKDIR /var/lib/occ-export
VOLUME ["/var/lib/occ-export", "/srv/outbox"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/occ-export"]
CMD ["run"]
