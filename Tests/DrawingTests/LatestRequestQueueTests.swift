import Dispatch
@testable import Drawing
import Synchronization
import XCTest

final class LatestRequestQueueTests: XCTestCase {
    /// What was served and how each turn ended.
    private final class Record: Sendable {
        let events = Mutex<[String]>([])
        func add(_ event: String) { events.withLock { $0.append(event) } }
        var all: [String] { events.withLock { $0 } }
    }

    func testANewRequestEndsTheTurnAndReplacesWhatWaits() {
        let record = Record(), started = DispatchSemaphore(value: 0), finished = DispatchSemaphore(value: 0)
        let queue = LatestRequestQueue<Int> { request, turn in
            if request == 0 { started.signal() }
            do {
                // The first one works until it is told to stop.
                while request == 0 {
                    try turn.check()
                    usleep(1000)
                }
                try turn.check()
                record.add("served \(request)")
            } catch {
                record.add("cancelled \(request)")
                return
            }
            finished.signal()
        }
        queue.submit(0)
        XCTAssertEqual(started.wait(timeout: .now() + 10), .success)
        for request in 1...20 { queue.submit(request) }
        XCTAssertEqual(finished.wait(timeout: .now() + 10), .success)
        // Requests between were replaced while they waited, or cancelled at their first check; the last one is always
        // served.
        while record.all.last != "served 20", finished.wait(timeout: .now() + 10) == .success {}
        XCTAssertEqual(record.all.first, "cancelled 0")
        XCTAssertEqual(record.all.last, "served 20")
    }

    func testPauseEndsEarlyForANewRequestOnly() {
        let record = Record(), pausing = DispatchSemaphore(value: 0), finished = DispatchSemaphore(value: 0)
        let queue = LatestRequestQueue<Int> { request, turn in
            pausing.signal()
            do {
                try turn.pause(seconds: request == 0 ? 60 : 0.05)
                record.add("quiet \(request)")
            } catch {
                record.add("disturbed \(request)")
            }
            finished.signal()
        }
        queue.submit(0)
        XCTAssertEqual(pausing.wait(timeout: .now() + 10), .success)
        queue.submit(1)
        for _ in 0..<2 { XCTAssertEqual(finished.wait(timeout: .now() + 10), .success) }
        XCTAssertEqual(record.all, ["disturbed 0", "quiet 1"])
    }

    func testServesAgainAfterItWasIdle() {
        let finished = DispatchSemaphore(value: 0), record = Record()
        let queue = LatestRequestQueue<Int> { request, _ in
            record.add("served \(request)")
            finished.signal()
        }
        for request in 0..<50 {
            queue.submit(request)
            XCTAssertEqual(finished.wait(timeout: .now() + 10), .success)
        }
        XCTAssertEqual(record.all, (0..<50).map { "served \($0)" })
    }

    func testCloseCancelsAndIgnoresWhatComesAfter() {
        let record = Record(), started = DispatchSemaphore(value: 0), finished = DispatchSemaphore(value: 0)
        let queue = LatestRequestQueue<Int> { request, turn in
            started.signal()
            do {
                try turn.pause(seconds: 60)
                record.add("quiet \(request)")
            } catch {
                record.add("cancelled \(request)")
            }
            finished.signal()
        }
        queue.submit(0)
        XCTAssertEqual(started.wait(timeout: .now() + 10), .success)
        queue.close()
        queue.submit(1)
        XCTAssertEqual(finished.wait(timeout: .now() + 10), .success)
        XCTAssertEqual(started.wait(timeout: .now() + 0.1), .timedOut)
        XCTAssertEqual(record.all, ["cancelled 0"])
    }
}
