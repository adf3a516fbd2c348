internal import Foundation

/// Where the independent readers of accounting files are, beside the checkout; tests that need them
/// skip and say so where they are not installed.
public enum ERPReaders {
    /// The folder of `erpcheck`.
    public static let checks = "\(Checkout.path)/../shared/checks/erp"
    /// `erpcheck KIND FILE` hands a file to its reader.
    public static let erpcheck = "\(checks)/erpcheck"
    /// The Python environment that their set-up made.
    public static let environment =
        ProcessInfo.processInfo.environment["ERP_VENV"] ?? "/tmp/erp-venv"
    /// Its interpreter.
    public static let python = "\(environment)/bin/python"
    /// Whether both are there.
    public static let areThere =
        FileManager.default.isExecutableFile(atPath: erpcheck)
        && FileManager.default.isExecutableFile(atPath: python)
    /// Why a test is skipped.
    public static let why = "the readers of ../shared/checks/erp are not installed: run setup.sh"
}
