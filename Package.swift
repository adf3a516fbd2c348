// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is compiled with: each unsafe call is visible, each warning stops the build.
let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let asyncHTTPClient = Target.Dependency.product(
    name: "AsyncHTTPClient",
    package: "async-http-client"
)
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "occ-export",
    products: [
        .executable(name: "occ-export", targets: ["occ-export"]),
        .executable(name: "occ-sandbox", targets: ["occ-sandbox"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibxml2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"])]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CSystemCalls", linkerSettings: [.linkedLibrary("z")]),
        .target(name: "Transactions", swiftSettings: settings),
        .target(
            name: "OCCClient",
            dependencies: [
                "Transactions", asyncHTTPClient, crypto, logging, nioCore, nioHTTP1, nioSSL,
            ],
            swiftSettings: settings
        ),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
        .target(
            name: "Expressions",
            dependencies: ["Transactions", "CRE2"],
            swiftSettings: settings
        ),
        .target(name: "Invoices", dependencies: ["Transactions"], swiftSettings: settings),
        .target(
            name: "Templates",
            dependencies: [
                "Transactions", "Expressions", "Invoices", "CLibxml2", "CSystemCalls", "CZlib",
                yams,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Delivery",
            dependencies: ["Transactions", "CSystemCalls", crypto, grdb, sqlite],
            swiftSettings: settings
        ),
        .target(
            name: "Sandbox",
            dependencies: [crypto, flyingFox, flyingSocks],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "occ-export",
            dependencies: [
                "Transactions", "OCCClient", "Expressions", "Invoices", "Templates", "Delivery",
                "CSystemCalls", argumentParser, crypto, logging,
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "occ-sandbox",
            dependencies: ["Sandbox", argumentParser],
            swiftSettings: settings
        ),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(
            name: "TransactionsTests",
            dependencies: ["Transactions", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "OCCClientTests",
            dependencies: ["OCCClient", "TestSupport", logging, nioCore, nioPosix, nioSSL],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ExpressionsTests",
            dependencies: ["Expressions", "TestSupport"],
            exclude: ["Conformance"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "InvoicesTests",
            dependencies: [
                "Invoices", "Templates", "Expressions", "Transactions", "CLibxml2", "TestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TemplatesTests",
            dependencies: ["Templates", "TestSupport"],
            exclude: ["Worked"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DeliveryTests",
            dependencies: ["Delivery", "Transactions", "TestSupport", grdb],
            exclude: ["Ledgers"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SandboxTests",
            dependencies: ["Sandbox", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "occ-export", "occ-sandbox", "Delivery", "Templates", "Transactions", "TestSupport",
            ],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
