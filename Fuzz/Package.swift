// swift-tools-version: 6.2
import PackageDescription

// The fuzzers, outside of the main package so that it does not carry them. Sources are links to the
// product's own: `scripts/soak fuzz` builds and runs them.

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "fuzz",
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
                yams,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Delivery",
            dependencies: ["Transactions", "CSystemCalls", crypto, grdb],
            swiftSettings: settings
        ),
        // Reading and settings; what talks to the network stays out.
        .target(
            name: "OCCClient",
            dependencies: ["Transactions", crypto],
            swiftSettings: settings
        ),
        .target(
            name: "Configuration",
            dependencies: [
                "Transactions", "OCCClient", "Expressions", "Invoices", "Templates", "Delivery",
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "Transactions", "OCCClient", "Expressions", "Templates", "Delivery",
                "Configuration",
            ],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
