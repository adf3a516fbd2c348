public import Templates

/// Reads a configuration file for the fuzzer, which sees no internal type.
///
/// - Throws: `Diagnostic` as `occ-export` would print it.
public func readConfiguration(file: String) throws(Diagnostic) {
    _ = try Configuration(file: file)
}
