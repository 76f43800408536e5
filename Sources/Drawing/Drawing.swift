import Raster

/// What was drawn, before it is put together. It is put together some rows at a time, from the top, as often and in as
/// many ways as wanted.
public struct Drawing: Sendable {
    let pasteBack: PasteBack
    let plan: Plan
    /// The stages up to here.
    public let timings: [StageTiming]

    /// Faces that were drawn, in photograph coordinates, best score first.
    public var faces: [Face] { plan.faces }
    /// What the user should know.
    public var notices: [Notice] { plan.notices() }

    /// The same where only a part of the photograph is selected.
    ///
    /// - Parameter selection: of the photograph.
    public func notices(of selection: SelectedPart) -> [Notice] { plan.notices(of: selection) }

    /// Size of the photograph and of the result, in pixels.
    public var width: Int { pasteBack.photograph.width }
    /// Rows of the photograph.
    public var height: Int { pasteBack.photograph.height }

    /// Takes a band: its first row, the photograph's pixels and what was made of them.
    public typealias Receiver<Drawn> = (_ firstRow: Int, _ photograph: Bitmap, _ drawn: Drawn) throws -> Void

    /// The drawing over the photograph at the strength that was asked for; same size and alpha as the photograph.
    ///
    /// - Parameter height: rows of a band; `nil` for what suits the picture.
    /// - Throws: what reading the photograph throws, and what `body` throws.
    public func forEachBandOfPicture(ofHeight height: Int? = nil, _ body: Receiver<Bitmap>) throws {
        try pasteBack.forEachBand(ofHeight: height, pasteBack.composed) { try body($0.firstRow, $0.photograph, $1) }
    }

    /// The drawing at full strength, without the photograph; `w` is how much of it counts at each pixel, 0…1. Where
    /// nothing was drawn it has the photograph's colours. Parameters as those of `forEachBandOfPicture`.
    public func forEachBandOfOverlay(ofHeight height: Int? = nil, _ body: Receiver<Bitmap>) throws {
        try pasteBack.forEachBand(ofHeight: height, pasteBack.overlay) { try body($0.firstRow, $0.photograph, $1) }
    }

    /// The overlay with flat colour and lines apart. Parameters as those of `forEachBandOfPicture`.
    public func forEachBandOfLayers(ofHeight height: Int? = nil, _ body: Receiver<DrawnLayers>) throws {
        try pasteBack.forEachBand(ofHeight: height, pasteBack.layers) { try body($0.firstRow, $0.photograph, $1) }
    }

    /// The picture over a shrunken copy of the photograph.
    func picture(over copy: Bitmap) throws -> Bitmap {
        let shrink = Double(max(width, height)) / Double(copy.longSide)
        return try PasteBack(
            photograph: copy, whole: pasteBack.whole, faces: pasteBack.faces.map { $0.shrunk(by: shrink) },
            options: pasteBack.options
        ).render()
    }

    /// A part of the photograph and of the picture that was made of it, to the bit as in the whole picture.
    ///
    /// - Throws: what reading the photograph throws.
    public func part(_ area: PixelArea) throws -> (photograph: Bitmap, picture: Bitmap) {
        (
            try pasteBack.photograph.read(rows: area.rows, columns: area.columns),
            try pasteBack.render(rows: area.rows, columns: area.columns)
        )
    }

    /// The whole picture in memory, at 16 bytes a pixel.
    public func picture() throws -> Bitmap { try pasteBack.render() }
}
