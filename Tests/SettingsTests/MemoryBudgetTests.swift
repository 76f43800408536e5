import Foundation
import XCTest

@testable import Settings

/// How much memory there is, and what is refused for want of it.
final class MemoryBudgetTests: XCTestCase {
    private func system(_ files: [String: String]) throws -> String {
        let root = NSTemporaryDirectory() + "memory-\(UUID().uuidString)"
        let usual = [
            "proc/self/status": "Name:\tx\nVmSize:\t  500000 kB\nVmRSS:\t  100000 kB\n",
            "proc/meminfo": "MemTotal: 16000000 kB\nMemAvailable:    8000000 kB\nSwapFree:  1000000 kB\n",
        ]
        for (name, text) in usual.merging(files, uniquingKeysWith: { $1 }) {
            let url = URL(fileURLWithPath: "\(root)/\(name)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        addTeardownBlock { try? FileManager.default.removeItem(atPath: root) }
        return root
    }

    func testWithoutGroupsTheSystemsMemoryCounts() throws {
        let budget = MemoryBudget.current(root: try system([:]))
        XCTAssertEqual(budget.resident, 9_100_000 * 1024)
        XCTAssertEqual(
            MemoryBudget.current(root: try system([:]), countingOwn: false).resident, 9_000_000 * 1024)
        XCTAssertNil(MemoryBudget.current(root: "/nonexistent").resident, "nothing known, nothing refused")
    }

    func testTheNarrowestGroupCounts() throws {
        let second = try system([
            "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/memory.max": "600000000\n",
            "sys/fs/cgroup/a/memory.current": "500000000\n",
            "sys/fs/cgroup/a/memory.stat": "anon 1\ninactive_file 50000000\n",
            "sys/fs/cgroup/a/b/memory.max": "max\n", "sys/fs/cgroup/a/b/memory.current": "5\n",
        ])
        XCTAssertEqual(MemoryBudget.current(root: second, countingOwn: false).resident, 150_000_000)
        let first = try system([
            "proc/self/cgroup": "5:cpu,cpuacct:/x\n4:memory:/box\n",
            "sys/fs/cgroup/memory/box/memory.limit_in_bytes": "300000000\n",
            "sys/fs/cgroup/memory/box/memory.usage_in_bytes": "100000000\n",
            "sys/fs/cgroup/memory/box/memory.stat": "total_inactive_file 7\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "sys/fs/cgroup/memory/memory.usage_in_bytes": "100000000\n",
        ])
        XCTAssertEqual(MemoryBudget.current(root: first, countingOwn: false).resident, 200_000_007)
    }

    func testWhatIsTooLittleIsRefused() throws {
        let small = 512 * 512, large = 24_000_000, usual = 1448 * 1448
        XCTAssertNoThrow(try MemoryBudget(address: nil, resident: nil).check(pixels: large, drawn: usual, cores: 64))
        XCTAssertNoThrow(
            try MemoryBudget(address: nil, resident: 400_000_000).check(pixels: small, drawn: small, cores: 2))
        let poor = MemoryBudget(address: nil, resident: 400_000_000)
        XCTAssertThrowsError(try poor.check(pixels: large, drawn: usual, cores: 2)) {
            guard case let .tooLittleMemory(needed, available) = $0 as? StyleError else { return XCTFail("\($0)") }
            XCTAssertEqual(available, 400_000_000)
            XCTAssertGreaterThan(needed, 600_000_000)
        }
        let tight = MemoryBudget(address: 2_048_000_000, resident: nil)
        XCTAssertThrowsError(try tight.check(pixels: large, drawn: usual, cores: 2))
        XCTAssertNoThrow(try tight.check(pixels: small, drawn: small, cores: 2))
        XCTAssertNoThrow(
            try MemoryBudget(address: nil, resident: 1_200_000_000).check(
                pixels: 500_000_000, drawn: usual, cores: 2), "what is read by bands takes no more")
    }

    func testAFinerDrawingTakesMore() throws {
        let budget = MemoryBudget(address: nil, resident: 1_500_000_000), large = 24_000_000
        XCTAssertNoThrow(try budget.check(pixels: large, drawn: 2_100_000, cores: 2))
        XCTAssertThrowsError(try budget.check(pixels: large, drawn: 16_000_000, cores: 2)) {
            XCTAssertTrue("\($0)".contains("Detail"), "\($0)")
        }
        XCTAssertNoThrow(try budget.check(pixels: large, drawn: 500_000, cores: 2))
    }

    /// What drawings took, in bytes of memory and of addresses, is never refused where there is a tenth more at Detail
    /// 100 and a quarter more below, and never begun where there is less.
    func testWhatDrawingsTookIsTheLeast() throws {
        for (pixels, drawn, memory, addresses) in [
            (24_000_000, 524_288, 401_000_000, 1_754_000_000), (24_000_000, 2_097_152, 550_000_000, 1_989_000_000),
            (24_000_000, 16_000_000, 2_603_000_000, 4_016_000_000), (12_000_000, 524_288, 395_000_000, 1_740_000_000),
            (12_000_000, 2_097_152, 513_000_000, 1_928_000_000),
            (12_000_000, 12_000_000, 1_985_000_000, 3_391_000_000),
        ] {
            let more = drawn < 10_000_000 ? 1.28 : 1.1
            for (address, resident) in [(Int?.none, memory), (addresses, Int?.none)] as [(Int?, Int?)] {
                let least = MemoryBudget(address: address, resident: resident)
                XCTAssertThrowsError(try least.check(pixels: pixels, drawn: drawn, cores: 2), "\(least), \(drawn)")
                let enough = MemoryBudget(
                    address: address.map { Int(Double($0) * more) }, resident: resident.map { Int(Double($0) * more) })
                XCTAssertNoThrow(try enough.check(pixels: pixels, drawn: drawn, cores: 2), "\(enough), \(drawn)")
            }
        }
    }
}
