@testable import Drawing
import DrawingFixtures
import Models
import Raster
import Settings
import XCTest

/// The cascade with networks that see bright rectangles as faces, so that every coordinate on the way is known exactly.
final class MTCNNTests: XCTestCase {
    private let pnet = ProposalStandIn(), rnet = CropStandIn.rnet(), onet = CropStandIn.onet()
    private var detector: MTCNN { MTCNN(pnet: pnet, rnet: rnet, onet: onet) }

    private func assertFaces(
        _ found: [Face], are boxes: [Box], within tolerance: Double = 0.2, file: StaticString = #filePath,
        line: UInt = #line
    ) {
        XCTAssertEqual(found.count, boxes.count, file: file, line: line)
        for box in boxes {
            guard let face = found.max(by: { $0.box.overlap(box) < $1.box.overlap(box) }) else { continue }
            for (a, b) in [
                (face.box.x, box.x), (face.box.y, box.y), (face.box.maxX, box.maxX), (face.box.maxY, box.maxY),
            ] {
                XCTAssertEqual(a, b, accuracy: tolerance, "\(box)", file: file, line: line)
            }
            for (point, share) in zip(face.landmarks.points, CropStandIn.shares) {
                XCTAssertEqual(point.x, box.x + share.0 * box.width, accuracy: tolerance, file: file, line: line)
                XCTAssertEqual(point.y, box.y + share.1 * box.height, accuracy: tolerance, file: file, line: line)
            }
        }
    }

    func testFindsWhereFacesAreToAFractionOfAPixel() throws {
        let boxes = [
            Box(x: 31, y: 24, width: 26, height: 29), Box(x: 120, y: 90, width: 49, height: 52),
            Box(x: 251, y: 20, width: 24, height: 30),
        ]
        let found = try detector.faces(in: rectangles(boxes, width: 321, height: 247), minimumSize: 20)
        assertFaces(found, are: boxes)
        XCTAssertEqual(found.map(\.score), found.map(\.score).sorted(by: >))
    }

    func testAFaceMovesWithThePicture() throws {
        for (dx, dy) in [(0.0, 0.0), (1, 0), (0, 1), (7, 13), (50, 3)] {
            let box = Box(x: 20 + dx, y: 22 + dy, width: 40, height: 44)
            assertFaces(try detector.faces(in: rectangles([box], width: 150, height: 130), minimumSize: 24), are: [box])
        }
    }

    func testLargeFacesAreReadFromShrunkenLevels() throws {
        // One pixel of O-Net's crop is three of the picture.
        let box = Box(x: 175, y: 165, width: 151, height: 160)
        assertFaces(
            try detector.faces(in: rectangles([box], width: 501, height: 487), minimumSize: 100), are: [box], within: 1)
    }

    func testFacesSmallerThanTheMinimumAreLeftOut() throws {
        let small = Box(x: 20, y: 20, width: 26, height: 29), large = Box(x: 90, y: 30, width: 60, height: 64)
        let picture = rectangles([small, large], width: 190, height: 130)
        assertFaces(try detector.faces(in: picture, minimumSize: 20), are: [small, large])
        assertFaces(try detector.faces(in: picture, minimumSize: 40), are: [large])
        XCTAssertEqual(try detector.faces(in: picture, minimumSize: 80), [])
    }

    func testTilesCoverEveryWindowOnce() {
        for length in [12, 13, 500, 1034, 1035, 1046, 2058, 2059, 5000] {
            let starts = ProposalNetwork.tileStarts(length)
            let windows = starts.flatMap { start -> [Int] in
                let end = min(start + ProposalNetwork.tile, length)
                return Array(stride(from: start, through: end - ProposalNetwork.window, by: ProposalNetwork.step))
            }
            XCTAssertEqual(
                windows, Array(stride(from: 0, through: length - ProposalNetwork.window, by: ProposalNetwork.step)),
                "\(length)")
        }
    }

