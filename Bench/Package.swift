// swift-tools-version: 6.2
import PackageDescription

// What `scripts/bench instructions` counts: the way from a row's bytes to a file's, without the HTTP client,
// so that a release build of it takes little; and `ledger-bench`, what `scripts/bench ledger` and `night` run.
// Sources are links to the product's own.

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "bench",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CLibxml2", pkgConfig: "libxml-2.0"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .target(name: "CSystemCalls", linkerSettings: [.linkedLibrary("z")]),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
        .target(name: "Transactions", swiftSettings: settings),
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
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),
        .target(name: "OCCClient", dependencies: ["Transactions"], swiftSettings: settings),
        .target(
            name: "Delivery",
            dependencies: [
                "Transactions", "CSystemCalls", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ledger-bench",
            dependencies: ["Delivery", "Transactions"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "bench",
            dependencies: ["OCCClient", "Templates", "Transactions"],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
