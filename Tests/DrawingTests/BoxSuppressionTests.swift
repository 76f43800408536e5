@testable import Drawing
import Raster
import XCTest

final class BoxSuppressionTests: XCTestCase {
    private struct Item: Equatable {
        var box: Box
        var merit: Double
    }

    private func keep(_ items: [Item], _ threshold: Double, _ measure: BoxSuppression.Measure) -> [Item] {
        BoxSuppression.keep(items, threshold: threshold, measure: measure, box: \.box, merit: \.merit)
    }

    private func items(_ count: Int, seed: UInt64) -> [Item] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            let box = Box(
                x: .random(in: 0...200, using: &generator), y: .random(in: 0...200, using: &generator),
                width: .random(in: 5...80, using: &generator), height: .random(in: 5...80, using: &generator))
            // Coarse merits, so that there are ties.
            return Item(box: box, merit: Double(Int.random(in: 0...20, using: &generator)) / 20)
        }
    }

    func testTheBetterOfTwoStays() {
        let low = Item(box: Box(x: 0, y: 0, width: 10, height: 10), merit: 0.6),
            high = Item(box: Box(x: 1, y: 0, width: 10, height: 10), merit: 0.9)
        XCTAssertEqual(keep([low, high], 0.5, .union), [high])
        XCTAssertEqual(keep([low, high], 0.9, .union), [high, low])
    }

    func testABoxInsideAnotherCountsWhollyByTheSmallerArea() {
        let large = Item(box: Box(x: 0, y: 0, width: 100, height: 100), merit: 0.9),
            inner = Item(box: Box(x: 40, y: 40, width: 10, height: 10), merit: 0.8)
        XCTAssertEqual(keep([large, inner], 0.7, .union).count, 2)
        XCTAssertEqual(keep([large, inner], 0.7, .minimum), [large])
        XCTAssertEqual(BoxSuppression.Measure.minimum.overlap(Box(x: 0, y: 0, width: 0, height: 5), large.box), 0)
    }

    func testKeptBoxesAreApartAndEveryOtherLiesOnABetterOne() {
        for seed in 1...6 as ClosedRange<UInt64> {
            for measure in [BoxSuppression.Measure.union, .minimum] {
                let all = items(150, seed: seed), kept = keep(all, 0.4, measure)
                for (index, a) in kept.enumerated() {
                    for b in kept[..<index] { XCTAssertLessThanOrEqual(measure.overlap(a.box, b.box), 0.4) }
                }
                for item in all where !kept.contains(item) {
                    XCTAssertTrue(kept.contains { $0.merit >= item.merit && measure.overlap($0.box, item.box) > 0.4 })
                }
                XCTAssertEqual(kept.map(\.merit), kept.map(\.merit).sorted(by: >))
            }
        }
    }

    func testTheOrderOfBoxesDoesNotMatter() {
        var generator = SplitMix64(seed: 9)
        let all = items(120, seed: 3), expected = keep(all, 0.3, .union)
        for _ in 0..<10 { XCTAssertEqual(keep(all.shuffled(using: &generator), 0.3, .union), expected) }
    }

    func testNothingInNothingOut() {
        XCTAssertEqual(keep([], 0.5, .union), [])
    }
}
