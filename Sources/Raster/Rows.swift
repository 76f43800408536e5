/// A picture that is read some rows at a time, so that nobody has to hold it whole.
public protocol RowSource: Sendable {
    /// Columns, at least 1.
    var width: Int { get }
    /// Rows, at least 1.
    var height: Int { get }
    /// Whether pixels may be transparent; `false` saves a look at all of them.
    var mayBeTransparent: Bool { get }

    /// Pixels of some rows and columns, in sRGB as in every `Bitmap`; colours outside sRGB lie outside 0…1. Safe to
    /// call from several threads, in any order and again; the same call gives the same pixels.
    /// - Parameters:
    ///   - rows: not empty, within 0..<height.
    ///   - columns: not empty, within 0..<width.
    /// - Throws: what the host says about pixels that are gone, such as a full disk.
    func read(rows: Range<Int>, columns: Range<Int>) throws -> Bitmap
}

extension RowSource {
    /// Unless the source knows better.
    public var mayBeTransparent: Bool { true }

    /// Whole rows.
    /// - Parameter rows: not empty, within 0..<height.
    public func read(rows: Range<Int>) throws -> Bitmap { try read(rows: rows, columns: 0..<width) }

    /// The whole picture, at 16 bytes a pixel.
    public func readAll() throws -> Bitmap { try read(rows: 0..<height, columns: 0..<width) }

    /// Calls `body` with one band after the other, from the top.
    /// - Parameter bandHeight: rows of a band, at least 1; the last one may have fewer. `nil` for what suits the
    ///   picture.
    public func forEachBand(ofHeight bandHeight: Int? = nil, _ body: (_ firstRow: Int, _ band: Bitmap) throws -> Void)
        throws
    {
        let bandHeight = bandHeight ?? Bands.height(width: width)
        for first in stride(from: 0, to: height, by: bandHeight) {
            try body(first, read(rows: first..<min(first + bandHeight, height)))
        }
    }
}

/// A picture each of whose pixels is seen in another way.
package struct ConvertedRows<Reading: PixelReading>: RowSource {
    @usableFromInline let picture: any RowSource

    package init(_ picture: any RowSource) { self.picture = picture }

    package var width: Int { picture.width }
    package var height: Int { picture.height }

    @inlinable
    package func read(rows: Range<Int>, columns: Range<Int>) throws -> Bitmap {
        var band = try picture.read(rows: rows, columns: columns)
        band.forEachRow { _, row in
            for x in row.indices { row[x] = Reading.read(row[x]) }
        }
        return band
    }
}

/// How pictures are cut into bands.
public enum Bands {
    /// Rows of a band that is large enough to be worth reading and small enough to be held several times: 256, fewer in
    /// wide pictures, about 8 to 16 MB.
    public static func height(width: Int) -> Int {
        var rows = 256
        while rows > 16, rows * width > 1_000_000 { rows /= 2 }
        return rows
    }
}

/// Where a picture goes some rows at a time.
public protocol RowSink {
    /// Takes the next rows from the top, sRGB and of the picture's full width; together they are the picture.
    /// - Throws: what keeps them from being stored.
    func write(_ band: Bitmap) throws
}

extension Bitmap: RowSource {
    /// A copy of that part.
    public func read(rows: Range<Int>, columns: Range<Int>) -> Bitmap {
        if columns == 0..<width, rows == 0..<height { return self }
        if columns == 0..<width {
            return Bitmap(
                width: width, height: rows.count,
                pixels: Array(pixels[rows.lowerBound * width..<rows.upperBound * width]))
        }
        return pixels.withSharedBuffer { pixels in
            Bitmap(
                width: columns.count, height: rows.count,
                fill: { y, row in
                    let first = (rows.lowerBound + y) * width + columns.lowerBound
                    for x in row.indices { row[x] = pixels[first + x] }
                })
        }
    }
}

/// Places within `reach` before and behind one, of `count` places; empty where they lie beyond those.
package func places(about place: Int, reach: Int, of count: Int) -> Range<Int> {
    let low = min(max(place - reach, 0), count)
    return low..<min(max(place + reach, low), count)
}
