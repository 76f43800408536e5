@testable import Drawing
import Models
import Raster
import Settings

/// Bright rectangles on black, which the stand-in networks below take for faces.
func rectangles(_ boxes: [Box], width: Int, height: Int) -> Bitmap {
    Bitmap(width: width, height: height) { x, y in
        let inside = boxes.contains {
            Double(x) >= $0.x && Double(x) < $0.maxX && Double(y) >= $0.y && Double(y) < $0.maxY
        }
        return inside ? SIMD4(1, 1, 1, 1) : SIMD4(0, 0, 0, 1)
    }
}

/// Where the brightness of an n×n crop lies, to a fraction of a pixel: exact for one rectangle that lies within.
private struct Blob {
    /// Brightness per pixel, 0…1, x before y.
    private let values: [Float]
    private let side: Int

    init(_ values: [Float], side: Int) {
        self.values = values
        self.side = side
    }

    private func sum(_ x: Range<Int>, _ y: Range<Int>) -> Double {
        x.reduce(0.0) { sum, column in y.reduce(sum) { $0 + Double(values[column * side + $1]) } }
    }

    var mass: Double { sum(0..<side, 0..<side) }

    /// Whether nothing bright touches the crop's border.
    var isWhole: Bool {
        let end = side - 1
        return max(sum(0..<1, 0..<side), sum(end..<side, 0..<side), sum(0..<side, 0..<1), sum(0..<side, end..<side))
            < 1e-3
    }

    /// Shifts of left, top, right and bottom, in crop sides.
    var correction: [Float] {
        let columns = (0..<side).map { sum($0..<$0 + 1, 0..<side) },
            rows = (0..<side).map { sum(0..<side, $0..<$0 + 1) }
        func span(_ profile: [Double]) -> (Double, Double) {
            let total = profile.reduce(0, +)
            let centre = profile.enumerated().reduce(0.0) { $0 + (Double($1.offset) + 0.5) * $1.element } / total
            // A full column's sum is the rectangle's height, so its area over that is its width.
            let length = total / (profile.max() ?? 1)
            return (centre - length / 2, centre + length / 2)
        }
        let (left, right) = span(columns), (top, bottom) = span(rows)
        let n = Double(side)
        return [left / n, top / n, right / n - 1, bottom / n - 1].map(Float.init)
    }
}

private func brightness(_ values: ArraySlice<Float>) -> [Float] {
    // Undoes (255·v − 127.5) / 128.
    stride(from: values.startIndex, to: values.endIndex, by: 3).map { (values[$0] * 128 + 127.5) / 255 }
}

/// P-Net's stand-in: proposes each window that holds something bright wholly. Records the shapes it was given.
///
/// `@unchecked Sendable` holds because one test runs it from one thread at a time and reads what it kept afterwards.
final class ProposalStandIn: NeuralNetwork, @unchecked Sendable {
    let inputs: [TensorSpec] = [], outputs: [TensorSpec] = []
    private(set) var shapes: [[Int]] = []

    func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
        guard let picture = inputs["input_1"] else { throw StyleError.network(reason: "no input_1") }
        shapes.append(picture.shape)
        let (count, width, height) = (picture.shape[0], picture.shape[1], picture.shape[2])
        let light = brightness(picture.values[...])
        let columns = (width - 10) / 2, rows = (height - 10) / 2
        var boxes = Tensor(zeros: [count, columns, rows, 4]), odds = Tensor(zeros: [count, columns, rows, 2])
        let size = width * height
        for tile in 0..<count where light[tile * size..<(tile + 1) * size].contains(where: { $0 > 0.5 }) {
            for column in 0..<columns {
                for row in 0..<rows {
                    let first = tile * size + 2 * column * height + 2 * row
                    let isDark = (0..<12).allSatisfy { x in
                        light[(first + x * height)...].prefix(12).allSatisfy { $0 <= 0.5 }
                    }
                    guard !isDark else { continue }
                    let blob = Blob((0..<12).flatMap { light[(first + $0 * height)...].prefix(12) }, side: 12)
                    guard blob.isWhole, blob.mass > 10 else { continue }
                    let cell = (tile * columns + column) * rows + row
                    odds.values[2 * cell + 1] = 0.9
                    boxes.values.replaceSubrange(4 * cell..<4 * cell + 4, with: blob.correction)
                }
            }
        }
        return ["conv2d_4": boxes, "softmax": odds]
    }
}

/// R- and O-Net's stand-in: a crop with something bright is a face, its box the bright rectangle, its landmarks at
/// fixed shares of it.
///
/// `@unchecked Sendable` holds because one test runs it from one thread at a time and reads what it kept afterwards.
final class CropStandIn: NeuralNetwork, @unchecked Sendable {
    let inputs: [TensorSpec] = [], outputs: [TensorSpec] = []
    static let shares = [(0.28, 0.38), (0.72, 0.38), (0.5, 0.58), (0.32, 0.78), (0.68, 0.78)]
    private let input: String, boxes: String, landmarks: String?, odds: String
    /// Added to every number of the answer.
    var poison: Float = 0
    private(set) var shapes: [[Int]] = []

    static func rnet() -> CropStandIn {
        CropStandIn(input: "input_2", boxes: "dense_2", landmarks: nil, odds: "softmax_1")
    }
    static func onet() -> CropStandIn {
        CropStandIn(input: "input_3", boxes: "dense_5", landmarks: "dense_6", odds: "softmax_2")
    }

    init(input: String, boxes: String, landmarks: String?, odds: String) {
        self.input = input
        self.boxes = boxes
        self.landmarks = landmarks
        self.odds = odds
    }

    func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
        guard let crops = inputs[input] else { throw StyleError.network(reason: "no \(input)") }
        shapes.append(crops.shape)
        let (count, side) = (crops.shape[0], crops.shape[1])
        var results = [boxes: Tensor(zeros: [count, 4]), odds: Tensor(zeros: [count, 2])]
        if let landmarks { results[landmarks] = Tensor(zeros: [count, 10]) }
        for index in 0..<count {
            let size = side * side * 3
            let blob = Blob(brightness(crops.values[index * size..<(index + 1) * size]), side: side)
            guard blob.mass > 4, blob.mass < Double(side * side) * 1.01 else { continue }
            let shift = blob.correction
            results[boxes]?.values.replaceSubrange(4 * index..<4 * index + 4, with: shift.map { $0 + poison })
            results[odds]?.values[2 * index + 1] = Float(0.9 + 0.05 * min(1, blob.mass / Double(side * side))) + poison
            guard let landmarks else { continue }
            for (mark, share) in Self.shares.enumerated() {
                results[landmarks]?.values[10 * index + mark] =
                    shift[0] + Float(share.0) * (1 + shift[2] - shift[0]) + poison
                results[landmarks]?.values[10 * index + 5 + mark] =
                    shift[1] + Float(share.1) * (1 + shift[3] - shift[1]) + poison
            }
        }
        return results
    }
}
