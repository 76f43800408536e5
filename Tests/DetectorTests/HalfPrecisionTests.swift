import Drawing
@testable import Engine
import Models
import Raster
import Settings
import XCTest

/// Half precision's contract, on drawings of a real photograph: hardly a sample is more than two grey levels from
/// float32's.
///
/// Which arithmetic `automatic` is depends on the CPU (AMX, AVX512-BF16, or float32 where neither is), so each that the
/// engine can be told to use is tried; one that the CPU lacks is computed in float32.
final class HalfPrecisionTests: XCTestCase {
    private let arithmetics: [Arithmetic] = [.automatic, .bf16, .f16]

    func testDrawingsStayWithinTwoLevelsOfFloat32() throws {
        let photograph = try Parts.photo("astronaut.png")
        for model in try Parts.styles() {
            let exact = try drawing(photograph, model, .f32)
            XCTAssertGreaterThan(
                difference(exact, photograph).beyondTwo, 0.5,
                "\(model.manifest.id): a photograph left alone would agree too")
            for arithmetic in arithmetics {
                let half = difference(exact, try drawing(photograph, model, arithmetic))
                assertContract(half, "\(model.manifest.id), \(arithmetic)")
            }
        }
    }

    /// The network that is compiled for the size of a face once many faces have come rounds in its own way.
    func testTheNetworkOfAFacesSizeDrawsLikeThatOfEverySize() throws {
        let model = try XCTUnwrap(Parts.styles().first)
        let loader = OpenVINOLoader()
        let side = model.manifest.face.size
        let photograph = try Parts.photo("astronaut.png")
        XCTAssertEqual([photograph.width, photograph.height], [side, side])
        let fixed = FixedInput(name: model.manifest.input.name, shape: [1, 3, side, side])
        for arithmetic in arithmetics {
            let sizes: [FixedInput?] = [nil, fixed]
            let pictures = try sizes.map { size -> Bitmap in
                let network = try loader.network(file: model.path, arithmetic: arithmetic, fixed: size)
                return try Generator(manifest: model.manifest, network: network).paint(photograph).pixels
            }
            assertContract(difference(pictures[0], pictures[1]), "\(arithmetic)")
        }
    }

    private struct Difference {
        /// Share of the samples that differ by more than 2/255.
        var beyondTwo = 0.0
        var largest: Float = 0
    }

    /// 99.8 % within 2/255 and none beyond 16/255: decisions are taken in float32, outside the network.
    private func assertContract(_ found: Difference, _ what: String, line: UInt = #line) {
        XCTAssertLessThanOrEqual(found.beyondTwo, 0.002, what, line: line)
        XCTAssertLessThanOrEqual(found.largest, 16, what, line: line)
    }

    private func drawing(_ photograph: Bitmap, _ model: InstalledModel, _ arithmetic: Arithmetic) throws -> Bitmap {
        let network = try OpenVINOLoader().network(file: model.path, arithmetic: arithmetic)
        let stylizer = try Stylizer(
            detector: Parts.detector(), generator: Generator(manifest: model.manifest, network: network))
        return try stylizer.stylize(photograph, options: StyleOptions()).picture
    }

    /// Differences of red, green and blue in the levels of an 8-bit picture.
    private func difference(_ a: Bitmap, _ b: Bitmap) -> Difference {
        XCTAssertEqual([a.width, a.height], [b.width, b.height])
        var (two, largest) = (0, Float(0))
        for (p, q) in zip(a.pixels, b.pixels) {
            for channel in 0..<3 {
                let off = abs((p[channel] * 255).rounded() - (q[channel] * 255).rounded())
                if off > 2 { two += 1 }
                largest = max(largest, off)
            }
        }
        let count = Double(3 * a.pixels.count)
        return Difference(beyondTwo: Double(two) / count, largest: largest)
    }
}
