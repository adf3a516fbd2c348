internal import Foundation
import TestSupport
import Testing

/// docs/security.md against the tests it names.
struct `The page on security` {
    /// The names of tests and suites in the tree, as they stand between backticks in the sources.
    private func known() throws -> Set<String> {
        var names: Set<String> = []
        let folder = "\(Checkout.path)/Tests"
        let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        let files = try #require(FileManager.default.enumerator(atPath: root))
        for case let file as String in files where file.hasSuffix(".swift") {
            let text = try String(contentsOfFile: "\(root)/\(file)", encoding: .utf8)
            for match in text.matches(of: /(?:struct|func) `([^`]+)`/) {
                names.insert(String(match.1))
            }
        }
        return names
    }

    /// The rows of its table: the line of the list, and the tests that prove it.
    private func rows() throws -> [(line: String, tests: [String])] {
        let page = try String(contentsOfFile: "\(Checkout.path)/docs/security.md", encoding: .utf8)
        return page.split(separator: "\n").filter { $0.hasPrefix("| 6.") }.map { row in
            let cells = row.split(separator: "|", omittingEmptySubsequences: false)
            let tests = (cells.count > 3 ? cells[3] : "").matches(of: /`([^`]+)`/)
            return (String(cells[1]), tests.map { String($0.1) })
        }
    }

    @Test func `names a test for each line, and each test is there`() throws {
        let known = try known()
        let rows = try rows()
        #expect(rows.count > 30)
        for row in rows {
            #expect(!row.tests.isEmpty, "\(row.line)")
            for test in row.tests {
                let isScript =
                    test.hasPrefix("scripts/")
                    && FileManager.default.isExecutableFile(
                        atPath: "\(Checkout.path)/\(test.split(separator: " ")[0])"
                    )
                #expect(isScript || known.contains(test), "\(row.line): \(test)")
            }
        }
    }
}
