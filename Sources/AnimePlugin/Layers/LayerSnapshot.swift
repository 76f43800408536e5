import CGimp
import Drawing
import Files
import Glibc
import Raster
import Settings
import Synchronization

/// A layer's pixels as they were when it was read, as the user sees them in sRGB but without its mask, in a temporary
/// file: GIMP listens to the main thread alone, and the drawing reads its photograph from others. A group's pixels are
/// those of its projection.
final class LayerSnapshot: RowSource {
    let width: Int
    let height: Int
    private let layout: BufferLayout
    private let encoding: PixelEncoding
    private let file: SampleFile

    fileprivate init(width: Int, height: Int, layout: BufferLayout, encoding: PixelEncoding, file: SampleFile) {
        (self.width, self.height, self.layout, self.encoding, self.file) = (width, height, layout, encoding, file)
    }

    var mayBeTransparent: Bool { layout.samples.hasAlpha }

    func read(rows: Range<Int>, columns: Range<Int>) throws -> Bitmap {
        let size = layout.samples.bytesPerPixel, failures = Atomic<Int>(0)
        var band = Bitmap(
            width: columns.count, height: rows.count,
            fill: { y, pixels in
                withUnsafeTemporaryAllocation(byteCount: columns.count * size, alignment: 16) { raw in
                    let place = ((rows.lowerBound + y) * width + columns.lowerBound) * size
                    guard let base = raw.baseAddress, file.read(raw, at: place) else {
                        failures.add(1, ordering: .relaxed)
                        return pixels.initialize(repeating: .zero)
                    }
                    layout.samples.unpack(base, to: pixels)
                }
            })
        guard failures.load(ordering: .relaxed) == 0 else { throw StyleError.noTemporaryRoom }
        encoding.convertToSRGB(&band)
        return band
    }

    /// Whether the layer has the same numbers in the same encoding now. Main thread only.
    /// - Throws: `PlugInError`, `StyleError.noTemporaryRoom`.
    func isStill(_ source: SourceLayer) throws -> Bool {
        let present = try PixelEncoding(image: source.image), pixels = try LayerPixels(of: source)
        guard (source.width, source.height) == (width, height), present.isSame(as: encoding),
            BufferLayout(of: pixels.buffer) == layout
        else { return false }
        return try withExtendedLifetime(pixels) {
            try PixelBands.rows(width: width, height: height).allSatisfy { rows in
                let size = width * layout.samples.bytesPerPixel, count = rows.count * size
                let before = UnsafeMutableRawPointer.allocate(byteCount: 2 * count, alignment: 16), now = before + count
                defer { before.deallocate() }
                let area = PixelBands.area(rows, width: width)
                PixelBands.read(pixels.buffer, area, format: layout.format, into: now)
                guard file.read(UnsafeMutableRawBufferPointer(start: before, count: count), at: rows.lowerBound * size)
                else { throw StyleError.noTemporaryRoom }
                return memcmp(before, now, count) == 0
            }
        }
    }
}

/// Takes a snapshot of a layer some rows at a time, so that a window stays alive meanwhile. Main thread only.
final class LayerSnapshotReader {
    private let source: SourceLayer
    private let encoding: PixelEncoding
    private let pixels: LayerPixels
    private let layout: BufferLayout
    private let file: SampleFile
    private var rest: ArraySlice<Range<Int>>

    /// - Throws: `PlugInError`, `StyleError.noTemporaryRoom`.
    init(_ source: SourceLayer) throws {
        self.source = source
        encoding = try PixelEncoding(image: source.image)
        pixels = try LayerPixels(of: source)
        layout = BufferLayout(of: pixels.buffer)
        file = try SampleFile()
        rest = PixelBands.rows(width: source.width, height: source.height)[...]
    }

    var isFinished: Bool { rest.isEmpty }

    /// Reads the next rows.
    /// - Throws: `StyleError.noTemporaryRoom`.
    func readBand() throws {
        guard let rows = rest.popFirst() else { return }
        let size = source.width * layout.samples.bytesPerPixel
        let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: rows.count * size, alignment: 16)
        defer { raw.deallocate() }
        PixelBands.read(
            pixels.buffer, PixelBands.area(rows, width: source.width), format: layout.format, into: raw.baseAddress)
        try file.write(UnsafeRawBufferPointer(raw), at: rows.lowerBound * size)
    }

    /// Reads what is left.
    /// - Throws: `StyleError.noTemporaryRoom`.
    func finish() throws -> LayerSnapshot {
        while !isFinished { try readBand() }
        return LayerSnapshot(width: source.width, height: source.height, layout: layout, encoding: encoding, file: file)
    }
}

/// A value of 0…1 for each pixel of a layer, row by row in a temporary file.
final class CoverageFile: Sendable {
    private let width: Int
    private let file: SampleFile

    /// - Throws: `StyleError.noTemporaryRoom`.
    init(width: Int) throws {
        self.width = width
        file = try SampleFile()
    }

    /// - Parameter values: whole rows.
    /// - Throws: `StyleError.noTemporaryRoom`.
    func write(_ values: [Float], firstRow: Int) throws {
        try values.withUnsafeBytes { try file.write($0, at: firstRow * width * MemoryLayout<Float>.size) }
    }

    /// - Throws: `StyleError.noTemporaryRoom`.
    func read(rows: Range<Int>) throws -> [Float] {
        try [Float](unsafeUninitializedCapacity: rows.count * width) { values, count in
            guard
                file.read(UnsafeMutableRawBufferPointer(values), at: rows.lowerBound * width * MemoryLayout<Float>.size)
            else {
                throw StyleError.noTemporaryRoom
            }
            count = rows.count * width
        }
    }

    /// A part of it.
    /// - Throws: `StyleError.noTemporaryRoom`.
    func plane(of area: PixelArea) throws -> Plane {
        let all = try read(rows: area.rows)
        let values = area.rows.indices.flatMap { row in
            let start = (row - area.rows.lowerBound) * width
            return all[start + area.columns.lowerBound..<start + area.columns.upperBound]
        }
        return Plane(width: area.columns.count, height: area.rows.count, values: values)
    }
}
