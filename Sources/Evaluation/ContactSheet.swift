import Raster

/// Many small pictures on one sheet: each photograph with its drawing below.
public struct ContactSheet: Sendable {
    /// White until something is placed.
    public private(set) var picture: Bitmap
    private let count: Int
    private let columns: Int
    private let cell: Int
    private static let gap = 8

    /// - Parameters:
    ///   - count: of photographs.
    ///   - cell: side of the square that each picture is fitted into, in pixels.
    public init(count: Int, cell: Int = 320) {
        // As many columns as make the sheet about square.
        columns = max(1, Int(Double(2 * count).squareRoot()))
        self.cell = cell
        self.count = count
        let rows = max(1, (count + columns - 1) / columns)
        let (width, height) = (columns * (cell + Self.gap) + Self.gap, rows * (2 * cell + 2 * Self.gap) + Self.gap)
        picture = Bitmap(width: width, height: height, filledWith: SIMD4(1, 1, 1, 1))
    }

    /// - Parameter index: place on the sheet, row by row, from 0 to below the count; elsewhere nothing is placed.
    public mutating func place(_ photograph: Bitmap, _ drawing: Bitmap, at index: Int) {
        let (row, column) = index.quotientAndRemainder(dividingBy: columns)
        let left = Self.gap + column * (cell + Self.gap), top = Self.gap + row * (2 * cell + 2 * Self.gap)
        guard index >= 0, index < count else { return }
        let scale = Double(cell) / Double(photograph.longSide)
        let width = max(1, Int((Double(photograph.width) * scale).rounded())),
            height = max(1, Int((Double(photograph.height) * scale).rounded()))
        let x = left + (cell - width) / 2
        // Both touch the line between them, so that a pair is seen as one.
        put(areaResampled(photograph, width: width, height: height), x, top + cell - height)
        put(areaResampled(drawing, width: width, height: height), x, top + cell)
    }

    private mutating func put(_ small: Bitmap, _ x: Int, _ y: Int) {
        for j in 0..<small.height {
            for i in 0..<small.width {
                let pixel = small[i, j]
                picture[x + i, y + j] = pixel * pixel.w + SIMD4(repeating: 1 - pixel.w)
            }
        }
    }
}
