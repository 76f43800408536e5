import Raster

/// What was drawn, before it is put together.
public struct Drawing: Sendable {
    let pasteBack: PasteBack
    /// Faces that were drawn, in photograph coordinates, best score first.
    public let faces: [Face]
    public let notices: [Notice]
    /// The stages up to here.
    public let timings: [StageTiming]

    /// The drawing over the photograph at the strength that was asked for; same size and alpha as the photograph.
    public func picture() -> Bitmap { pasteBack.render() }

    /// The drawing at full strength, without the photograph; `w` is how much of it counts at each pixel, 0…1. Where nothing was drawn
    /// it has the photograph's colours.
    public func overlay() -> Bitmap { pasteBack.overlay() }

    /// The overlay with flat colour and lines apart.
    public func layers() -> DrawnLayers { pasteBack.layers() }
}
