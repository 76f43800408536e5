@testable import Drawing
import DrawingFixtures
import Raster
import Settings
import XCTest

/// A drawing put together band by band is the drawing.
final class BandTests: XCTestCase {
    private let photograph = waves(500, 421)
    private let left = face(SimilarityTransform(scale: 0.55, angle: 0.2, tx: 20, ty: 20))
    private let right = face(SimilarityTransform(scale: 0.5, angle: -0.3, tx: 170, ty: 120), score: 0.9)

    private func drawing(_ photograph: any RowSource, _ region: Region) throws -> Drawing {
        var options = StyleOptions()
        (options.region, options.strength) = (region, 0.7)
        let stylizer = Stylizer(
            detector: FixedDetector(found: [left, right]),
            generator: Generator(manifest: manifest(), network: EchoNetwork(lines: 0.5)))
        return try stylizer.draw(photograph, options: options)
    }

    func testBandsOfAnyHeightGiveTheSameBytes() throws {
        for region in Region.allCases {
            let drawing = try drawing(photograph, region)
            let picture = try drawing.picture(), overlay = try drawing.overlay(bands: 421),
                layers = try drawing.layers(bands: 421)
            for height in [1, 16, 100, 256] {
                XCTAssertEqual(try drawing.picture(bands: height), picture, "\(region), bands of \(height)")
                XCTAssertEqual(try drawing.overlay(bands: height), overlay, "\(region), bands of \(height)")
                let banded = try drawing.layers(bands: height)
                XCTAssertEqual(banded.flat, layers.flat, "\(region), bands of \(height)")
                XCTAssertEqual(banded.drawing, layers.drawing, "\(region), bands of \(height)")
            }
        }
    }

    func testAnErrorWhileABandIsTakenEndsIt() throws {
        struct Stop: Error {}
        let drawing = try drawing(photograph, .both)
        for last in [0, 64, 416] {
            var seen: [Int] = []
            XCTAssertThrowsError(
                try drawing.forEachBandOfPicture(ofHeight: 32) { first, _, _ in
                    seen.append(first)
                    if first == last { throw Stop() }
                }
            ) { XCTAssertTrue($0 is Stop) }
            XCTAssertEqual(seen, Array(stride(from: 0, through: last, by: 32)))
        }
    }

    func testAPartIsToTheBitWhatTheWholeIsThere() throws {
        for region in Region.allCases {
            let drawing = try drawing(photograph, region), picture = try drawing.picture()
            for (columns, rows) in [
                (0..<500, 0..<421), (40..<41, 60..<61), (100..<333, 17..<300), (499..<500, 0..<421),
            ] {
                let part = try drawing.part(PixelArea(columns: columns, rows: rows))
                XCTAssertEqual(
                    part.picture, picture.read(rows: rows, columns: columns), "\(region), \(columns), \(rows)")
                XCTAssertEqual(part.photograph, photograph.read(rows: rows, columns: columns))
            }
        }
    }

    func testAPhotographThatIsReadByBandsIsDrawnAsOneInMemory() throws {
        for (width, height, alpha) in [(500, 421, Float(1)), (500, 421, 0.4), (3100, 2400, 1)] {
            let whole = waves(width, height, alpha: alpha)
            let rows = CountingRows(whole)
            let banded = try drawing(rows, .both)
            XCTAssertEqual(
                try banded.picture(bands: 64), try drawing(whole, .both).picture(), "\(width)×\(height), alpha \(alpha)"
            )
            if width > 3000 { XCTAssertLessThan(rows.largest, width * height / 4, "nobody reads the whole") }
        }
    }
}

/// Remembers how many pixels were asked for at once.
///
/// `@unchecked Sendable` holds because a lock guards what changes.
final class CountingRows: RowSource, @unchecked Sendable {
    private let picture: Bitmap
    /// Under the lock.
    private var most = 0
    private let lock = NSLock()

    init(_ picture: Bitmap) { self.picture = picture }

    var width: Int { picture.width }
    var height: Int { picture.height }
    var largest: Int { lock.withLock { most } }

    func read(rows: Range<Int>, columns: Range<Int>) throws -> Bitmap {
        lock.withLock { most = max(most, rows.count * columns.count) }
        return picture.read(rows: rows, columns: columns)
    }
}
