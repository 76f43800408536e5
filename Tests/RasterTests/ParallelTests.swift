import Raster
import Synchronization
import XCTest

final class ParallelTests: XCTestCase {
    func testBothGiveWhatEachReturns() {
        let (first, second) = both({ "first" }, { 2 })
        XCTAssertEqual(first, "first")
        XCTAssertEqual(second, 2)
        let (none, some) = both({ Int?.none }, { Int?.some(3) })
        XCTAssertNil(none)
        XCTAssertEqual(some, 3)
    }

    func testLoopsWithinBothTakeAllTheirTurns() {
        let turns = Mutex([Int](repeating: 0, count: 200))
        func count(from start: Int) { parallelFor(100) { turn in turns.withLock { $0[start + turn] += 1 } } }
        let inner = both({ both({ 1 }, { 2 }) }, { () -> Void in count(from: 100) }).0
        count(from: 0)
        XCTAssertEqual(inner.0 + inner.1, 3)
        XCTAssertEqual(turns.withLock { $0 }, [Int](repeating: 1, count: 200))
    }
}
