import Raster
import XCTest

final class ShapeMaskTests: XCTestCase {
    private func shape(_ rows: [String]) -> ShapeMask {
        let pixels = rows.flatMap { Array($0) }
        return ShapeMask(width: rows[0].count, height: rows.count) { pixels[$0] == "#" }
    }

    func testASquareGrowsToTheEdgesAndADiscIsRound() {
        let dot = shape([".....", ".....", "..#..", ".....", "....."])
        XCTAssertEqual(dot.dilated(by: .square(1)), shape([".....", ".###.", ".###.", ".###.", "....."]))
        XCTAssertEqual(dot.dilated(by: .disc(2)), shape(["..#..", "#####", "#####", "#####", "..#.."]))
        XCTAssertEqual(dot.dilated(by: .square(9)).count, 25)
    }

    func testAPixelIsInAGrownShapeIfTheBrushAboutItMeetsTheShape() {
        let (width, height, radius) = (37, 23, 4)
        var random = SplitMix64(seed: 5)
        let inside = (0..<width * height).map { _ in random.next() % 20 == 0 }
        let grown = ShapeMask(width: width, height: height) { inside[$0] }.dilated(by: .disc(radius))
        for index in grown.values.indices {
            let near = inside.indices.contains { other in
                let (across, down) = (abs(index % width - other % width), abs(index / width - other / width))
                let half = down > radius ? -1 : Int(Double(radius * radius - down * down).squareRoot().rounded())
                return inside[other] && across <= half
            }
            XCTAssertEqual(grown[index], near)
        }
    }

    func testWhatLiesBeyondTheEdgeShrinksNothing() {
        let full = shape(["###", "###"])
        XCTAssertEqual(full.eroded(by: .square(2)), full)
        XCTAssertEqual(shape(["###", "##.", "###"]).eroded(by: .square(1)), shape(["#..", "#..", "#.."]))
    }

    func testClosingFillsGapsAndOpeningTakesThreads() {
        let broken = [".........", ".........", "...#.#...", ".........", "........."]
        let whole = [".........", ".........", "...###...", ".........", "........."]
        XCTAssertEqual(shape(broken).closed(by: .square(1)), shape(whole))
        XCTAssertEqual(
            shape(["###....", "#######", "###...."]).opened(by: .square(1)), shape(["###....", "###....", "###...."]))
    }

    func testSpecksAreCountedByTheirSides() {
        // Two that touch at a corner are apart; the hole is smaller than the area.
        let before = shape(["##....", "##....", "..#...", "...###", "...#.#", "...###"])
        XCTAssertEqual(
            before.withoutSpecks(below: 2), shape(["##....", "##....", "......", "...###", "...###", "...###"]))
    }

    func testABlurKeepsTheMeanAndOneValue() {
        var plane = Plane(width: 31, height: 21, filledWith: 0)
        plane[15, 10] = 1
        let blurred = plane.blurred(sigma: 2)
        XCTAssertEqual(blurred.values.reduce(0, +), 1, accuracy: 1e-4)
        XCTAssertEqual(blurred[15, 10], Float(1 / (2 * Double.pi * 4)), accuracy: 1e-3)
        XCTAssertEqual(blurred[13, 10], blurred[15, 8], accuracy: 1e-6)
        let even = Plane(width: 3, height: 2, filledWith: 0.7).blurred(sigma: 5)
        XCTAssertEqual(even.values.min() ?? 0, 0.7, accuracy: 1e-5)
        XCTAssertEqual(even.values.max() ?? 0, 0.7, accuracy: 1e-5)
    }

    func testALargePlaneIsBlurredAsEachOfItsPixels() {
        let (width, height, sigma) = (173, 211, 3.3), reach = 13
        let plane = Plane(
            width: width, height: height,
            values: (0..<width * height).map { Float(($0 * 7919) % 1009) / 1009 })
        let weights = (-reach...reach).map { Float(exp(-Double($0 * $0) / (2 * sigma * sigma))) }
        let total = weights.reduce(0, +)
        func mirrored(_ place: Int, _ count: Int) -> Int {
            place < 0 ? -place : place < count ? place : 2 * (count - 1) - place
        }
        let blurred = plane.blurred(sigma: sigma)
        for (x, y) in [(0, 0), (172, 210), (5, 46), (90, 47), (16, 48), (160, 94), (100, 141), (172, 188)] {
            var sum = Float(0)
            for down in -reach...reach {
                for across in -reach...reach {
                    sum +=
                        weights[down + reach] * weights[across + reach]
                        * plane[mirrored(x + across, width), mirrored(y + down, height)]
                }
            }
            XCTAssertEqual(blurred[x, y], sum / (total * total), accuracy: 1e-4, "\(x), \(y)")
        }
    }

    func testQuantilesLieBetweenValues() {
        XCTAssertEqual([Float]([3, 1, 2, 4]).median, 2.5)
        XCTAssertEqual([Float]([3, 1, 2]).quantile(0.25), 1.5)
        XCTAssertNil([Float]().median)
    }

    /// Where nothing is known, as between the features of a face, it is no dark.
    func testWhatHasNoWeightIsTheMeanAndNotDark() {
        let weight = Plane(width: 96, height: 96, values: (0..<96 * 96).map { $0 % 96 < 20 ? 1 : 0 })
        let values = Plane(width: 96, height: 96, values: (0..<96 * 96).map { $0 % 96 < 20 ? 60 : 3 })
        for sigma in [2.0, 7] {
            let smooth = values.smoothed(within: weight, sigma: sigma)
            for x in 0..<96 { XCTAssertEqual(smooth[x, 48], 60, accuracy: 0.5, "\(sigma) \(x)") }
        }
    }
}
