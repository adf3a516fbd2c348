internal import Glibc

/// What libFuzzer calls with each input (llvm.org/docs/LibFuzzer.html).
///
/// `FUZZ_TARGET` says what reads it, `FUZZ_FOLDER` where files may be written, `FUZZ_CATALOGUE` where
/// docs/errors.md is.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    chosen.read(bytes)
    return 0
}

private let chosen: any FuzzTarget = {
    let name = environment("FUZZ_TARGET")
    guard let target = targets.first(where: { $0.name == name })?.make() else {
        complain("FUZZ_TARGET is one of \(targets.map(\.name).joined(separator: ", "))")
    }
    return target
}()

private let targets: [(name: String, make: @Sendable () -> any FuzzTarget)] = [
    ("rows", { RowsTarget() }), ("dates", { DatesTarget() }), ("decimals", { DecimalsTarget() }),
    ("expressions", { ExpressionsTarget() }), ("templates", { TemplatesTarget() }),
    ("skeletons", { SkeletonsTarget() }), ("lookups", { LookupsTarget() }),
    ("configurations", { ConfigurationsTarget() }), ("manifests", { ManifestsTarget() }),
    ("records", { RecordsTarget() }),
]

/// Something of the product that reads what others wrote.
protocol FuzzTarget: Sendable {
    /// Reads an input; ends the process when the answer is none that is documented.
    func read(_ bytes: [UInt8])
}

/// A setting of the run.
func environment(_ name: String) -> String {
    guard let value = unsafe getenv(name) else { complain("\(name) is not set") }
    return unsafe String(cString: value)
}

/// Ends the process so that libFuzzer keeps the input as a finding.
func complain(_ message: String) -> Never {
    let line = Array("finding: \(message)\n".utf8)
    _ = unsafe write(STDERR_FILENO, line, line.count)
    abort()
}

/// Ends the process unless a claim holds.
func claim(_ holds: Bool, _ message: @autoclosure () -> String) {
    if !holds { complain(message()) }
}