    func testPicturesGoThroughTheNetworkInTilesOfOneSize() throws {
        // Seen at 1 : 1, one face across the border between tiles and one in the next.
        let boxes = [Box(x: 950, y: 9, width: 20, height: 22), Box(x: 1070, y: 8, width: 20, height: 20)]
        let found = try detector.faces(in: rectangles(boxes, width: 1300, height: 40), minimumSize: 12)
        assertFaces(found, are: boxes)
        // What shows nothing is not looked at, so that one run holds the tiles of all levels but the two largest.
        XCTAssertEqual(pnet.shapes, [[8, 106, 106, 3], [8, 106, 106, 3]])
    }

    func testLargeLevelsAreLookedAtWhereSmallerOnesHaveAnInkling() throws {
        // Seen at 1 : 1; blue stripes show something everywhere, and the stand-in sees red alone.
        let side = 1152, boxes = [Box(x: 566, y: 470, width: 8, height: 8), Box(x: 950, y: 860, width: 9, height: 8)]
        func picture(_ boxes: [Box]) -> Bitmap {
            var picture = rectangles(boxes, width: side, height: side)
            picture.forEachRow { y, row in
                for x in row.indices where y % 32 < 16 { row[x].z = 0.5 }
            }
            return picture
        }
        XCTAssertEqual(try detector.faces(in: picture([]), minimumSize: 12), [])
        let without = pnet.shapes.count
        func tiles(_ side: Int) -> Int { (side / ProposalNetwork.stride) * (side / ProposalNetwork.stride) }
        XCTAssertLessThan(without * ProposalNetwork.batch, tiles(side) + tiles(side / 2))
        _ = try detector.faces(in: picture(boxes), minimumSize: 12)
        // Two faces are within few tiles.
        XCTAssertTrue((without + 1...without + 3).contains(pnet.shapes.count - without), "\(pnet.shapes.count)")
    }

    func testWhatShowsNothingIsNotLookedAt() throws {
        let faint = Bitmap.leastContrast * 0.9
        let sky = Bitmap(width: 300, height: 200) { x, y in
            // A gradient over the whole and grain on it.
            SIMD4(0.4 + Float(x) * 1e-4 + ((x * 7 + y * 3) % 5 == 0 ? faint / 2 : 0), 0.5, 0.8, 1)
        }
        XCTAssertFalse(sky.hasContrastedWindow)
        for (x, y) in [(0, 0), (299, 199), (150, 100)] {
            var picture = sky
            picture[x, y].y += 2 * Bitmap.leastContrast
            XCTAssertTrue(picture.hasContrastedWindow)
        }
        // A step that runs between two blocks, and pictures of less than one.
        for (width, step) in [(60, 32), (14, 7)] {
            XCTAssertTrue(
                Bitmap(width: width, height: 20) { x, _ in SIMD4(repeating: x < step ? 0.2 : 0.4) }.hasContrastedWindow)
        }
    }

    func testCropsRunInBatchesOfOneSize() throws {
        let boxes = (0..<40).map { (index: Int) -> Box in
            let (column, row) = (Double(index % 8), Double(index / 8))
            return Box(x: 20 + 60 * column, y: 18 + 60 * row, width: 26, height: 28)
        }
        assertFaces(try detector.faces(in: rectangles(boxes, width: 500, height: 330), minimumSize: 20), are: boxes)
        XCTAssertEqual(Set(rnet.shapes), [[64, 24, 24, 3]])
        XCTAssertEqual(Set(onet.shapes), [[16, 48, 48, 3]])
        XCTAssertGreaterThanOrEqual(onet.shapes.count, 3)
    }

    func testPicturesWithoutAFace() throws {
        let black = SIMD4<Float>(0, 0, 0, 1)
        for (width, height) in [(1, 1), (5, 300), (300, 5), (11, 11), (12, 12), (13, 47), (64, 64)] {
            XCTAssertEqual(
                try detector.faces(in: Bitmap(width: width, height: height, filledWith: black), minimumSize: 12), [])
        }
        for value in [Float.nan, .infinity, -.infinity, 1e30, -5] {
            let picture = Bitmap(width: 60, height: 50, filledWith: SIMD4(value, value, value, value))
            XCTAssertEqual(try detector.faces(in: picture, minimumSize: 12), [], "\(value)")
        }
    }

