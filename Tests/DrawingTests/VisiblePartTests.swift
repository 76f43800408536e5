@testable import Drawing
import DrawingFixtures
import Models
import Raster
import Settings
import XCTest

/// What is in a window in the photograph's own pixels is drawn and shown before the rest.
final class VisiblePartTests: XCTestCase {
    private let photograph = waves(900, 700)
    private let left = face(SimilarityTransform(scale: 0.5, angle: 0.2, tx: 60, ty: 20))
    private let right = face(SimilarityTransform(scale: 0.5, angle: -0.3, tx: 600, ty: 350), score: 0.9)
    private let onLeft = PixelArea(columns: 40..<260, rows: 60..<220)
    private let onRight = PixelArea(columns: 700..<880, rows: 400..<600)
    private let betweenThem = PixelArea(columns: 400..<440, rows: 500..<690)

    /// Runs of a network: the whole takes one for its gates and three for its tiles, each face one.
    private let all = 6

    /// What came, in its order.
    private enum Event: Equatable {
        /// The visible part, after so many runs of a network.
        case part(PixelArea, runs: Int)
        case copy(runs: Int)
    }

    /// Draws in the final quality while a window shows what `visible` says after so many runs of a network.
    private func draw(_ region: Region = .both, _ visible: @escaping (Int) -> PixelArea?) throws -> [Event] {
        let network = EchoNetwork(lines: 0.5)
        let stylizer = Stylizer(
            detector: FixedDetector(found: [left, right]),
            generator: Generator(manifest: manifest(), network: network))
        var options = StyleOptions()
        (options.region, options.strength, options.keepColors) = (region, 0.9, 0.3)
        let expected = try stylizer.stylize(photograph, options: options).picture
        let before = network.shapes.count
        func runs() -> Int { network.shapes.count - before }

        let renderer = try PreviewRenderer(copy: areaResampled(photograph, width: 450, height: 350), longSide: 900)
        renderer.photograph = photograph
        var events: [Event] = []
        let window = VisiblePart(area: { visible(runs()) }) { drawing, area in
            events.append(.part(area, runs: runs()))
            let part = try drawing.part(area).picture
            let place = SIMD2(area.columns.lowerBound, area.rows.lowerBound)
            let result = Bitmap(width: part.width, height: part.height) { expected[$0 + place.x, $1 + place.y] }
            XCTAssertEqual(part, result, "\(region), \(area): to the bit as in the result")
        }
        try renderer.draw(
            PreviewRequest(style: "echo", options: options, isMagnified: true), with: stylizer, quality: .final,
            visible: window, check: {}, show: { _ in events.append(.copy(runs: runs())) })
        XCTAssertEqual(try renderer.drawing?.picture(), expected)
        return events
    }

    func testFacesBeyondTheWindowAreDrawnAfterItIsShown() throws {
        XCTAssertEqual(try draw { _ in nil }, [.copy(runs: all)])
        for area in [onLeft, onRight] {
            XCTAssertEqual(try draw { _ in area }, [.part(area, runs: all - 1), .copy(runs: all)], "\(area)")
            XCTAssertEqual(try draw(.faces) { _ in area }, [.part(area, runs: 1), .copy(runs: 2)], "\(area)")
        }
        XCTAssertEqual(
            try draw { [betweenThem] _ in betweenThem }, [.part(betweenThem, runs: all - 2), .copy(runs: all)])
        let everything = PixelArea(columns: 0..<900, rows: 0..<700)
        XCTAssertEqual(try draw { _ in everything }, [.part(everything, runs: all), .copy(runs: all)])
    }

    func testWhatIsScrolledToComesNext() throws {
        let events = try draw { [onLeft, onRight] runs in runs == 0 ? onLeft : onRight }
        XCTAssertEqual(events, [.part(onRight, runs: all), .copy(runs: all)], "what was left behind is not waited for")
        let later = try draw { [onLeft, onRight, all] runs in runs < all ? onLeft : onRight }
        XCTAssertEqual(
            later, [.part(onLeft, runs: all - 1), .part(onRight, runs: all), .copy(runs: all)])
    }

    // MARK: - A finished drawing

    private func pixels(_ areas: [PixelArea]) -> [SIMD2<Int>] {
        areas.flatMap { area in area.rows.flatMap { y in area.columns.map { SIMD2($0, y) } } }
    }

    func testTheNewlyVisiblePartIsMadeBeforeTheBorder() throws {
        let window = PixelArea(columns: 40..<80, rows: 40..<60)
        let first = WindowStep.steps(to: window, from: nil, width: 200, height: 100)
        XCTAssertEqual(first.map(\.area), [window, PixelArea(columns: 30..<90, rows: 35..<65)])
        XCTAssertEqual(first.first?.new, [window])

        let made = try XCTUnwrap(first.last?.area)
        let near = PixelArea(columns: 45..<85, rows: 42..<62)
        let border = WindowStep.steps(to: near, from: made, width: 200, height: 100)
        XCTAssertEqual(border.map(\.area), [PixelArea(columns: 35..<95, rows: 37..<67)], "it is all there")

        let far = PixelArea(columns: 70..<110, rows: 50..<70)
        let scrolled = WindowStep.steps(to: far, from: made, width: 200, height: 100)
        XCTAssertEqual(scrolled.map(\.area), [far, PixelArea(columns: 60..<120, rows: 45..<75)])
        XCTAssertEqual(
            pixels(scrolled.first?.new ?? []).count, 40 * 20 - 20 * 15, "only what was not in the window's border")
        XCTAssertEqual(WindowStep.steps(to: far, from: made, hasBorder: false, width: 200, height: 100).count, 1)
    }

    func testStepsMakeEachPixelOnceAndKeepToThePicture() {
        var generator = SplitMix64(seed: 7)
        func range(_ length: Int) -> Range<Int> {
            let low = Int(generator.next() % UInt64(length - 1))
            return low..<low + 1 + Int(generator.next() % UInt64(length - low - 1))
        }
        for _ in 0..<200 {
            let (width, height) = (23, 17)
            let made = PixelArea(columns: range(width), rows: range(height))
            let visible = PixelArea(columns: range(width), rows: range(height))
            var there = made
            for step in WindowStep.steps(to: visible, from: made, width: width, height: height) {
                let new = pixels(step.new), whole = Set(pixels([step.area]))
                XCTAssertEqual(Set(new).count, new.count)
                XCTAssertTrue(Set(new).isSubset(of: whole))
                XCTAssertTrue(Set(new).isDisjoint(with: pixels([there])))
                XCTAssertTrue(whole.isSubset(of: Set(new).union(pixels([made, there]))), "the rest is there")
                there = step.area
            }
            XCTAssertTrue(there.contains(visible))
            XCTAssertTrue((0..<width).contains(there.columns.upperBound - 1))
        }
    }
}
