/// A photograph without transparency that can be looked at in any smaller scale without being held whole.
///
/// Level `n` has half the resolution of level `n − 1`, to the bit as in `Pyramid`. Levels are kept from the first one
/// that is small; what is asked of larger ones is read from the photograph's rows and halved there and then.
public struct Scene: Sendable {
    /// The photograph itself.
    public let rows: any RowSource
    /// Whether all of it is opaque and within 0…1.
    package let isClean: Bool
    private var firstHeld: Int
    private var held: [Bitmap]

    /// Most pixels of a level that is kept, at 16 bytes each; the levels above it add a third.
    public static let mostHeldPixels = 7_000_000

    /// Columns.
    public var width: Int { rows.width }
    /// Rows.
    public var height: Int { rows.height }
    /// Longer side in pixels.
    public var longSide: Int { max(width, height) }

    /// - Parameters:
    ///   - photograph: opaque everywhere.
    ///   - mostHeld: pixels of the largest level that is kept.
    /// - Throws: what reading it throws.
    public init(_ photograph: any RowSource, mostHeld: Int = Scene.mostHeldPixels) throws {
        var first = 0
        while Self.size(photograph, first).pixels > mostHeld, first < 8 { first += 1 }
        let size = Self.size(photograph, first)
        var isClean = true
        let picture = try Self.halved(photograph, times: first, rows: 0..<size.height, columns: 0..<size.width) {
            isClean = isClean && $0.isClean
        }
        (rows, firstHeld, self.isClean) = (first == 0 ? picture : photograph, first, isClean)
        held = Pyramid(picture).levels
    }

    /// The same picture without the levels that are kept: all that is asked for is read again.
    package var withoutLevels: Scene {
        var scene = self
        (scene.firstHeld, scene.held) = (firstHeld + held.count, [])
        return scene
    }

    /// The level to sample when one pixel of the destination covers `shrink` pixels of the photograph.
    func level(forShrink shrink: Double) -> Int {
        Pyramid.level(forShrink: shrink, of: firstHeld + held.count)
    }

    /// Columns and rows of a level.
    package func size(ofLevel level: Int) -> (width: Int, height: Int) {
        let size = Self.size(rows, level)
        return (size.width, size.height)
    }

    /// A part of a level, at most as high and wide as `size(ofLevel:)`; neither range is empty.
    package func part(ofLevel level: Int, rows: Range<Int>, columns: Range<Int>) throws -> Bitmap {
        guard level < firstHeld else { return held[level - firstHeld].read(rows: rows, columns: columns) }
        return try Self.halved(self.rows, times: level, rows: rows, columns: columns)
    }

    /// Calls `body` with a level that is kept; `nil` when it has to be read part by part.
    package func heldLevel(_ level: Int) -> Bitmap? {
        held.indices.contains(level - firstHeld) ? held[level - firstHeld] : nil
    }

    /// A level as rows.
    package func source(ofLevel level: Int) -> any RowSource {
        heldLevel(level) ?? LevelRows(scene: self, level: level)
    }

    /// A picture of `width` × `height` whose pixel at p shows the photograph at `map(p)`, pre-filtered where that
    /// shrinks.
    ///
    /// - Parameter map: from the new picture's coordinates to those of the photograph.
    public func warped(width: Int, height: Int, by map: SimilarityTransform, boundary: Boundary) throws -> Bitmap {
        let level = level(forShrink: map.scale)
        let toLevel = map.then(SimilarityTransform(scale: 1 / Double(1 << level)))
        var result = Bitmap(width: width, height: height)
        if let picture = heldLevel(level) {
            picture.withSampler(boundary) { result.fill(from: $0, by: toLevel) }
            return result
        }
        let size = size(ofLevel: level)
        let corners = [(0, 0), (width, 0), (0, height), (width, height)].map {
            toLevel.apply(Point(x: Double($0), y: Double($1)))
        }
        let columns = Sampler.reach(corners.map(\.x), of: size.width, boundary),
            rows = Sampler.reach(corners.map(\.y), of: size.height, boundary)
        let part = try part(ofLevel: level, rows: rows, columns: columns)
        part.withSampler(boundary, at: (columns.lowerBound, rows.lowerBound), of: size) {
            result.fill(from: $0, by: toLevel)
        }
        return result
    }

    // MARK: - Halving by bands

    private static func size(_ picture: any RowSource, _ level: Int) -> (width: Int, height: Int, pixels: Int) {
        func halved(_ length: Int) -> Int { (length + (1 << level) - 1) >> level }
        let (width, height) = (halved(picture.width), halved(picture.height))
        return (width, height, width * height)
    }

    /// A part of the picture's level `times`, of which no more than a band is held at full size.
    ///
    /// - Parameter look: shown each band before it is halved.
    package static func halved(
        _ picture: any RowSource, times: Int, rows: Range<Int>, columns: Range<Int>, look: (Bitmap) -> Void = { _ in }
    ) throws -> Bitmap {
        let side = 1 << times
        func spread(_ range: Range<Int>, _ limit: Int) -> Range<Int> {
            range.lowerBound * side..<min(range.upperBound * side, limit)
        }
        let across = spread(columns, picture.width)
        guard times > 0 else {
            let part = try picture.read(rows: rows, columns: columns)
            look(part)
            return part
        }
        // Bands begin at a whole pixel of the level, so that each of its pixels lies in one of them.
        let step = max(1, Bands.height(width: across.count) / side)
        let width = columns.count
        let pixels = try [SIMD4<Float>](count: rows.count * width) { all in
            for first in stride(from: rows.lowerBound, to: rows.upperBound, by: step) {
                let down = spread(first..<min(first + step, rows.upperBound), picture.height)
                var band = try picture.read(rows: down, columns: across)
                look(band)
                for _ in 1..<times { band = Pyramid.halved(band) }
                let (larger, start) = (band, (first - rows.lowerBound) * width)
                larger.pixels.withSharedBuffer { pixels in
                    parallelFor((larger.height + 1) / 2) { y in
                        Pyramid.halve(pixels, of: larger, y, into: all[start + y * width..<start + (y + 1) * width])
                    }
                }
            }
        }
        return Bitmap(width: width, height: rows.count, pixels: pixels)
    }
}

/// One level of a scene that is not kept.
private struct LevelRows: RowSource {
    let scene: Scene
    let level: Int

    var width: Int { scene.size(ofLevel: level).width }
    var height: Int { scene.size(ofLevel: level).height }

    func read(rows: Range<Int>, columns: Range<Int>) throws -> Bitmap {
        try scene.part(ofLevel: level, rows: rows, columns: columns)
    }
}

extension Bitmap {
    /// Whether all pixels are opaque and within 0…1.
    fileprivate var isClean: Bool {
        var rows = [Bool](repeating: false, count: height)
        let width = self.width
        pixels.withSharedBuffer { pixels in
            rows.withSharedMutableBuffer { rows in
                parallelFor(height) { y in
                    let least = SIMD4<Float>(0, 0, 0, 1), most = SIMD4<Float>(repeating: 1)
                    // What is not a number fails the comparisons.
                    var isClean = least .<= most
                    for index in y * width..<(y + 1) * width {
                        isClean = isClean .& (pixels[index] .>= least) .& (pixels[index] .<= most)
                    }
                    rows[y] = all(isClean)
                }
            }
        }
        return rows.allSatisfy { $0 }
    }
}