    func testAnyMinimumSizeIsAccepted() throws {
        let box = Box(x: 20, y: 22, width: 40, height: 44), picture = rectangles([box], width: 90, height: 90)
        for size in [Double.nan, -1, 0, 1, 12] {
            assertFaces(try detector.faces(in: picture, minimumSize: size), are: [box])
        }
        for size in [91, 1e9, Double.greatestFiniteMagnitude] {
            XCTAssertEqual(try detector.faces(in: picture, minimumSize: size), [])
        }
    }

    func testSinglePixelsThatAreNoNumbersDoNotHideTheRest() throws {
        let box = Box(x: 60, y: 22, width: 40, height: 44)
        var picture = rectangles([box], width: 130, height: 90)
        for x in 5..<30 { picture[x, 10] = SIMD4(.nan, .nan, .nan, 1) }
        assertFaces(try detector.faces(in: picture, minimumSize: 24), are: [box])
    }

    func testTransparentPixelsAreGray() throws {
        let shown = Box(x: 20, y: 22, width: 30, height: 34), hidden = Box(x: 80, y: 22, width: 30, height: 34)
        var picture = rectangles([shown, hidden], width: 140, height: 80)
        for y in 0..<80 { for x in 65..<140 { picture[x, y].w = 0 } }
        let network = RecordingNetwork()
        _ = try? MTCNN(pnet: network, rnet: rnet, onet: onet).faces(in: picture, minimumSize: 12)
        // The smaller levels come first, one in each tile: here the picture at half its size.
        let seen = try XCTUnwrap(network.input), side = ProposalNetwork.tile
        XCTAssertEqual(seen.shape, [ProposalNetwork.batch, side, side, 3])
        func value(_ x: Int, _ y: Int) -> Float { seen.values[3 * (x * side + y)] }
        for x in 34..<70 { for y in 0..<40 { XCTAssertEqual(value(x, y), 0, accuracy: 1e-6) } }
        XCTAssertEqual(value(16, 16), 127.5 / 128, accuracy: 1e-5)
        XCTAssertEqual(value(2, 2), -127.5 / 128, accuracy: 1e-5)
        XCTAssertEqual(value(80, 80), 0, "beyond the picture")
    }

    func testNumbersThatAreNoneInAnAnswerAreNoFace() throws {
        let picture = rectangles([Box(x: 20, y: 22, width: 40, height: 44)], width: 90, height: 90)
        for poison in [Float.nan, .infinity, -.infinity, 1e30] {
            for network in [rnet, onet] {
                network.poison = poison
                XCTAssertEqual(try detector.faces(in: picture, minimumSize: 24), [])
                network.poison = 0
            }
        }
        XCTAssertEqual(try detector.faces(in: picture, minimumSize: 24).count, 1)
    }

    func testAnAnswerOfAnotherFormIsAnError() {
        let picture = rectangles([Box(x: 20, y: 22, width: 40, height: 44)], width: 90, height: 90)
        let wrong = CropStandIn(input: "input_2", boxes: "dense_2", landmarks: nil, odds: "odds")
        for detector in [
            MTCNN(pnet: RecordingNetwork(), rnet: rnet, onet: onet), MTCNN(pnet: pnet, rnet: wrong, onet: onet),
            MTCNN(pnet: pnet, rnet: rnet, onet: RecordingNetwork()),
        ] {
            XCTAssertThrowsError(try detector.faces(in: picture, minimumSize: 24)) { error in
                guard case StyleError.network = error else { return XCTFail("\(error)") }
            }
        }
    }

    func testTheSamePictureGivesTheSameFaces() throws {
        let boxes = [Box(x: 31, y: 24, width: 26, height: 29), Box(x: 90, y: 30, width: 49, height: 52)]
        let picture = rectangles(boxes, width: 180, height: 120),
            first = try detector.faces(in: picture, minimumSize: 20)
        for _ in 0..<3 { XCTAssertEqual(try detector.faces(in: picture, minimumSize: 20), first) }
    }
}

/// Keeps the first input and answers nothing.
///
/// `@unchecked Sendable` holds because one test runs it from one thread at a time and reads what it kept afterwards.
private final class RecordingNetwork: NeuralNetwork, @unchecked Sendable {
    let inputs: [TensorSpec] = [], outputs: [TensorSpec] = []
    private(set) var input: Tensor?

    func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
        if input == nil { input = inputs.values.first }
        return [:]
    }
}
